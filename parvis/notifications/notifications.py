"""The recipes: event → who hears of it. Audience ∩ followers − actor, one line per person and thread."""

from __future__ import annotations

from uuid import UUID

from parvis.content.events import EntryEdited, EntryEvent, EntryPublished, ReplyPublished
from parvis.content.models import Entry, Mention
from parvis.content.queries import audience_of, thread_members
from parvis.foundation.events import on
from parvis.notifications.actions import notify
from parvis.notifications.models import Notification
from parvis.spaces.events import InvitedToSpace, JoinRequestAnswered, JoinRequested, RoleChanged
from parvis.spaces.models import Membership

Reason = Notification.Reason


@on(EntryPublished, EntryEdited)
def tell_the_mentioned(event: EntryEvent) -> None:
    """Whoever is named, and can read it, hears of it; an edit tells only those whom it newly names."""
    entry = _published(event.entry_id)
    if entry is None:
        return
    told = set()
    if isinstance(event, EntryEdited):
        earlier = Notification.objects.filter(entry=entry, subject=_subject(entry))
        told = set(earlier.values_list("person_id", flat=True))
    _tell(entry, _mentioned(entry) - told, Reason.MENTION)


@on(ReplyPublished)
def tell_the_thread(event: ReplyPublished) -> None:
    """The mentioned, then whoever follows the thread; nobody twice, and nobody who muted it unless mentioned."""
    entry = _published(event.entry_id)
    if entry is None:
        return
    mentioned = _mentioned(entry)
    followers = set(thread_members(event.thread_id).values_list("person_id", flat=True))
    readers = set(audience_of(entry).filter(id__in=followers).values_list("id", flat=True))
    _tell(entry, mentioned, Reason.MENTION)
    _tell(entry, readers - mentioned, Reason.REPLY)


def _published(entry_id: UUID) -> Entry | None:
    found: Entry | None = (
        Entry.objects.filter(pk=entry_id, state=Entry.State.PUBLISHED).select_related("space").first()
    )
    return found


def _mentioned(entry: Entry) -> set[UUID]:
    named = Mention.objects.filter(entry=entry).values("person_id")
    return set(audience_of(entry).filter(id__in=named).values_list("id", flat=True))


def _subject(entry: Entry) -> str:
    return f"thread:{entry.root_id}"


def _tell(entry: Entry, recipients: set[UUID], reason: str) -> None:
    notify(
        recipients=recipients,
        subject=_subject(entry),
        reason=reason,
        actor_id=entry.author_id,
        entry_id=entry.id,
    )


@on(JoinRequested)
def tell_the_hosts(event: JoinRequested) -> None:
    """Hosts hear of requests, grouped by space."""
    notify(
        recipients=event.host_ids,
        subject=f"requests:{event.space_id}",
        reason=Reason.JOIN_REQUEST,
        actor_id=event.person_id,
        space_id=event.space_id,
    )


@on(JoinRequestAnswered)
def tell_the_applicant(event: JoinRequestAnswered) -> None:
    """Who asked hears the answer."""
    notify(
        recipients=[event.person_id],
        subject=f"answer:{event.space_id}",
        reason=Reason.JOIN_ACCEPTED if event.is_accepted else Reason.JOIN_DECLINED,
        actor_id=event.actor_id,
        space_id=event.space_id,
    )


@on(InvitedToSpace)
def tell_the_invited(event: InvitedToSpace) -> None:
    """Who is invited into a space hears of it."""
    notify(
        recipients=[event.person_id],
        subject=f"invitation:{event.space_id}",
        reason=Reason.SPACE_INVITATION,
        actor_id=event.actor_id,
        space_id=event.space_id,
    )


@on(RoleChanged)
def tell_the_new_host(event: RoleChanged) -> None:
    """Who becomes a host hears of it: somebody may wait for them at the door."""
    if event.role != Membership.Role.HOST:
        return
    notify(
        recipients=[event.person_id],
        subject=f"host:{event.space_id}",
        reason=Reason.MADE_HOST,
        actor_id=event.actor_id,
        space_id=event.space_id,
    )
