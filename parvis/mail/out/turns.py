"""Digests leave when their turn comes: at the start of a working day, once, and only with something in them.

    sweep          ──▶ a turn for whoever has none yet; a job when somebody is due
    send_digests   ──▶ ┌ scope: write some, keep their turns for some minutes ┐ commit
                       └ each: move the turn on and note what it tells, commit, hand it over

A turn moves on before its mail leaves, each by itself. A worker that dies in between has sent at most one of whom nobody
knows; what it told of is still unread in the inbox. What it had not begun is due again when its minutes are over.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.delivery.channels import Carry, Leaving, TryLater, together
from parvis.delivery.hours import opens_at
from parvis.delivery.models import Told
from parvis.delivery.noting import note_as_told
from parvis.foundation.jobs import aside, enqueue, is_ending, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.mail.models import DigestChoice, DigestTurn, SentMail
from parvis.mail.out import headers, mailboxes, stopping
from parvis.mail.out.digests import Digest, Reader, digests_for, rhythms_of
from parvis.mail.out.leaving import forget_unbegun, prepare_all
from parvis.mail.out.letters import as_read_by
from parvis.mail.out.printing import Draft
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person
from parvis.worktime.queries import leaves_at

logger = logging.getLogger(__name__)

Rhythm = DigestChoice.Rhythm
PEOPLE_AT_ONCE = 50
# More are written by a process of its own.
MANY = 200
PLANNED_AT_ONCE = 1_000
# Before that hour nobody is waiting for a digest; working time may begin later.
AT_HOUR = time(7)
MONDAY = 0
TRIES_AGAIN_AFTER = timedelta(minutes=20)
# As long as some digests may take to be handed over: whoever wrote them is gone, or too slow, and they are due again.
LEASE = timedelta(minutes=5)
# A policy may know no working time at all; it may be another one next week.
ASKS_AGAIN_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Parcel:
    """What is about to leave for somebody: their turn, kept until it is handed over, and the one that follows."""

    turn: DigestTurn
    lines: list[InboxLine]
    following: datetime
    written_at: datetime
    carry: Carry


def wanting(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return those of these people who receive digests, by their choice or the organization's."""
    default = DigestChoice.objects.filter(person=None).values_list("rhythm", flat=True).first()
    own = DigestChoice.objects.filter(person=OuterRef("pk")).values("rhythm")
    chosen = people.annotate(rhythm=Coalesce(Subquery(own), Value(default or Rhythm.WEEKLY)))
    return chosen.exclude(rhythm=Rhythm.NEVER)


def sweep(*, now: datetime | None = None) -> None:
    """Give a turn to whoever has none, and send what is due. What was missed is sent later, once."""
    if not settings.HAS_MAIL_SERVER:
        return
    now = now or timezone.now()
    planned = DigestTurn.objects.values("person_id")
    without = wanting(mailboxes.with_mailbox(Person.objects.all())).exclude(id__in=planned)
    plan(list(without.select_related("organization", "unit")[:PLANNED_AT_ONCE]), now=now)
    if DigestTurn.objects.filter(due_at__lte=now).exists():
        enqueue(send_digests)


def plan(people: Sequence[Person], *, now: datetime) -> None:
    """Give these people their first turn: what was before is not new to them."""
    due = next_due(people, now=now)
    turns = [DigestTurn(person=person, due_at=due[person.id], through_at=now) for person in people]
    DigestTurn.objects.bulk_create(turns, ignore_conflicts=True)


def plan_again(people: QuerySet[Person], *, now: datetime | None = None) -> None:
    """Let a changed rhythm count at once; what was told up to when stays."""
    now = now or timezone.now()
    turns = list(DigestTurn.objects.filter(person__in=people).select_related("person__organization"))
    due = next_due([turn.person for turn in turns], now=now)
    for turn in turns:
        turn.due_at = due[turn.person_id]
    DigestTurn.objects.bulk_update(turns, ["due_at"], batch_size=PLANNED_AT_ONCE)


def next_due(people: Iterable[Person], *, now: datetime) -> dict[UUID, datetime]:
    """Return when the next digest of each of these people leaves, in few queries."""
    mornings: dict[datetime, list[Person]] = defaultdict(list)
    people = list(people)
    rhythms = rhythms_of(people)
    for person in people:
        mornings[_next_morning(person, rhythms[person.id][0], now)].append(person)
    due = {}
    for morning, some in mornings.items():
        for person_id, at in leaves_at(some, morning).items():
            due[person_id] = min(at, morning + ASKS_AGAIN_AFTER)
    return due


def _next_morning(person: Person, rhythm: str, now: datetime) -> datetime:
    zone = ZoneInfo(person.time_zone or person.organization.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    if rhythm == Rhythm.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return datetime.combine(day, AT_HOUR, tzinfo=zone)


@long_job
def send_digests(organization_id: str) -> None:
    """Send what is due, some people at a time, until nobody is due."""
    organization = UUID(organization_id)
    if _is_much_due(organization) and aside.start(send_digests, organization_id=organization_id):
        return
    is_more = True
    while is_more and not is_ending():
        with organization_scope(organization):
            parcels, settle, is_more = _written(timezone.now())
        for parcel in parcels:
            if not is_ending():
                _hand_over(organization, parcel)
        with organization_scope(organization):
            settle()


def _is_much_due(organization: UUID) -> bool:
    with organization_scope(organization):
        return _due(timezone.now())[MANY : MANY + 1].exists()


def _due(now: datetime) -> QuerySet[DigestTurn]:
    return DigestTurn.objects.filter(due_at__lte=now).order_by("due_at")


def _written(now: datetime) -> tuple[list[Parcel], Callable[[], None], bool]:
    """Return what leaves for the next people who are due. As many statements as for one person."""
    locked = _due(now).select_for_update(skip_locked=True, of=("self",))
    turns = list(locked.select_related("person__organization", "person__unit")[:PEOPLE_AT_ONCE])
    people = wanting(mailboxes.with_mailbox(Person.objects.filter(id__in=[turn.person_id for turn in turns])))
    reached = set(people.values_list("id", flat=True))
    mine = [turn for turn in turns if turn.person_id in reached]
    DigestTurn.objects.filter(id__in=[turn.id for turn in turns if turn.person_id not in reached]).delete()
    opens = opens_at([turn.person for turn in mine], now)
    following = next_due([turn.person for turn in mine], now=now)
    working = [turn for turn in mine if opens[turn.person_id] <= now]
    lines, leaving = _prepared(working, now)
    # Of an earlier try that nobody began: else these turns would not be due.
    forget_unbegun([turn.person_id for turn in mine], before=now)
    for turn in mine:
        turn.due_at = min(opens[turn.person_id], now + ASKS_AGAIN_AFTER)
    parcels = []
    for turn in working:
        if turn.person_id in leaving.carries:
            carry = leaving.carries[turn.person_id]
            turn.due_at = now + LEASE
            parcels.append(Parcel(turn, lines[turn.person_id], following[turn.person_id], now, carry))
        else:
            turn.due_at, turn.through_at = following[turn.person_id], now
    DigestTurn.objects.bulk_update(mine, ["due_at", "through_at"])
    return parcels, leaving.settle, len(turns) == PEOPLE_AT_ONCE


def _prepared(turns: Sequence[DigestTurn], now: datetime) -> tuple[dict[UUID, list[InboxLine]], Leaving]:
    """Return what sends a digest to whom there is something new to say, and the lines that it tells of."""
    if not turns:
        return {}, Leaving()
    people = {turn.person_id: turn.person for turn in turns}
    try:
        with transaction.atomic():
            rhythms = rhythms_of(list(people.values()))
            readers = [Reader(turn.person, turn.through_at, *rhythms[turn.person_id]) for turn in turns]
            found = dict(zip(people, digests_for(readers, until=now), strict=True))
            digests = {id: digest for id, digest in found.items() if digest is not None}
            leaving = prepare_all([_draft(people[id], digest) for id, digest in digests.items()])
            return {id: lines for id, (_letter, lines) in digests.items()}, leaving
    except Exception:
        if len(turns) == 1:
            logger.exception("mail.digest_not_written", extra={"person": turns[0].person_id})
            return {}, Leaving()
        # One person's text must not keep the others waiting: each by themselves, it shows whose it is.
        each = [_prepared([turn], now) for turn in turns]
        return {id: some for lines, _ in each for id, some in lines.items()}, together(
            [one for _, one in each]
        )


def _draft(person: Person, digest: Digest) -> Draft:
    letter, lines = digest
    with as_read_by(person):
        return Draft(
            person=person,
            letter=letter,
            kind=SentMail.Kind.DIGEST,
            stop=stopping.address_of(person, stopping.DIGEST),
            headers=headers.of_list(person.organization, None),
            subjects=[line.notification.subject for line in lines],
        )


def _hand_over(organization: UUID, parcel: Parcel) -> None:
    with organization_scope(organization):
        if not _begin(parcel):
            return
    try:
        parcel.carry()
    except TryLater:
        with organization_scope(organization):
            _take_back(parcel)


def _begin(parcel: Parcel) -> bool:
    """Let the turn move on; False when its time to be handed over is past, and somebody else writes it anew."""
    turn = parcel.turn
    leased = DigestTurn.objects.filter(pk=turn.pk, due_at=turn.due_at)
    if not leased.update(due_at=parcel.following, through_at=parcel.written_at):
        return False
    note_as_told(stopping.CHANNEL, [(turn.person, parcel.lines)])
    return True


def _take_back(parcel: Parcel) -> None:
    """Nothing left: it is due again soon, with what it would have told."""
    subjects = [line.notification.subject for line in parcel.lines]
    told = Told.objects.filter(person=parcel.turn.person, channel=stopping.CHANNEL, subject__in=subjects)
    told.delete()
    DigestTurn.objects.filter(pk=parcel.turn.pk).update(
        due_at=timezone.now() + TRIES_AGAIN_AFTER, through_at=parcel.turn.through_at
    )
