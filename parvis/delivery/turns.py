"""A channel takes its turns: what is unread after its delay, in working time, leaves once, grouped.

    InboxChanged ──▶ a Turn for each person and channel, in the same transaction (planning, handlers)
    take_turns   ──▶ ┌ scope: who is due, who works now, what is unread; write it; note it as told ┐ commit
                     └ outside: the network. It left, or failed before anything left: then it is not told after all

What was told is noted before it leaves. A worker that dies in between has told at most once; the line is unread in
the inbox all the same, so that nothing is lost.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from parvis.delivery.channels import Carry, Channel, TryLater, find_channel
from parvis.delivery.choices import Chosen, choices_of, is_now, kind_of
from parvis.delivery.hours import opens_at
from parvis.delivery.models import Told, Turn
from parvis.delivery.noting import note_as_left, note_as_told
from parvis.foundation.jobs import long_job
from parvis.foundation.prepared import any_of, prepared
from parvis.foundation.tenancy import organization_scope
from parvis.notifications.queries import InboxLine, unread_lines
from parvis.people.models import Person
from parvis.worktime.report import count_held

logger = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 20
# Seconds before each further try, and a little more by chance; the last one for ever, while the line is unread.
DELAYS_SECONDS = (60, 300, 1_800, 7_200, 21_600)
# A day off may end early, and a policy may know no working time at all: whoever is held is asked about again.
ASKS_AGAIN_AFTER = timedelta(days=1)


@dataclass
class Parcel:
    """What is about to leave for somebody, and what had been told before, should it not leave."""

    turn: Turn
    carry: Carry
    told_before: dict[str, datetime | None]


@long_job
def take_turns(organization_id: str, channel_name: str) -> None:
    """Hand over what is due by one channel, some people at a time, until nobody is due."""
    channel = find_channel(channel_name)
    if channel is None:
        return
    organization = UUID(organization_id)
    while True:
        with organization_scope(organization):
            parcels, is_more = _written(channel)
        left = [parcel for parcel in parcels if _hand_over(organization, parcel)]
        if left:
            with organization_scope(organization):
                note_as_left(channel.name, {parcel.turn.person_id: parcel.told_before for parcel in left})
        if not is_more:
            return


def _written(channel: Channel) -> tuple[list[Parcel], bool]:
    """Return what leaves for the next people who are due, noted as told; and whether there may be more."""
    now = timezone.now()
    due = Turn.objects.filter(channel=channel.name, due_at__lte=now).order_by("due_at")
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related(
        "person__organization", "person__unit", "person__picture"
    )
    turns = list(locked[:PEOPLE_AT_ONCE])
    reached = {turn.person_id for turn in turns if turn.person.is_active}
    opens = opens_at([turn.person for turn in turns if turn.person_id in reached], now)
    parcels = []
    for turn in turns:
        if turn.person_id not in reached:
            turn.delete()
            continue
        parcel = _take(channel, turn, opens[turn.person_id], now)
        if parcel is not None:
            parcels.append(parcel)
    return parcels, len(turns) == PEOPLE_AT_ONCE


def _take(channel: Channel, turn: Turn, opens: datetime, now: datetime) -> Parcel | None:
    """Write what leaves for one person now; what does not may be held until their day begins."""
    lines, told = _waiting(channel, turn.person)
    is_open = opens <= now
    leaving = lines if is_open else [line for line in lines if line.notification.is_urgent]
    if len(leaving) < len(lines):
        if not turn.is_held:
            count_held(turn.person, len(lines) - len(leaving))
        _hold(turn, min(opens, now + ASKS_AGAIN_AFTER))
    else:
        turn.delete()
    if not leaving:
        return None
    try:
        with transaction.atomic():
            carry = _write(channel, turn.person, leaving)
            note_as_told(turn.person, turn.channel, leaving)
    except Exception:
        # One person's text must not keep the others waiting.
        logger.exception("delivery.not_written", extra={"channel": channel.name, "person": turn.person_id})
        _try_later(turn)
        return None
    before = {line.notification.subject: told.get(line.notification.subject) for line in leaving}
    return Parcel(turn, carry, before) if carry is not None else None


def _waiting(channel: Channel, person: Person) -> tuple[list[InboxLine], dict[str, datetime]]:
    """Return the unread lines that this channel carries at once and has not told, and what it told when."""
    lines = unread_lines(person)
    if not lines:
        return [], {}
    chosen = choices_of(person)[channel.name]
    subjects = [line.notification.subject for line in lines]
    told = dict(_told(person.id, channel.name, subjects))
    return [line for line in lines if _is_carried(line, chosen, told)], told


@prepared
def _told(person_id: UUID, channel: str, subjects: list[str]) -> QuerySet[Told, tuple[str, datetime]]:
    among = any_of("delivery_told.subject", subjects, array="text[]")
    rows = Told.objects.filter(among, person_id=person_id, channel=channel)
    return rows.values_list("subject", "through_at")


def _is_carried(line: InboxLine, chosen: dict[str, Chosen], told: dict[str, datetime]) -> bool:
    row = line.notification
    through = told.get(row.subject)
    is_new = through is None or row.happened_at > through
    return is_new and is_now(chosen[kind_of(row.reason)].when, is_urgent=row.is_urgent)


def _write(channel: Channel, person: Person, lines: list[InboxLine]) -> Carry | None:
    with translation.override(person.language or person.organization.default_language):
        return channel.write(person, lines)


def _hold(turn: Turn, until: datetime) -> None:
    turn.is_held, turn.due_at, turn.attempts = True, until, 0
    turn.save(update_fields=["is_held", "due_at", "attempts"])


def _hand_over(organization: UUID, parcel: Parcel) -> bool:
    """Do the network; tell whether it is known to have left."""
    try:
        parcel.carry()
    except TryLater as reason:
        logger.info("delivery.later", extra={"channel": parcel.turn.channel, "reason": str(reason)})
        with organization_scope(organization):
            _untell(parcel)
            _try_later(parcel.turn, at_least=reason.after)
        return False
    except Exception:
        logger.exception("delivery.failed", extra={"channel": parcel.turn.channel})
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
    if not is_new and not planned.is_held:
        # Something newer waits already: together, and not before the other side had its pause.
        Turn.objects.filter(pk=planned.pk).update(due_at=due_at, attempts=F("attempts") + 1)
