"""A channel takes its turns: what is unread after its delay, in working time, leaves once, grouped.

    InboxChanged ──▶ a Turn for each person and channel, in the same transaction (planning, handlers)
    take_turns   ──▶ ┌ scope: who is due, who works now, what is unread; write it; note it as told ┐ commit
                     └ outside: the network. It left, or failed before anything left: then it is not told after all

What was told is noted before it leaves, for some people together, and handed over one by one: that it begins is noted
for each alone. A worker that dies in between leaves at most one of whom nobody knows whether it left, which never leaves
again; what it had not begun is taken back some minutes later, and leaves. All of it is unread in the inbox meanwhile.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from parvis.delivery.channels import Carry, Channel, Leaving, TryLater, Waiting, find_channel, together
from parvis.delivery.choices import Chosen, choices_of_all, is_now, kind_of
from parvis.delivery.hours import opens_at
from parvis.delivery.models import Told, Turn
from parvis.delivery.noting import begin, note_as_left, note_as_told, told_of
from parvis.foundation.jobs import aside, is_ending, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.notifications.queries import InboxLine, unread_lines_of
from parvis.people.models import Person
from parvis.worktime.report import count_held

logger = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 100
# More are handed over by a process of its own, which takes two seconds of a processor to start.
MANY = 200
# What a slow server kept waiting for longer is written anew: hours and rights may have changed meanwhile.
STAYS_TRUE_FOR = timedelta(seconds=20)
# Seconds before each further try, and a little more by chance; the last one for ever, while the line is unread.
DELAYS_SECONDS = (60, 300, 1_800, 7_200, 21_600)
# A day off may end early, and a policy may know no working time at all: whoever is held is asked about again.
ASKS_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Parcel:
    """What is about to leave for somebody, and what had been told before, should it not leave."""

    turn: Turn
    carry: Carry
    told_before: dict[str, datetime | None]


@dataclass(frozen=True)
class Batch:
    """What leaves for some people, written and noted at one instant; and whether more of them may be due."""

    written_at: datetime
    parcels: list[Parcel]
    settle: Callable[[], None]
    is_more: bool


@dataclass(frozen=True)
class Due:
    """Somebody whose turn it is, and what waits: all that a channel has not told, and what of it leaves now."""

    turn: Turn
    lines: list[InboxLine]
    leaving: list[InboxLine]
    told: dict[str, datetime]
    opens: datetime

    @property
    def before(self) -> dict[str, datetime | None]:
        """What had been told of what leaves."""
        subjects = [line.notification.subject for line in self.leaving]
        return {subject: self.told.get(subject) for subject in subjects}


@long_job
def take_turns(organization_id: str, channel_name: str) -> None:
    """Hand over what is due by one channel, some people at a time, until nobody is due."""
    channel = find_channel(channel_name)
    if channel is None:
        return
    organization = UUID(organization_id)
    if _is_much_due(organization, channel) and aside.start(
        take_turns, organization_id=organization_id, channel_name=channel_name
    ):
        return
    is_more = True
    while is_more and not is_ending():
        with organization_scope(organization):
            batch = _written(channel)
        left, aged = _handed_over(organization, batch)
        if batch.parcels:
            with organization_scope(organization):
                batch.settle()
                note_as_left(channel.name, {parcel.turn.person_id: parcel.told_before for parcel in left})
                _ask_anew(channel, aged, batch.written_at)
        is_more = batch.is_more or bool(aged)


def _is_much_due(organization: UUID, channel: Channel) -> bool:
    """Tell whether so many are due that those who ask for pages would feel it."""
    with organization_scope(organization):
        return _due_turns(channel, timezone.now())[MANY : MANY + 1].exists()


def _written(channel: Channel) -> Batch:
    """Return what leaves for the next people who are due, noted as told. As many statements as for one person."""
    now = timezone.now()
    turns = _next_turns(channel, now)
    Turn.objects.filter(id__in=[turn.id for turn in turns if not turn.person.is_active]).delete()
    due = _due(channel, [turn for turn in turns if turn.person.is_active], now)
    _hold([each for each in due if len(each.leaving) < len(each.lines)], now)
    done = [each.turn.id for each in due if len(each.leaving) == len(each.lines)]
    Turn.objects.filter(id__in=done).delete()
    leaving = _noted(channel, [each for each in due if each.leaving], now)
    parcels = [
        Parcel(each.turn, leaving.carries[each.turn.person_id], each.before)
        for each in due
        if each.turn.person_id in leaving.carries
    ]
    return Batch(now, parcels, leaving.settle, len(turns) == PEOPLE_AT_ONCE)


def _next_turns(channel: Channel, now: datetime) -> list[Turn]:
    locked = (
        _due_turns(channel, now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("person__organization", "person__unit", "person__picture")
    )
    return list(locked[:PEOPLE_AT_ONCE])


def _due_turns(channel: Channel, now: datetime) -> QuerySet[Turn]:
    return Turn.objects.filter(channel=channel.name, due_at__lte=now).order_by("due_at")


def _due(channel: Channel, turns: list[Turn], now: datetime) -> list[Due]:
    """Return what waits for each of these people: unread, carried at once, and not told by this channel."""
    people = [turn.person for turn in turns]
    opens, chosen = opens_at(people, now), choices_of_all(people)
    unread = unread_lines_of(people)
    subjects = [[line.notification.subject for line in lines] for lines in unread]
    told = told_of(channel.name, list(zip(people, subjects, strict=True)))
    found = []
    for turn, lines, before in zip(turns, unread, told, strict=True):
        wanted = chosen[turn.person_id][channel.name]
        waiting = [line for line in lines if _is_carried(line, wanted, before)]
        is_open = opens[turn.person_id] <= now
        leaving = waiting if is_open else [line for line in waiting if line.notification.is_urgent]
        found.append(Due(turn, waiting, leaving, before, opens[turn.person_id]))
    return found


def _noted(channel: Channel, due: list[Due], now: datetime) -> Leaving:
    """Write what leaves for these people and note it as told, together."""
    if not due:
        return Leaving()
    try:
        with transaction.atomic():
            leaving = channel.write([Waiting(each.turn.person, each.leaving) for each in due])
            told: dict[bool, list[tuple[Person, list[InboxLine]]]] = {True: [], False: []}
            for each in due:
                told[each.turn.person_id in leaving.carries].append((each.turn.person, each.leaving))
            note_as_told(channel.name, told[True], waits_since=now)
            # Whom the channel has nothing to say is asked about no more either.
            note_as_told(channel.name, told[False])
            return leaving
    except Exception:
        if len(due) > 1:
            # One person's text must not keep the others waiting: each by themselves, it shows whose it is.
            return together([_noted(channel, [each], now) for each in due])
        turn = due[0].turn
        logger.exception("delivery.not_written", extra={"channel": channel.name, "person": turn.person_id})
        _try_later(turn)
        return Leaving()


def _is_carried(line: InboxLine, chosen: dict[str, Chosen], told: dict[str, datetime]) -> bool:
    row = line.notification
    through = told.get(row.subject)
    is_new = through is None or row.happened_at > through
    return is_new and is_now(chosen[kind_of(row.reason)].when, is_urgent=row.is_urgent)


def _hold(due: list[Due], now: datetime) -> None:
    """Let what does not leave now wait until each person's day begins."""
    count_held(
        (each.turn.person, len(each.lines) - len(each.leaving)) for each in due if not each.turn.is_held
    )
    mornings: dict[datetime, list[UUID]] = defaultdict(list)
    for each in due:
        until = min(each.opens, now + ASKS_AGAIN_AFTER)
        each.turn.is_held, each.turn.due_at, each.turn.attempts = True, until, 0
        mornings[until].append(each.turn.id)
    for until, ids in mornings.items():
        Turn.objects.filter(id__in=ids).update(is_held=True, due_at=until, attempts=0)


def _handed_over(organization: UUID, batch: Batch) -> tuple[list[Parcel], list[Parcel]]:
    """Return what is known to have left, and what came to its turn too late: the first never does."""
    began, left, aged = timezone.now(), [], []
    for number, parcel in enumerate(batch.parcels):
        if number and (is_ending() or timezone.now() - began > STAYS_TRUE_FOR):
            aged.append(parcel)
        elif _hand_over(organization, parcel, batch.written_at):
            left.append(parcel)
    return left, aged


def _ask_anew(channel: Channel, aged: list[Parcel], written_at: datetime) -> None:
    """Take back what was not begun, as if it had not been written, and let the channel look at once."""
    taken = [each for each in aged if begin(channel.name, each.turn.person_id, waits_since=written_at)]
    for parcel in taken:
        _untell(parcel)
    people = [parcel.turn.person_id for parcel in taken]
    channel.never_left(people, written_at)
    now = timezone.now()
    # Of whom something else is held stays so; what may leave is found out either way.
    Turn.objects.bulk_create(
        [Turn(person_id=id, channel=channel.name, due_at=now) for id in people],
        update_conflicts=True,
        unique_fields=["person", "channel"],
        update_fields=["due_at"],
    )


def _hand_over(organization: UUID, parcel: Parcel, written_at: datetime) -> bool:
    """Do the network, unless it was taken back meanwhile; tell whether it is known to have left."""
    turn = parcel.turn
    with organization_scope(organization):
        if not begin(turn.channel, turn.person_id, waits_since=written_at):
            return False
    try:
        parcel.carry()
    except TryLater as reason:
        logger.info("delivery.later", extra={"channel": turn.channel, "reason": str(reason)})
        with organization_scope(organization):
            _untell(parcel)
            _try_later(turn, at_least=reason.after)
        return False
    except Exception:
        logger.exception("delivery.failed", extra={"channel": turn.channel})
        return False
    return True


def _untell(parcel: Parcel) -> None:
    """Nothing left: what had been told before is all that was told."""
    turn = parcel.turn
    told = Told.objects.filter(person_id=turn.person_id, channel=turn.channel)
    for row in told.filter(subject__in=list(parcel.told_before)):
        before = parcel.told_before[row.subject]
        if before is None:
            row.delete()
        else:
            row.through_at, row.left_at = before, before
            row.save(update_fields=["through_at", "left_at"])


def _try_later(turn: Turn, *, at_least: timedelta | None = None) -> None:
    delay = DELAYS_SECONDS[min(turn.attempts, len(DELAYS_SECONDS) - 1)]
    pause = timedelta(seconds=delay * random.uniform(1.0, 1.3))  # noqa: S311 - jitter
    due_at = timezone.now() + max(pause, at_least or timedelta())
    planned, is_new = Turn.objects.get_or_create(
        person_id=turn.person_id,
        channel=turn.channel,
        defaults={"due_at": due_at, "attempts": turn.attempts + 1},
    )
    if is_new:
        return
    if planned.is_held:
        # The rest waits for the morning; what was urgent does not.
        Turn.objects.filter(pk=planned.pk).update(due_at=min(planned.due_at, due_at))
    else:
        # Something newer waits already: together, and not before the other side had its pause.
        Turn.objects.filter(pk=planned.pk).update(due_at=due_at, attempts=F("attempts") + 1)
