"""The recipes: event → who hears of it. Audience ∩ those who want it − actor, one line per person and thread.

Who is told for several reasons is told once: the strongest comes first, and an entry counts once on a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from parvis.content.events import (
    EntryDeleted,
    EntryEdited,
    EntryEvent,
    EntryHidden,
    EntryPublished,
    ReactionsChanged,
    ReplyPublished,
)
from parvis.content.models import Entry, Mention, Reaction
from parvis.content.queries import audience_of, thread_members
from parvis.foundation.events import on
from parvis.notifications import levels
from parvis.notifications.actions import move_lines_from, notify, withdraw
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.spaces.events import InvitedToSpace, JoinRequestAnswered, JoinRequested, RoleChanged
from parvis.spaces.models import Membership

Reason = Notification.Reason


@on(EntryPublished)
def tell_the_space(event: EntryPublished) -> None:
    """The mentioned, then whoever wants each new post of the space."""
    entry = _published(event.entry_id)
    if entry is None:
        return
    readers = audience_of(entry)
    _tell(entry, _mentioned(entry), Reason.MENTION)
    _tell(entry, levels.hearing_of_posts(readers, entry.space_id), Reason.SPACE)


@on(EntryEdited)
def tell_the_newly_mentioned(event: EntryEdited) -> None:
    """An edit tells only those whom it newly names."""
    entry = _published(event.entry_id)
    if entry is None:
        return
    told = Notification.objects.filter(subject=_subject(entry), entry_ids__contains=[entry.id])
    named = Notification.objects.filter(subject=_subject(entry), entry=entry)
    newly = (
        _mentioned(entry).exclude(id__in=told.values("person_id")).exclude(id__in=named.values("person_id"))
    )
    _tell(entry, newly, Reason.MENTION)


@on(ReplyPublished)
def tell_the_thread(event: ReplyPublished) -> None:
    """The mentioned, who is answered, who began, who follows, who wants everything; a muted thread is silent."""
    entry = _published(event.entry_id)
    if entry is None:
        return
    readers = levels.not_muting(audience_of(entry), event.thread_id)
    beginner = Entry.objects.filter(pk=event.thread_id).values("author_id")
    answered = Entry.objects.filter(pk=event.reply_to_id).exclude(pk=event.thread_id).values("author_id")
    followers = readers.filter(id__in=thread_members(event.thread_id).values("person_id"))
    _tell(entry, _mentioned(entry), Reason.MENTION)
    _tell(entry, followers.filter(id__in=answered), Reason.ANSWER)
    _tell(entry, followers.filter(id__in=beginner), Reason.OWN_THREAD)
    _tell(entry, followers, Reason.REPLY)
    _tell(entry, levels.hearing_of_everything(readers, entry.space_id), Reason.SPACE)


@on(ReactionsChanged)
def tell_the_author(event: ReactionsChanged) -> None:
    """Who wrote something hears on one quiet line that others reacted; no bell rings for a thumb."""
    entry = _published(event.entry_id)
    if entry is None:
        return
    subject = f"reactions:{entry.id}"
    if not Reaction.objects.filter(entry=entry).exclude(person_id=entry.author_id).exists():
        withdraw(subject=subject, reason=Reason.REACTION, entry_id=entry.id)
    elif event.is_added:
        author = audience_of(entry).filter(id=entry.author_id)
        notify(
            recipients=levels.wanting(author, Reason.REACTION, space_id=entry.space_id),
            subject=subject,
            reason=Reason.REACTION,
            actor_id=event.actor_id,
            entry_id=entry.id,
            is_quiet=True,
        )


@on(EntryDeleted, EntryHidden)
def lead_elsewhere(event: EntryEvent) -> None:
    """A line that led to what is gone leads to what else it tells of."""
    move_lines_from(event.entry_id)


def _published(entry_id: UUID) -> Entry | None:
    found: Entry | None = (
        Entry.objects.filter(pk=entry_id, state=Entry.State.PUBLISHED).select_related("space").first()
    )
    return found


def _mentioned(entry: Entry) -> QuerySet[Person]:
    named = Mention.objects.filter(entry=entry).values("person_id")
    return audience_of(entry).filter(id__in=named)


def _subject(entry: Entry) -> str:
    return f"thread:{entry.root_id}"


def _tell(entry: Entry, recipients: QuerySet[Person], reason: str) -> None:
    notify(
        recipients=levels.wanting(recipients, reason, space_id=entry.space_id),
        subject=_subject(entry),
        reason=reason,
        actor_id=entry.author_id,
        entry_id=entry.id,
    )


@on(JoinRequested)
def tell_the_hosts(event: JoinRequested) -> None:
    """Hosts hear of requests, grouped by space."""
    notify(
        recipients=_willing(event.host_ids, Reason.JOIN_REQUEST),
        subject=f"requests:{event.space_id}",
        reason=Reason.JOIN_REQUEST,
        actor_id=event.person_id,
        space_id=event.space_id,
    )


@on(JoinRequestAnswered)
def tell_the_applicant(event: JoinRequestAnswered) -> None:
    """Who asked hears the answer."""
    reason = Reason.JOIN_ACCEPTED if event.is_accepted else Reason.JOIN_DECLINED
    notify(
        recipients=_willing([event.person_id], reason),
        subject=f"answer:{event.space_id}",
        reason=reason,
        actor_id=event.actor_id,
        space_id=event.space_id,
    )


@on(InvitedToSpace)
def tell_the_invited(event: InvitedToSpace) -> None:
    """Who is invited into a space hears of it."""
    notify(
        recipients=_willing([event.person_id], Reason.SPACE_INVITATION),
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


def _willing(people: Iterable[UUID], reason: str) -> QuerySet[Person]:
    return levels.wanting(Person.objects.filter(id__in=list(people)), reason)
