"""Drafts, scheduled entries, and the moment at which they are published. One mechanism for every kind.

The state lives in the row: a draft waits for its author, a scheduled entry for `publish_at`. Nobody hears of
either before `EntryPublished` is recorded, which is when followers, notifications and live streams hear.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content.actions.texts import (
    AttachmentDraft,
    attach,
    columns,
    id_taken,
    insert,
    point_again,
    rendered,
    written_before,
)
from parvis.content.events import DraftChanged, EntryPublished, PublicationFailed
from parvis.content.kinds import Kind, find_kind
from parvis.content.models import Entry
from parvis.content.policy import can, may_start
from parvis.content.rendering import Text, render_text
from parvis.foundation.errors import DomainError, Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people.models import Person
from parvis.spaces.models import Space

# Later than this, one has made a mistake in the year.
LATEST = timedelta(days=400)


def save_draft(
    *,
    author: Person,
    space: Space,
    body: str,
    title: str = "",
    kind: str = "post",
    attachments: Sequence[AttachmentDraft] = (),
    id: UUID | None = None,
) -> Entry:
    """Keep a text that is not published yet; again with the same `id`, keep its newer state. It may be empty."""
    known = root_kind(kind)
    existing = written_before(author, id)
    if existing is not None and not existing.is_unpublished:
        # A late keystroke of a text that has been published meanwhile.
        return existing
    if existing is not None and existing.kind != kind:
        # An announcement's draft does not become a post with other words.
        raise id_taken()
    if not may_start(author, known, space):
        raise Forbidden
    with transaction.atomic():
        if existing is not None:
            return _rewrite(existing, author, space, title=title, body=body, attachments=attachments)
        text = render_text(organization=author.organization, space=space, title=title, body=body)
        entry = insert(text, id=id, author=author, space=space, kind=kind, state=Entry.State.DRAFT)
        attach(entry, author, attachments)
        _tell_author(entry, author)
    return entry


def _rewrite(
    entry: Entry,
    editor: Person,
    space: Space,
    *,
    title: str,
    body: str,
    attachments: Sequence[AttachmentDraft],
) -> Entry:
    text = render_text(organization=editor.organization, space=space, title=title, body=body)
    for name, value in {**columns(text), "title": text.title}.items():
        setattr(entry, name, value)
    entry.space, entry.version = space, entry.version + 1
    entry.save()
    point_again(entry, text)
    if attachments:
        attach(entry, editor, attachments)
    else:
        entry.attachments.all().delete()
    return entry


def publish_draft(*, actor: Person, entry: Entry) -> Entry:
    """Let a draft, or a scheduled entry before its hour, be read now."""
    if not can(actor, "publish", entry):
        raise Forbidden
    with transaction.atomic():
        current = _waiting(entry)
        return _publish(current, actor) if current is not None else entry


def schedule(*, actor: Person, entry: Entry, at: datetime) -> Entry:
    """Publish a draft later, by itself; `Invalid` for an hour that has passed or a text that cannot be published."""
    if not can(actor, "publish", entry):
        raise Forbidden
    if not timezone.now() < at < timezone.now() + LATEST:
        raise Invalid({"publish_at": [_("Choose a time to come, within a year.")]})
    _complete_text(entry)
    return _wait(entry, actor, state=Entry.State.SCHEDULED, publish_at=at)


def unschedule(*, actor: Person, entry: Entry) -> Entry:
    """Make a scheduled entry a draft again."""
    if not can(actor, "publish", entry):
        raise Forbidden
    return _wait(entry, actor, state=Entry.State.DRAFT, publish_at=None)


def _wait(entry: Entry, actor: Person, *, state: str, publish_at: datetime | None) -> Entry:
    with transaction.atomic():
        changed = Entry.objects.filter(pk=entry.pk, state__in=Entry.UNPUBLISHED).update(
            state=state, publish_at=publish_at
        )
        if changed:
            entry.state, entry.publish_at = state, publish_at
            _tell_author(entry, actor)
    return entry


def discard_draft(*, actor: Person, entry: Entry) -> None:
    """Throw an unpublished text away for good: nobody has read it, so nothing remains."""
    if not can(actor, "discard", entry):
        raise Forbidden
    with transaction.atomic():
        if _waiting(entry) is not None:
            _tell_author(entry, actor)
            Entry.objects.filter(pk=entry.pk).delete()


def publish_due() -> int:
    """Publish what is due in the bound organization; what cannot be published is a draft again, and says so."""
    due = Entry.objects.filter(state=Entry.State.SCHEDULED, publish_at__lte=timezone.now())
    published = 0
    for entry in due.select_for_update(skip_locked=True, of=("self",)).order_by("publish_at", "id")[:200]:
        published += _publish_due_one(entry)
    return published


def _publish_due_one(entry: Entry) -> bool:
    author, kind = entry.author, find_kind(entry.kind)
    try:
        if kind is None or not may_start(author, kind, entry.space):
            raise Forbidden
        with transaction.atomic():
            _publish(entry, author)
    except DomainError:
        _wait(entry, author, state=Entry.State.DRAFT, publish_at=None)
        record(PublicationFailed(entry_id=entry.id, person_id=author.id))
        return False
    return True


def _publish(entry: Entry, actor: Person) -> Entry:
    """Render anew, since readers may have changed, and tell everybody concerned."""
    author, text = entry.author, _complete_text(entry)
    for name, value in columns(text).items():
        setattr(entry, name, value)
    entry.state, entry.published_at = Entry.State.PUBLISHED, timezone.now()
    entry.activity_at = entry.published_at
    entry.save()
    point_again(entry, text)
    record(
        EntryPublished(
            actor_id=actor.id,
            entry_id=entry.id,
            space_id=entry.space_id,
            thread_id=entry.id,
            author_name=author.full_name,
            kind=entry.kind,
            hashtags=tuple(entry.hashtags.values_list("key", flat=True)),
            has_mentions=bool(text.mentioned),
            has_links=text.has_links,
            may_cite=text.may_cite,
        )
    )
    return entry


def _complete_text(entry: Entry) -> Text:
    """Render what waits for whoever can read its space now; refuse what a reader could not make sense of."""
    kept = list(entry.attachments.all())
    text = rendered(entry.author, entry.space, title=entry.title, body=entry.body, attachments=kept)
    check_title(root_kind(entry.kind), text.title)
    return text


def check_title(kind: Kind, title: str) -> None:
    """Refuse a kind that needs a headline without one."""
    if kind.needs_title and not title:
        raise Invalid({"title": [_("Give it a title.")]})


def root_kind(name: str) -> Kind:
    """Return the kind of that name which starts a thread; `Invalid` when there is none."""
    known = find_kind(name)
    if known is None or not known.is_root:
        raise Invalid({"kind": [_("There is no such kind of entry.")]})
    return known


def _waiting(entry: Entry) -> Entry | None:
    """Lock an entry that still waits; None when it has been published or discarded meanwhile."""
    rows = Entry.objects.filter(pk=entry.pk, state__in=Entry.UNPUBLISHED).select_related("author", "space")
    found: Entry | None = rows.select_for_update(of=("self",)).first()
    return found


def _tell_author(entry: Entry, actor: Person) -> None:
    record(DraftChanged(actor_id=actor.id, entry_id=entry.id, person_id=entry.author_id))
