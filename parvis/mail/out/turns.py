"""Digests leave when their turn comes: at the start of a working day, once, and only with something in them.

    sweep          ──▶ a turn for whoever has none yet; a job when somebody is due
    send_digests   ──▶ ┌ scope: write it, move the turn on, note what it tells ┐ commit ──▶ hand it over

The turn moves on before the mail leaves. A worker that dies in between has sent at most one; what it told of is still
unread in the inbox.
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
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.delivery.channels import TryLater
from parvis.delivery.hours import opens_at
from parvis.delivery.models import Told
from parvis.delivery.noting import note_as_told
from parvis.foundation.jobs import enqueue, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.mail.models import DigestChoice, DigestTurn, SentMail
from parvis.mail.out import headers, mailboxes, stopping
from parvis.mail.out.digests import digest_for, rhythm_of
from parvis.mail.out.leaving import prepare
from parvis.mail.out.letters import as_read_by
from parvis.mail.out.printing import Draft
from parvis.people.models import Person
from parvis.worktime.queries import leaves_at

logger = logging.getLogger(__name__)

Rhythm = DigestChoice.Rhythm
PEOPLE_AT_ONCE = 20
PLANNED_AT_ONCE = 1_000
# Before that hour nobody is waiting for a digest; working time may begin later.
AT_HOUR = time(7)
MONDAY = 0
TRIES_AGAIN_AFTER = timedelta(minutes=20)
# A policy may know no working time at all; it may be another one next week.
ASKS_AGAIN_AFTER = timedelta(days=7)


@dataclass
class Digest:
    """What is about to leave for somebody, and what to put back should it not leave."""

    turn_id: UUID
    person_id: UUID
    since: datetime
    subjects: list[str]
    carry: Callable[[], None]


def wanting(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return those of these people who receive digests, by their choice or the organization's."""
    default = DigestChoice.objects.filter(person=None).values_list("rhythm", flat=True).first()
    own = DigestChoice.objects.filter(person=OuterRef("pk")).values("rhythm")
    chosen = people.annotate(rhythm=Coalesce(Subquery(own), Value(default or Rhythm.WEEKLY)))
    return chosen.exclude(rhythm=Rhythm.NEVER)


def rhythms_of(people: Sequence[Person]) -> dict[UUID, str]:
    """Return how often each of these people receives a digest."""
    ids = [person.id for person in people]
    rows = DigestChoice.objects.filter(Q(person=None) | Q(person__in=ids))
    chosen: dict[UUID | None, str] = dict(rows.values_list("person_id", "rhythm"))
    default = chosen.get(None, str(Rhythm.WEEKLY))
    return {person_id: chosen.get(person_id, default) for person_id in ids}


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
        mornings[_next_morning(person, rhythms[person.id], now)].append(person)
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
    is_more = True
    while is_more:
        with organization_scope(organization):
            digests, is_more = _written(timezone.now())
        for digest in digests:
            _hand_over(organization, digest)


def _written(now: datetime) -> tuple[list[Digest], bool]:
    due = DigestTurn.objects.filter(due_at__lte=now).order_by("due_at")
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("person__organization")
    turns = list(locked[:PEOPLE_AT_ONCE])
    people = wanting(mailboxes.with_mailbox(Person.objects.filter(id__in=[turn.person_id for turn in turns])))
    reached = set(people.values_list("id", flat=True))
    mine = [turn for turn in turns if turn.person_id in reached]
    DigestTurn.objects.filter(id__in=[turn.id for turn in turns if turn.person_id not in reached]).delete()
    opens = opens_at([turn.person for turn in mine], now)
    following = next_due([turn.person for turn in mine], now=now)
    digests = []
    for turn in mine:
        if opens[turn.person_id] > now:
            _move(turn, min(opens[turn.person_id], now + ASKS_AGAIN_AFTER), turn.through_at)
            continue
        digest = _write(turn, now)
        _move(turn, following[turn.person_id], now)
        if digest is not None:
            digests.append(digest)
    return digests, len(turns) == PEOPLE_AT_ONCE


def _write(turn: DigestTurn, now: datetime) -> Digest | None:
    person = turn.person
    try:
        with transaction.atomic():
            found = _prepared(person, since=turn.through_at, until=now)
    except Exception:
        # One person's text must not keep the others waiting.
        logger.exception("mail.digest_not_written", extra={"person": person.id})
        return None
    if found is None:
        return None
    carry, subjects = found
    return Digest(turn.id, person.id, turn.through_at, subjects, carry)


def _prepared(
    person: Person, *, since: datetime, until: datetime
) -> tuple[Callable[[], None], list[str]] | None:
    rhythm, is_own = rhythm_of(person)
    with as_read_by(person):
        digest = digest_for(person, since=since, until=until, rhythm=rhythm, is_own_choice=is_own)
        if digest is None:
            return None
        letter, lines = digest
        stop = stopping.address_of(person, stopping.DIGEST)
        draft = Draft(
            person=person,
            letter=letter,
            kind=SentMail.Kind.DIGEST,
            stop=stop,
            headers=headers.of_list(person.organization, None),
            subjects=[line.notification.subject for line in lines],
        )
        carry = prepare(draft)
    note_as_told(stopping.CHANNEL, [(person, lines)])
    return carry, [line.notification.subject for line in lines]


def _move(turn: DigestTurn, due_at: datetime, through_at: datetime) -> None:
    DigestTurn.objects.filter(pk=turn.pk).update(due_at=due_at, through_at=through_at)


def _hand_over(organization: UUID, digest: Digest) -> None:
    try:
        digest.carry()
    except TryLater:
        with organization_scope(organization):
            _take_back(digest)


def _take_back(digest: Digest) -> None:
    """Nothing left: it is due again soon, with what it would have told."""
    told = Told.objects.filter(
        person_id=digest.person_id, channel=stopping.CHANNEL, subject__in=digest.subjects
    )
    told.delete()
    DigestTurn.objects.filter(pk=digest.turn_id).update(
        due_at=timezone.now() + TRIES_AGAIN_AFTER, through_at=digest.since
    )
