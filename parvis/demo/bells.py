"""What waits behind the bells: as if each person had last looked some hours ago."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Max

from parvis.content.models import Entry, Reaction
from parvis.demo.reading import World
from parvis.demo.walls import Written
from parvis.moderation.models import Report
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.spaces.models import Space

RECENT = timedelta(days=30)
UNREAD_WITHIN = timedelta(days=5)
ACTORS_SHOWN = 5


@dataclass
class Calls:
    """The entries of one thread that call for one person's attention, the latest last."""

    items: list[Written] = field(default_factory=list)
    mentions: set[UUID] = field(default_factory=set)
    begun_by: UUID | None = None


def ring(
    world: World,
    people: dict[str, Person],
    spaces: dict[str, Space],
    written: list[Written],
    *,
    now: datetime,
    ringing: tuple[str, ...],
) -> None:
    """Fill everybody's inbox by the product's recipe; the logins that are printed find some of it unread."""
    lines: list[Notification] = []
    for person_id, threads in _calls(written).items():
        lines += _lines_of(person_id, threads, now=now, ringing={people[key].id for key in ringing})
    lines += _reactions({people[key].id for key in ringing}, now=now)
    lines += _requests_and_invitations(people, spaces, now=now)
    lines.append(_reports(people, spaces, written, now=now))
    Notification.objects.bulk_create(lines)


def _calls(written: list[Written]) -> dict[UUID, dict[UUID, Calls]]:
    """Who hears of what: the mentioned, and whoever had taken part in the thread before."""
    calls: dict[UUID, dict[UUID, Calls]] = defaultdict(lambda: defaultdict(Calls))
    parts: dict[UUID, set[UUID]] = defaultdict(set)
    begun_by = {item.entry.id: item.entry.author_id for item in written if item.entry.thread_id is None}
    for item in sorted(written, key=lambda each: each.entry.published_at):
        thread = item.entry.thread_id or item.entry.id
        mentioned = {person.id for person in item.text.mentioned}
        for person_id in (mentioned | parts[thread]) - {item.entry.author_id}:
            calls[person_id][thread].items.append(item)
            calls[person_id][thread].begun_by = begun_by.get(thread)
            if person_id in mentioned:
                calls[person_id][thread].mentions.add(item.entry.id)
        parts[thread].add(item.entry.author_id)
    return calls


def _lines_of(
    person_id: UUID, threads: dict[UUID, Calls], *, now: datetime, ringing: set[UUID]
) -> Iterator[Notification]:
    wanted = 4 if person_id in ringing else zlib.crc32(person_id.bytes) % 3
    newest_first = sorted(
        threads.items(), key=lambda pair: pair[1].items[-1].entry.published_at, reverse=True
    )
    for place, (thread, calls) in enumerate(newest_first):
        last = calls.items[-1].entry
        if now - last.published_at > RECENT:
            return
        unread = place < wanted and now - last.published_at < UNREAD_WITHIN
        fresh = [item for item in calls.items if now - item.entry.published_at < UNREAD_WITHIN]
        by_mention = bool(
            calls.mentions & {item.entry.id for item in (fresh if unread else calls.items[-1:])}
        )
        told = fresh if unread else calls.items[-1:]
        yield Notification(
            person_id=person_id,
            subject=f"thread:{thread}",
            reason=_reason(person_id, calls, by_mention=by_mention),
            entry=_leads_to(told, calls.mentions),
            actor_ids=_latest_authors(told),
            entry_ids=[item.entry.id for item in reversed(told)],
            unread_count=len(fresh) if unread else 0,
            happened_at=last.published_at,
            read_at=None if unread else min(now, last.published_at + timedelta(hours=5)),
        )


def _reason(person_id: UUID, calls: Calls, *, by_mention: bool) -> str:
    reasons = Notification.Reason
    if by_mention:
        return reasons.MENTION
    return reasons.OWN_THREAD if calls.begun_by == person_id else reasons.REPLY


def _leads_to(told: list[Written], mentions: set[UUID]) -> Entry:
    """A line leads to the mention, else to the first of what is new."""
    return next((item.entry for item in told if item.entry.id in mentions), told[0].entry)


def _reactions(ringing: set[UUID], *, now: datetime) -> Iterator[Notification]:
    """One quiet line for each recent post that others reacted to."""
    recent = Reaction.objects.filter(entry__author__in=ringing, entry__published_at__gte=now - RECENT)
    others = recent.exclude(person_id=F("entry__author_id")).values("entry_id", "entry__author_id")
    for row in others.annotate(last=Max("created_at")).order_by("entry_id"):
        yield Notification(
            person_id=row["entry__author_id"],
            subject=f"reactions:{row['entry_id']}",
            reason=Notification.Reason.REACTION,
            entry_id=row["entry_id"],
            unread_count=0,
            happened_at=row["last"],
            read_at=row["last"],
        )


def _latest_authors(items: list[Written]) -> list[UUID]:
    newest_first = (item.entry.author_id for item in reversed(items))
    return list(dict.fromkeys(newest_first))[:ACTORS_SHOWN]


def _requests_and_invitations(
    people: dict[str, Person], spaces: dict[str, Space], *, now: datetime
) -> list[Notification]:
    reasons = Notification.Reason
    rows = (
        ("nadia.belkacem", "requests", reasons.JOIN_REQUEST, "kevin.marchetti", "falkenau", 100),
        ("sofiane.meziane", "invitation", reasons.SPACE_INVITATION, "leila.farahani", "data", 1200),
        ("priya.nair", "invitation", reasons.SPACE_INVITATION, "camille.thevenet", "zero-leaks", 1200),
    )
    return [
        Notification(
            person=people[key],
            subject=f"{subject}:{spaces[space].id}",
            reason=reason,
            space=spaces[space],
            actor_ids=[people[actor].id],
            happened_at=now - timedelta(minutes=minutes),
        )
        for key, subject, reason, actor, space, minutes in rows
    ]


def _reports(
    people: dict[str, Person], spaces: dict[str, Space], written: list[Written], *, now: datetime
) -> Notification:
    """An advertisement and a closed space that somebody reported wait for a moderator."""
    entry = next(item.entry for item in written if item.line.title.startswith("Panneaux solaires"))
    Report.objects.create(
        entry=entry,
        reporter=people["dominique.faure"],
        reason=Report.Reason.SPAM,
        message="C'est gentil, mais c'est de la publicité.",
        quoted_text=f"{entry.title}\n{entry.body_text}",
        created_at=now - timedelta(minutes=70),
    )
    space = spaces["calder"]
    Report.objects.create(
        space=space,
        reporter=people["priya.nair"],
        reason=Report.Reason.PRIVATE,
        message="The street names are in the open here. Do the tenants know?",
        quoted_text="\n".join(filter(None, [space.name, space.objective, space.description])),
        created_at=now - timedelta(minutes=95),
    )
    return Notification(
        person=people["alexis.roman"],
        subject="reports",
        reason=Notification.Reason.REPORT,
        actor_ids=[people["dominique.faure"].id, people["priya.nair"].id],
        unread_count=2,
        happened_at=now - timedelta(minutes=70),
    )
