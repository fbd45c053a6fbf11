"""Polls as their readers see them: results only when they may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from parvis.polls.models import FEWEST_ANONYMOUS_VOTES, Option, Poll, Vote, Voter


@dataclass(frozen=True, kw_only=True)
class PollDraft:
    """What an author asks."""

    options: Sequence[str]
    is_multiple: bool = False
    is_anonymous: bool = False
    shows_results: str = Poll.Results.ALWAYS
    closes_at: datetime | None = None


@dataclass(frozen=True)
class OptionView:
    """One choice; `votes` is None while results are not shown."""

    id: UUID
    text: str
    is_mine: bool
    votes: int | None = None


@dataclass(frozen=True)
class PollView:
    """A poll as one viewer may see it."""

    id: UUID
    is_multiple: bool
    is_anonymous: bool
    shows_results: str
    closes_at: datetime | None
    is_open: bool
    voter_count: int
    has_voted: bool
    options: list[OptionView] = field(default_factory=list)

    @property
    def has_results(self) -> bool:
        """Tell whether the viewer sees how the others voted."""
        return bool(self.options) and self.options[0].votes is not None

    @property
    def is_too_small(self) -> bool:
        """Tell whether an ended anonymous poll has too few votes to be shown."""
        return self.is_anonymous and not self.is_open and self.voter_count < FEWEST_ANONYMOUS_VOTES


def shown_polls(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return the polls of these visible entries, with what the viewer chose."""
    options = Option.objects.filter(poll=OuterRef("pk")).order_by("position")
    mine = Vote.objects.filter(poll=OuterRef("pk"), person=viewer)
    annotated: QuerySet[Any, Any] = Poll.objects.filter(entry_id__in=entry_ids).annotate(
        of=F("entry_id"),
        details=JSONObject(
            id=Cast("id", CharField()),
            is_multiple=F("is_multiple"),
            is_anonymous=F("is_anonymous"),
            shows_results=F("shows_results"),
            closes_at=F("closes_at"),
            closed_at=F("closed_at"),
            voter_count=F("voter_count"),
            has_voted=Exists(Voter.objects.filter(poll=OuterRef("pk"), person=viewer)),
            mine=ArraySubquery(mine.values(json=Cast("option_id", CharField()))),
            options=ArraySubquery(
                options.values(json=JSONObject(id=Cast("id", CharField()), text=F("text"), votes=F("votes")))
            ),
        ),
    )
    return annotated


def view_of(details: dict[str, Any]) -> PollView:
    """Return a row of `shown_polls` without what its viewer may not see yet."""
    closes_at = datetime.fromisoformat(details["closes_at"]) if details["closes_at"] else None
    is_open = details["closed_at"] is None and (closes_at is None or closes_at > timezone.now())
    shown, mine = _shows_results(details, is_open), set(details["mine"])
    return PollView(
        id=UUID(details["id"]),
        is_multiple=details["is_multiple"],
        is_anonymous=details["is_anonymous"],
        shows_results=details["shows_results"],
        closes_at=closes_at,
        is_open=is_open,
        voter_count=details["voter_count"],
        has_voted=details["has_voted"],
        options=[
            OptionView(UUID(one["id"]), one["text"], one["id"] in mine, votes=one["votes"] if shown else None)
            for one in details["options"]
        ],
    )


def _shows_results(details: dict[str, Any], is_open: bool) -> bool:
    if details["is_anonymous"]:
        return not is_open and details["voter_count"] >= FEWEST_ANONYMOUS_VOTES
    if details["shows_results"] == Poll.Results.VOTED:
        return details["has_voted"] or not is_open
    return details["shows_results"] == Poll.Results.ALWAYS or not is_open


def find_poll(viewer: Person | None, entry_id: UUID) -> Poll:
    """Return the poll of an entry that the viewer may read; `NotFound` otherwise."""
    polls = Poll.objects.select_related("entry__space", "entry__author")
    poll: Poll | None = polls.filter(entry_id=entry_id, entry__in=Entry.objects.visible_to(viewer)).first()
    if poll is None:
        raise NotFound
    return poll


def asked_in(entry: Entry) -> PollDraft | None:
    """Return what a post of one's own asks, as it was asked; None for nothing."""
    poll: Poll | None = Poll.objects.filter(entry=entry).first()
    if poll is None:
        return None
    return PollDraft(
        options=list(poll.options.order_by("position").values_list("text", flat=True)),
        is_multiple=poll.is_multiple,
        is_anonymous=poll.is_anonymous,
        shows_results=poll.shows_results,
        closes_at=poll.closes_at,
    )


def poll_view(viewer: Person, poll: Poll) -> PollView:
    """Return a poll that was looked up as the viewer may see it."""
    return view_of(shown_polls(viewer, [poll.entry_id]).values_list("details", flat=True).get())


def ballots_of(viewer: Person, poll: Poll) -> dict[UUID, list[Person]]:
    """Return who chose what in a poll with names, by option; `NotFound` while that may not be seen."""
    if poll.is_anonymous or not poll_view(viewer, poll).has_results:
        raise NotFound
    chosen: dict[UUID, list[Person]] = {}
    votes = Vote.objects.filter(poll=poll).select_related("person").order_by("person__sort_name")
    for vote in votes:
        chosen.setdefault(vote.option_id, []).append(vote.person)
    return chosen
