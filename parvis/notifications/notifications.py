"""The recipes: event → who hears of it. Audience ∩ those who want it − actor, one line per person and thread.

Who is told for several reasons is told once: the strongest comes first, and an entry counts once on a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Func, QuerySet, TextField
from django.db.models.functions import Abs, Cast, Mod

from parvis.content.events import (
    EntryDeleted,
    EntryEdited,
    EntryEvent,
    EntryHidden,
    EntryPublished,
    ReactionsChanged,
    ReplyPublished,
)
from parvis.content.kinds import find_kind
from parvis.content.models import Entry, Mention, Reaction
from parvis.content.queries import audience_of, published, thread_members
from parvis.foundation.events import on
from parvis.foundation.jobs import enqueue, job
from parvis.foundation.prepared import Statement, prepared
from parvis.notifications import levels
from parvis.notifications.actions import move_lines_from, notify, withdraw
from parvis.notifications.models import KindChoice, Notification
from parvis.people.models import Person
from parvis.spaces.events import InvitedToSpace, JoinRequestAnswered, JoinRequested, RoleChanged
from parvis.spaces.models import Membership, Space
from parvis.spaces.queries import readers_of
from parvis.worktime.urgency import is_urgent

Reason = Notification.Reason
# What one transaction tells.
PEOPLE_AT_ONCE = 1_000


def _may_concern(event: EntryPublished) -> bool:
    return event.has_mentions or levels.may_hear_of_posts(event.space_id)


@on(EntryPublished, when=_may_concern)
def tell_the_space(event: EntryPublished) -> None:
    """The mentioned, then whoever wants each new post of the space."""
    entry = published.first(event.entry_id)
    if entry is None:
        return
    if event.has_mentions:
        _tell_named(entry)
    kind = find_kind(entry.kind)
    if kind is None or not kind.tells_by_itself:
        _tell_in_turns(entry)


@on(EntryEdited)
def tell_the_newly_mentioned(event: EntryEdited) -> None:
    """An edit tells only those whom it newly names."""
    entry = published.first(event.entry_id)
    if entry is None:
        return
    told = Notification.objects.filter(subject=_subject(entry), entry_ids__contains=[entry.id])
    named = Notification.objects.filter(subject=_subject(entry), entry=entry)
    newly = (
        _named(entry.space, entry.id)
        .exclude(id__in=told.values("person_id"))
        .exclude(id__in=named.values("person_id"))
    )
    _tell(entry, levels.wanting(newly, Reason.MENTION, space_id=entry.space_id), Reason.MENTION)


@on(ReplyPublished)
def tell_the_thread(event: ReplyPublished) -> None:
    """The mentioned, who is answered, who began, who follows, who wants everything; a muted thread is silent."""
    entry = published.first(event.entry_id)
    if entry is None:
        return
    space, thread_id = entry.space, event.thread_id
    if event.has_mentions:
        _tell_named(entry)
    if event.reply_to_id != thread_id:
        _tell(entry, _answered.within(space, thread_id, event.reply_to_id), Reason.ANSWER)
    _tell(entry, _beginner.within(space, thread_id), Reason.OWN_THREAD)
    _tell(entry, _following.within(space, thread_id), Reason.REPLY)
    _tell_in_turns(entry)


@on(ReactionsChanged)
def tell_the_author(event: ReactionsChanged) -> None:
    """Who wrote something hears on one quiet line that others reacted; no bell rings for a thumb."""
    entry = published.first(event.entry_id)
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


# Who is meant by each reason. They are asked for each post: compiled once, and read by no page.


@prepared
def _mentioned(space: Space, entry_id: UUID) -> QuerySet[Any, Any]:
    return _ids_of_willing(_named(space, entry_id), Reason.MENTION, space)


@prepared
def _answered(space: Space, thread_id: UUID, reply_to_id: UUID) -> QuerySet[Any, Any]:
    author = Entry.objects.filter(pk=reply_to_id).values("author_id")
    return _ids_of_willing(_followers(space, thread_id).filter(id__in=author), Reason.ANSWER, space)


@prepared
def _beginner(space: Space, thread_id: UUID) -> QuerySet[Any, Any]:
    author = Entry.objects.filter(pk=thread_id).values("author_id")
    return _ids_of_willing(_followers(space, thread_id).filter(id__in=author), Reason.OWN_THREAD, space)


@prepared
def _following(space: Space, thread_id: UUID) -> QuerySet[Any, Any]:
    return _ids_of_willing(_followers(space, thread_id), Reason.REPLY, space)


def _hearing(space: Space, thread_id: UUID | None, is_usual: bool) -> QuerySet[Any, Any]:
    """Return whoever wants each post of a space, or each reply in a thread; `is_usual` as `levels` means it."""
    people = readers_of(space)
    if thread_id is None:
        people = levels.hearing_of_posts(people, space.id, is_usual=is_usual)
    else:
        people = levels.hearing_of_everything(levels.not_muting(people, thread_id), space.id)
    return _ids_of_willing(people, Reason.SPACE, space)


_hearing_in_one = prepared(_hearing)


@prepared
def _hearing_beyond_one_turn(space: Space, thread_id: UUID | None, is_usual: bool) -> QuerySet[Any, Any]:
    return _hearing(space, thread_id, is_usual)[PEOPLE_AT_ONCE : PEOPLE_AT_ONCE + 1]


def _ids_of_willing(people: QuerySet[Person], reason: str, space: Space) -> QuerySet[Any, Any]:
    return levels.wanting(people, reason, space_id=space.id).values("id")


def _named(space: Space, entry_id: UUID) -> QuerySet[Person]:
    named = Mention.objects.filter(entry_id=entry_id).values("person_id")
    return readers_of(space).filter(id__in=named)


def _followers(space: Space, thread_id: UUID) -> QuerySet[Person]:
    readers = levels.not_muting(readers_of(space), thread_id)
    return readers.filter(id__in=thread_members(thread_id).values("person_id"))


def _subject(entry: Entry) -> str:
    return f"thread:{entry.root_id}"


def _tell_named(entry: Entry) -> None:
    """What is urgent is urgent for those whom it names, and no reason to wake whoever follows along."""
    recipients = _mentioned.within(entry.space, entry.id)
    _tell(entry, recipients, Reason.MENTION, is_urgent=is_urgent(entry.id))


def _tell(
    entry: Entry,
    recipients: QuerySet[Person] | Statement | None,
    reason: str,
    *,
    is_urgent: bool = False,
) -> None:
    if recipients is None:
        return
    notify(
        recipients=recipients,
        subject=_subject(entry),
        reason=reason,
        actor_id=entry.author_id,
        entry_id=entry.id,
        is_urgent=is_urgent,
    )


def _tell_in_turns(entry: Entry) -> None:
    """Tell whoever wants everything of a space, many of them in jobs of their own.

    Live listeners read the outbox below the oldest writing transaction: one that writes ten thousand lines would
    hold back what everybody else hears.
    """
    asked = _asked_of(entry)
    if not _hearing_beyond_one_turn(*asked):
        _tell(entry, _hearing_in_one.within(*asked), Reason.SPACE)
        return
    turns = ceil(_hearing(*asked).count() / PEOPLE_AT_ONCE)
    for turn in range(turns):
        enqueue(tell_some, entry_id=entry.id, turn=turn, turns=turns)


def _asked_of(entry: Entry) -> tuple[Space, UUID | None, bool]:
    is_usual = entry.is_root and levels.on_by_default()[KindChoice.Kind.POST]
    return entry.space, entry.thread_id, is_usual


@job
def tell_some(entry_id: str, turn: int, turns: int) -> None:
    """Tell those whose turn it is; who they are does not depend on who else is there."""
    entry = published.first(UUID(entry_id))
    if entry is None:
        return
    number = Abs(Func(Cast("id", TextField()), function="hashtext", output_field=BigIntegerField()))
    hearing = _hearing(*_asked_of(entry))
    _tell(entry, hearing.annotate(turn=Mod(number, turns)).filter(turn=turn), Reason.SPACE)


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
