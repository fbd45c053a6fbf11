"""Below the text of an announcement: what it asks of the viewer, or how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from parvis.announcements.models import NAME, Announcement
from parvis.announcements.queries import Progress, moment_of, question_in, shown_on_cards
from parvis.content.models import Entry
from parvis.content.parts import Part, register
from parvis.foundation.addresses import reverse
from parvis.people.models import Person
from parvis.spaces.models import Membership
from parvis.spaces.policy import roles_of


@dataclass(frozen=True, kw_only=True)
class AnnouncementFace:
    """What a card shows below the text."""

    entry_id: str
    author: str
    space: str
    version: int
    asks: bool
    question: str
    deadline: datetime | None
    is_late: bool
    # Whether it is for the viewer; when they acknowledged, and which version.
    is_mine: bool
    acknowledged_at: datetime | None
    acknowledged_version: int
    managers_see: bool
    progress: Progress | None
    url: str
    progress_url: str
    part_url: str

    @property
    def waits(self) -> bool:
        """Tell whether the viewer has to acknowledge it."""
        return self.asks and self.is_mine and self.acknowledged_at is None


def details_of(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return what stands beside these visible entries."""
    return shown_on_cards(viewer, entry_ids)


def face(viewer: Person, entry: Entry, details: dict[str, Any]) -> AnnouncementFace:
    """Return an announcement ready for its template."""
    mine, deadline = details["mine"] or {}, moment_of(details["deadline"])
    is_done = bool(mine) and mine["version"] >= max(details["asked_version"], 1)
    return AnnouncementFace(
        entry_id=str(entry.id),
        author=entry.author.full_name,
        space=entry.space.name,
        version=entry.version,
        asks=details["asks"],
        question=question_in(details["question_en"], details["question_fr"]),
        deadline=deadline,
        is_late=deadline is not None and deadline <= timezone.now(),
        is_mine=bool(mine),
        acknowledged_at=moment_of(mine["at"]) if is_done else None,
        acknowledged_version=mine["version"] if is_done else 0,
        managers_see=details["escalation"] == Announcement.Escalation.MANAGERS,
        progress=_progress(details["progress"]) if details["asks"] else None,
        url=reverse("announcements:acknowledgement", args=[entry.id]),
        progress_url=reverse("announcements:progress", args=[entry.id]) if _follows(viewer, entry) else "",
        part_url=reverse("announcements:part", args=[entry.id]),
    )


def _progress(counted: dict[str, int] | None) -> Progress | None:
    return Progress(counted["done"], counted["total"]) if counted else None


def _follows(viewer: Person, entry: Entry) -> bool:
    is_theirs = entry.author_id == viewer.id or roles_of(viewer).get(entry.space_id) == Membership.Role.HOST
    return is_theirs and not entry.is_unpublished


ANNOUNCEMENT = register(
    Part(name=NAME, template="announcements/part.html", rows=details_of, face=face, position=5)
)
