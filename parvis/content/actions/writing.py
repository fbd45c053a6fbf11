"""Publish, reply, edit, delete, restore; hide and unhide for moderation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content.actions.publication import check_title, publish_draft, root_kind, save_draft
from parvis.content.actions.texts import (
    AttachmentDraft,
    attach,
    columns,
    insert,
    point_again,
    rendered,
    written_before,
)
from parvis.content.events import (
    EntryDeleted,
    EntryEdited,
    EntryHidden,
    EntryPublished,
    EntryRestored,
    EntryUnhidden,
    ReplyPublished,
)
from parvis.content.hashtags import keys_of
from parvis.content.models import Entry, Revision
from parvis.content.policy import can, may_start
from parvis.content.rendering import render_text
from parvis.foundation.errors import Conflict, Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people.models import Person
from parvis.spaces.models import Space


def publish(
    *,
    author: Person,
    space: Space,
    body: str,
    title: str = "",
    kind: str = "post",
    attachments: Sequence[AttachmentDraft] = (),
    id: UUID | None = None,
) -> Entry:
    """Start a thread in a space. The same `id` twice is the same entry once; `Invalid` if it is somebody else's."""
    known = root_kind(kind)
    existing = written_before(author, id)
    if existing is not None and existing.is_unpublished:
        # What was kept as a draft under this id is published as it is now.
        draft = save_draft(
            author=author, space=space, body=body, title=title, kind=kind, attachments=attachments, id=id
        )
        return publish_draft(actor=author, entry=draft)
    if existing is not None:
        return existing
    if not may_start(author, known, space):
        raise Forbidden
    text = rendered(author, space, title=title, body=body, attachments=attachments)
    check_title(known, text.title)
    with transaction.atomic():
        entry = insert(text, id=id, author=author, space=space, kind=kind)
        attach(entry, author, attachments)
        record(
            EntryPublished(
                actor_id=author.id,
                entry_id=entry.id,
                space_id=space.id,
                thread_id=entry.id,
                author_name=author.full_name,
                kind=kind,
                hashtags=keys_of(text.hashtags),
                has_mentions=bool(text.mentioned),
                has_links=text.has_links,
                may_cite=text.may_cite,
            )
        )
    return entry


def reply(
    *,
    author: Person,
    to: Entry,
    body: str,
    attachments: Sequence[AttachmentDraft] = (),
    id: UUID | None = None,
) -> Entry:
    """Answer an entry at any depth: the thread's activity moves, its author and the answered hear of it."""
    if existing := written_before(author, id):
        return existing
    if not can(author, "reply", to):
        raise Forbidden
    text = rendered(author, to.space, title="", body=body, attachments=attachments)
    with transaction.atomic():
        entry = insert(
            text, id=id, author=author, space=to.space, kind="comment", thread_id=to.root_id, reply_to=to
        )
        attach(entry, author, attachments)
        Entry.objects.filter(pk=entry.root_id).update(
            reply_count=F("reply_count") + 1, activity_at=entry.published_at
        )
        record(
            ReplyPublished(
                actor_id=author.id,
                entry_id=entry.id,
                space_id=entry.space_id,
                thread_id=entry.root_id,
                reply_to_id=to.id,
                author_name=author.full_name,
                hashtags=keys_of(text.hashtags),
                has_mentions=bool(text.mentioned),
                has_links=text.has_links,
                may_cite=text.may_cite,
            )
        )
    return entry


def edit_entry(
    *,
    editor: Person,
    entry: Entry,
    body: str,
    expected_version: int,
    title: str = "",
    attachments: Sequence[AttachmentDraft] | None = None,
) -> Entry:
    """Change what an entry says, keeping what it said.

    `Conflict` (with the current entry) when it changed since `expected_version` was read: nothing is lost,
    the editor compares and decides. `attachments=None` leaves the files as they are.
    """
    if not can(editor, "edit", entry):
        raise Forbidden
    with transaction.atomic():
        current: Entry = Entry.objects.select_for_update().get(pk=entry.pk)
        if current.version != expected_version:
            raise Conflict(_("Somebody changed this text in the meantime."), current=current)
        remaining = list(current.attachments.all()) if attachments is None else attachments
        text = rendered(editor, entry.space, title=title, body=body, attachments=remaining)
        if attachments is None and (text.title, text.body) == (current.title, current.body):
            return entry
        if not current.is_unpublished:
            _keep_revision(current, editor)
        for name, value in {**columns(text), "title": text.title}.items():
            setattr(entry, name, value)
        entry.version = current.version + 1
        entry.edited_at = None if current.is_unpublished else timezone.now()
        entry.save(update_fields=[*columns(text), "title", "version", "edited_at"])
        if attachments is not None:
            _replace_attachments(entry, editor, attachments)
        point_again(entry, text)
        # Nobody but those who work on it may hear of a text that is not published.
        if not current.is_unpublished:
            record(EntryEdited(actor_id=editor.id, version=entry.version, **_place(entry)))
    return entry


def _replace_attachments(entry: Entry, editor: Person, drafts: Sequence[AttachmentDraft]) -> None:
    if drafts:
        attach(entry, editor, drafts)
    else:
        entry.attachments.all().delete()


def _keep_revision(entry: Entry, editor: Person) -> None:
    Revision.objects.create(
        entry=entry,
        version=entry.version,
        title=entry.title,
        body=entry.body,
        editor=editor,
        written_at=entry.edited_at or entry.published_at,
    )


def delete_entry(*, actor: Person, entry: Entry) -> None:
    """Leave a tombstone: the text moves to the history, so that nothing can show it and `restore_entry` can bring it back."""
    if not can(actor, "delete", entry):
        raise Forbidden
    with transaction.atomic():
        current: Entry = Entry.objects.select_for_update().get(pk=entry.pk)
        if current.is_deleted:
            return
        _keep_revision(current, actor)
        entry.state, entry.deleted_at, entry.version = (
            Entry.State.DELETED,
            timezone.now(),
            current.version + 1,
        )
        entry.title = entry.body = entry.body_html = entry.body_text = ""
        entry.save(
            update_fields=["state", "deleted_at", "version", "title", "body", "body_html", "body_text"]
        )
        _count_replies(entry, -1)
        record(EntryDeleted(actor_id=actor.id, **_place(entry)))


def restore_entry(*, actor: Person, entry: Entry) -> Entry:
    """Undo a deletion: the author or a host gets the last text back."""
    if not can(actor, "restore", entry):
        raise Forbidden
    with transaction.atomic():
        last = Revision.objects.filter(entry=entry).order_by("-version").first()
        if last is None:
            raise Invalid({"entry": [_("The text of this entry has been erased.")]})
        text = render_text(
            organization=actor.organization, space=entry.space, title=last.title, body=last.body
        )
        for name, value in {**columns(text), "title": text.title}.items():
            setattr(entry, name, value)
        entry.state, entry.deleted_at, entry.version = Entry.State.PUBLISHED, None, entry.version + 1
        entry.save()
        last.delete()
        _count_replies(entry, +1)
        record(EntryRestored(actor_id=actor.id, **_place(entry)))
    return entry


def hide_entry(*, actor: Person, entry: Entry) -> None:
    """Take an entry out of sight for everybody, pending a decision: moderation authorises, this carries out."""
    _change_visibility(entry, to=Entry.State.HIDDEN)
    record(EntryHidden(actor_id=actor.id, **_place(entry)))


def unhide_entry(*, actor: Person, entry: Entry) -> None:
    """Give a hidden entry back to its readers."""
    _change_visibility(entry, to=Entry.State.PUBLISHED)
    record(EntryUnhidden(actor_id=actor.id, **_place(entry)))


def _change_visibility(entry: Entry, *, to: str) -> None:
    with transaction.atomic():
        changed = Entry.objects.filter(pk=entry.pk).exclude(state=to).update(state=to)
        if changed:
            entry.state = to
            _count_replies(entry, +1 if to == Entry.State.PUBLISHED else -1)


def _count_replies(entry: Entry, step: int) -> None:
    if entry.thread_id is not None:
        Entry.objects.filter(pk=entry.thread_id).update(reply_count=F("reply_count") + step)


def _place(entry: Entry) -> dict[str, Any]:
    return {"entry_id": entry.id, "space_id": entry.space_id, "thread_id": entry.root_id}
