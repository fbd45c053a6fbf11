"""Polls: read, vote, take a vote back, end. One is asked with `POST /entries` (`poll`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.schemas.polls import PollIn, PollOut, VoteIn
from parvis.people.models import Person
from parvis.polls import actions, queries
from parvis.polls.models import Poll
from parvis.polls.queries import PollDraft

router = Router(tags=["polls"])


def poll_draft(payload: PollIn) -> PollDraft:
    """Return what a client asks."""
    return PollDraft(
        options=payload.options,
        is_multiple=payload.is_multiple,
        is_anonymous=payload.is_anonymous,
        shows_results=payload.shows_results,
        closes_at=payload.closes_at,
    )


@router.get(
    "/entries/{uuid:entry_id}/poll", response={200: PollOut, **PROBLEMS}, summary="The poll of an entry"
)
def show(request: HttpRequest, entry_id: UUID) -> Any:
    """Choices, my votes, and the tallies where I may see them yet (else `votes` is null)."""
    viewer = viewer_of(request)
    return _row(viewer, queries.find_poll(viewer, entry_id))


@router.put("/entries/{uuid:entry_id}/poll/vote", response={200: PollOut, **PROBLEMS}, summary="Vote")
def vote(request: HttpRequest, entry_id: UUID, payload: VoteIn) -> Any:
    """Vote, or change one's vote. In an anonymous poll a vote is final: 422 for a second one."""
    viewer = viewer_of(request)
    poll = queries.find_poll(viewer, entry_id)
    actions.vote(voter=viewer, poll=poll, option_ids=payload.options)
    return _row(viewer, queries.find_poll(viewer, entry_id))


@router.delete("/entries/{uuid:entry_id}/poll/vote", response=DONE, summary="Take a vote back")
def take_back(request: HttpRequest, entry_id: UUID) -> Any:
    """Vote no more; not possible in an anonymous poll."""
    viewer = viewer_of(request)
    actions.take_vote_back(voter=viewer, poll=queries.find_poll(viewer, entry_id))
    return Status(204, None)


@router.put(
    "/entries/{uuid:entry_id}/poll/closing", response={200: PollOut, **PROBLEMS}, summary="End a poll"
)
def close(request: HttpRequest, entry_id: UUID) -> Any:
    """End a poll before its time, as its author or as a host."""
    viewer = viewer_of(request)
    actions.close_poll(actor=viewer, poll=queries.find_poll(viewer, entry_id))
    return _row(viewer, queries.find_poll(viewer, entry_id))


def _row(viewer: Person, poll: Poll) -> dict[str, Any]:
    view = queries.poll_view(viewer, poll)
    return {
        "id": view.id,
        "is_multiple": view.is_multiple,
        "is_anonymous": view.is_anonymous,
        "shows_results": view.shows_results,
        "closes_at": view.closes_at,
        "is_open": view.is_open,
        "voter_count": view.voter_count,
        "has_voted": view.has_voted,
        "options": [
            {"id": option.id, "text": option.text, "is_mine": option.is_mine, "votes": option.votes}
            for option in view.options
        ],
    }
