"""Publish, reply, edit, delete, restore; hide and unhide for moderation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content.events import (
    EntryDeleted,
    EntryEdited,
    EntryHidden,
    EntryPublished,
    EntryRestored,
    EntryUnhidden,
    ReplyPublished,
)
from parvis.content.kinds import find_kind
from parvis.content.models import Attachment, Entry, Mention, Revision, ThreadFollow
from parvis.content.policy import can
from parvis.content.rendering import Text, render_text
from parvis.foundation.errors import Conflict, Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.models import StoredFile
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space

ATTACHMENT_LIMIT = 20


@dataclass(frozen=True)
class AttachmentDraft:
    """A file that somebody uploaded and now attaches."""

    file_id: UUID
    alternative_text: str = ""
    name: str = ""


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
    known = find_kind(kind)
    if known is None or not known.is_root:
        raise Invalid({"kind": [_("There is no such kind of entry.")]})
    if existing := _written_before(author, id):
        return existing
    if not spaces_policy.can(author, "post", space):
        raise Forbidden
    text = _render(author, space, title=title, body=body, attachments=attachments)
    if known.needs_title and not text.title:
        raise Invalid({"title": [_("Give it a title.")]})
    with transaction.atomic():
        entry = _insert(text, id=id, author=author, space=space, kind=kind)
        _attach(entry, author, attachments)
        record(
            EntryPublished(
                actor_id=author.id,
                entry_id=entry.id,
                space_id=space.id,
                thread_id=entry.id,
                author_name=author.full_name,
                kind=kind,
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
    if existing := _written_before(author, id):
        return existing
    if not can(author, "reply", to):
        raise Forbidden
    text = _render(author, to.space, title="", body=body, attachments=attachments)
    with transaction.atomic():
        entry = _insert(
            text, id=id, author=author, space=to.space, kind="comment", thread_id=to.root_id, reply_to=to
        )
        _attach(entry, author, attachments)
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
            )
        )
    return entry


def _written_before(author: Person, id: UUID | None) -> Entry | None:
    """Return what an earlier try of the same request already wrote."""
    if id is None:
        return None
    found: Entry | None = Entry.objects.filter(pk=id, author=author).select_related("space").first()
    return found


def _render(
    author: Person,
    space: Space,
    *,
    title: str,
    body: str,
    attachments: Sequence[AttachmentDraft | Attachment],
) -> Text:
    text = render_text(organization=author.organization, space=space, title=title, body=body)
    if not text.body and not text.title and not attachments:
        raise Invalid({"body": [_("Write something, or attach a file.")]})
    return text


def _insert(text: Text, *, id: UUID | None, author: Person, **fields: Any) -> Entry:
    try:
        with transaction.atomic():
            entry: Entry = Entry.objects.create(
                id=id or new_id(), author=author, title=text.title, **_columns(text), **fields
            )
    except IntegrityError as error:
        # An id taken elsewhere, even in another organization, gets the same answer.
        if existing := _written_before(author, id):
            return existing
        raise Invalid({"id": [_("This id is taken: choose another one.")]}) from error
    Mention.objects.bulk_create([Mention(entry=entry, person=person) for person in text.mentioned])
    # Whoever takes part follows, unless they muted the thread before.
    ThreadFollow.objects.get_or_create(thread_id=entry.root_id, person=author)
    return entry


def _columns(text: Text) -> dict[str, Any]:
    return {
        "body": text.body,
        "body_html": text.html,
        "body_text": text.text,
        "render_version": text.render_version,
    }


def _attach(entry: Entry, author: Person, drafts: Sequence[AttachmentDraft]) -> None:
    """Attach the author's own uploads, in the order given; anybody else's file id is simply unknown."""
    if not drafts:
        return
    if len(drafts) > ATTACHMENT_LIMIT:
        raise Invalid({"attachments": [_("At most %(limit)s files at once.") % {"limit": ATTACHMENT_LIMIT}]})
    wanted = [draft.file_id for draft in drafts]
    files = {file.id: file for file in StoredFile.objects.filter(id__in=wanted)}
    kept = set(entry.attachments.values_list("file_id", flat=True))
    for draft in drafts:
        file = files.get(draft.file_id)
        if file is None or (file.created_by_id != author.id and file.id not in kept):
            raise Invalid({"attachments": [_("One of the files was not found: attach it again.")]})
    entry.attachments.all().delete()
    Attachment.objects.bulk_create(
        Attachment(
            entry=entry,
            file=files[draft.file_id],
            name=draft.name or files[draft.file_id].name,
            alternative_text=draft.alternative_text[:500],
            position=position,
        )
        for position, draft in enumerate(drafts)
    )


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
        text = _render(editor, entry.space, title=title, body=body, attachments=remaining)
        if attachments is None and (text.title, text.body) == (current.title, current.body):
            return entry
        _keep_revision(current, editor)
        for name, value in {**_columns(text), "title": text.title}.items():
            setattr(entry, name, value)
        entry.version, entry.edited_at = current.version + 1, timezone.now()
        entry.save(update_fields=[*_columns(text), "title", "version", "edited_at"])
        if attachments is not None:
            _replace_attachments(entry, editor, attachments)
        _mention_newcomers(entry, text.mentioned)
        record(EntryEdited(actor_id=editor.id, version=entry.version, **_place(entry)))
    return entry


def _replace_attachments(entry: Entry, editor: Person, drafts: Sequence[AttachmentDraft]) -> None:
    if drafts:
        _attach(entry, editor, drafts)
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


def _mention_newcomers(entry: Entry, mentioned: list[Person]) -> None:
    Mention.objects.filter(entry=entry).exclude(person__in=mentioned).delete()
    Mention.objects.bulk_create(
        [Mention(entry=entry, person=person) for person in mentioned], ignore_conflicts=True
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
        for name, value in {**_columns(text), "title": text.title}.items():
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
