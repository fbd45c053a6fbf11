"""Reads about announcements: what I have to acknowledge, and how far one's own has come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from parvis.announcements.models import (
    Acknowledgement,
    Announcement,
    Announcer,
    Edition,
    Recipient,
)
from parvis.announcements.policy import can
from parvis.announcements.reasons import read_subject
from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.people.models import Person, sort_key
from parvis.spaces.models import Membership
from parvis.spaces.policy import roles_of

PAGE = 50


@dataclass(frozen=True)
class Progress:
    """How many of how many."""

    acknowledged: int
    total: int
    name: str = ""

    @property
    def missing(self) -> int:
        """Return how many have not acknowledged."""
        return self.total - self.acknowledged

    @property
    def percent(self) -> int:
        """Return the share, never a hundred before it is whole."""
        return 100 * self.acknowledged // self.total if self.total else 0


def question_of(announcement: Announcement, language: str = "") -> str:
    """Return what people are asked, in their language: the author's words, or the usual ones."""
    return question_in(announcement.question_en, announcement.question_fr, language)


def question_in(english: str, french: str, language: str = "") -> str:
    """Return the question in a language; an author's words of the other one before the usual ones."""
    language = language or get_language() or "en"
    first, second = (french, english) if language.startswith("fr") else (english, french)
    if first or second:
        return first or second
    with override(language):
        return _("I have read and understood")


def asked_by(subjects: Iterable[str]) -> dict[str, Announcement]:
    """Return what lines of these subjects ask to acknowledge, in one query; a line of something else asks nothing."""
    named = {subject: found for subject in subjects if (found := read_subject(subject)) is not None}
    if not named:
        return {}
    rows = Announcement.objects.filter(
        asks=True, entry__in={entry_id for entry_id, _version in named.values()}
    )
    asking = {row.entry_id: row for row in rows}
    return {
        subject: asking[entry_id] for subject, (entry_id, _version) in named.items() if entry_id in asking
    }


def find_announcement(viewer: Person | None, entry_id: UUID) -> Announcement:
    """Return the announcement of an entry that the viewer may read; `NotFound` otherwise."""
    announcements = Announcement.objects.select_related("entry__space", "entry__author")
    visible = Entry.objects.visible_to(viewer).filter(pk=entry_id)
    found: Announcement | None = announcements.filter(entry__in=visible).first()
    if found is None:
        raise NotFound
    return found


def find_followed(viewer: Person, entry_id: UUID) -> Announcement:
    """Return an announcement whose names the viewer may see; `NotFound` otherwise."""
    announcement = find_announcement(viewer, entry_id)
    if not can(viewer, "follow", announcement):
        raise NotFound
    return announcement


def current_recipients(announcement: Announcement) -> QuerySet[Recipient]:
    """Return those who got it and can still read it."""
    found: QuerySet[Recipient] = Recipient.objects.filter(announcement=announcement, removed_at__isnull=True)
    return found


def has_acknowledged(announcement: Announcement) -> Q:
    """Say who of the recipients has acknowledged what is asked now."""
    return Q(acknowledged_version__gte=max(announcement.asked_version, 1))


# Of mine


def to_acknowledge(viewer: Person) -> QuerySet[Announcement]:
    """Return what waits for the viewer, the nearest deadline first."""
    waiting = Recipient.objects.filter(
        announcement=OuterRef("pk"),
        person=viewer,
        removed_at__isnull=True,
        acknowledged_version__lt=OuterRef("asked_version"),
    )
    found: QuerySet[Announcement] = Announcement.objects.filter(asks=True, asked_at__isnull=False).filter(
        Exists(waiting), entry__in=Entry.objects.visible_to(viewer)
    )
    return found.select_related("entry__space", "entry__author").order_by(
        F("deadline").asc(nulls_last=True), "asked_at", "id"
    )


def received(viewer: Person) -> QuerySet[Announcement]:
    """Return what the viewer got and need not, or need no longer, acknowledge; the newest first."""
    mine = Recipient.objects.filter(announcement=OuterRef("pk"), person=viewer)
    settled = mine.filter(acknowledged_version__gte=OuterRef("asked_version"))
    found: QuerySet[Announcement] = Announcement.objects.filter(
        asked_at__isnull=False, entry__in=Entry.objects.visible_to(viewer)
    ).filter(Q(Exists(settled)) | Q(asks=False) & Q(Exists(mine)))
    when = mine.filter(acknowledged_version__gt=0).values("acknowledged_at")[:1]
    annotated: QuerySet[Announcement] = found.annotate(acknowledged_at=Subquery(when))
    return annotated.select_related("entry__space", "entry__author").order_by("-asked_at", "-id")


def recipient_of(viewer: Person, announcement: Announcement) -> Recipient | None:
    """Return the viewer's place among the recipients; None when it was not for them, or is no longer."""
    return current_recipients(announcement).filter(person=viewer).first()


# Of those who follow it


def followed(viewer: Person) -> QuerySet[Announcement]:
    """Return the announcements whose progress the viewer may follow, the newest first."""
    found: QuerySet[Announcement] = Announcement.objects.filter(
        asked_at__isnull=False, entry__in=Entry.objects.visible_to(viewer)
    ).filter(follows(viewer))
    return (
        found.annotate(total=Count("recipients", filter=Q(recipients__removed_at__isnull=True)))
        .annotate(acknowledged=Count("recipients", filter=_counts_as_acknowledged()))
        .select_related("entry__space", "entry__author")
        .order_by("-asked_at", "-id")
    )


def follows(viewer: Person) -> Q:
    """Say of which announcements the viewer sees the names: the same as the rule "follow"."""
    hosted = [id for id, role in roles_of(viewer).items() if role == Membership.Role.HOST]
    return Q(entry__author=viewer) | Q(entry__space_id__in=hosted)


def _counts_as_acknowledged() -> Q:
    return Q(recipients__removed_at__isnull=True, recipients__acknowledged_version__gte=F("asked_version"))


def progress_of(announcement: Announcement) -> Progress:
    """Return how many of how many have acknowledged."""
    counted = current_recipients(announcement).aggregate(
        total=Count("id"), acknowledged=Count("id", filter=has_acknowledged(announcement))
    )
    return Progress(counted["acknowledged"], counted["total"])


def progress_by_unit(announcement: Announcement) -> list[Progress]:
    """Return the same by unit, where most are missing first; people without a unit come last."""
    rows = (
        current_recipients(announcement)
        .values("unit_name")
        .annotate(total=Count("id"), acknowledged=Count("id", filter=has_acknowledged(announcement)))
        .order_by()
    )
    found = [Progress(row["acknowledged"], row["total"], row["unit_name"]) for row in rows]
    return sorted(found, key=lambda one: (not one.name, -one.missing, sort_key(one.name)))


def names_of(
    announcement: Announcement, *, state: str = "", unit: str | None = None, search: str = ""
) -> QuerySet[Recipient]:
    """Return the recipients, those who have not acknowledged first, by name."""
    done = has_acknowledged(announcement)
    found: QuerySet[Any] = current_recipients(announcement).annotate(
        is_done=Case(When(done, then=Value(True)), default=Value(False), output_field=BooleanField())
    )
    if state in ("done", "missing"):
        found = found.filter(is_done=state == "done")
    if unit is not None:
        found = found.filter(unit_name=unit)
    for word in search.split()[:6]:
        found = found.filter(person__sort_name__contains=sort_key(word))
    return found.select_related("person").order_by("is_done", "person__sort_name", "person_id")


def missing_reports(manager: Person, announcement: Announcement) -> QuerySet[Recipient]:
    """Return who of those who report to somebody has not acknowledged."""
    return names_of(announcement, state="missing").filter(person__manager=manager)


def acknowledgements_of(announcement: Announcement) -> QuerySet[Acknowledgement]:
    """Return every acknowledgement of every version, in the order of time."""
    found: QuerySet[Acknowledgement] = Acknowledgement.objects.filter(announcement=announcement)
    return found.select_related("person").order_by("acknowledged_at", "id")


def edition_of(announcement: Announcement, version: int) -> Edition | None:
    """Return a text as it was published."""
    found: Edition | None = Edition.objects.filter(announcement=announcement, version=version).first()
    return found


def fingerprint_of(title: str, body: str, files: Sequence[Sequence[str]]) -> str:
    """Return the SHA-256 of a text with its files: canonical JSON, so that anybody can compute it again."""
    content = {"title": title, "body": body, "files": [list(one) for one in files]}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def announcers() -> list[Announcer]:
    """Return who was granted to announce to the whole organization."""
    return list(Announcer.objects.select_related("person").order_by("person__sort_name"))


# On cards


def shown_on_cards(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return what the cards of these visible entries show: my own place, and the count for who may follow it."""
    mine = Recipient.objects.filter(announcement=OuterRef("pk"), person=viewer, removed_at__isnull=True)
    counted = (
        Recipient.objects.filter(announcement=OuterRef("pk"), removed_at__isnull=True)
        .order_by()
        .values("announcement")
        .annotate(
            json=JSONObject(
                total=Count("id"),
                done=Count("id", filter=Q(acknowledged_version__gte=F("announcement__asked_version"))),
            )
        )
        .values("json")
    )
    place = JSONObject(version=F("acknowledged_version"), at=F("acknowledged_at"))
    rows: QuerySet[Any, Any] = Announcement.objects.filter(entry_id__in=entry_ids).annotate(
        of=F("entry_id"),
        details=JSONObject(
            asks=F("asks"),
            question_en=F("question_en"),
            question_fr=F("question_fr"),
            deadline=F("deadline"),
            asked_version=F("asked_version"),
            escalation=F("escalation"),
            mine=Subquery(mine.values(json=place)),
            # Counted for those only who may see it: a feed's other readers do not pay for it.
            progress=Case(When(follows(viewer), then=Subquery(counted)), default=None),
        ),
    )
    return rows


def moment_of(text: str | None) -> datetime | None:
    """Return a moment as PostgreSQL writes it in JSON."""
    return datetime.fromisoformat(text) if text else None
