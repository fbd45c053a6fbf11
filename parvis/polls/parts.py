"""The poll below the text of a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.content import policy as content_policy
from parvis.content.models import Entry
from parvis.content.parts import Part, register
from parvis.foundation.addresses import reverse
from parvis.people.models import Person
from parvis.polls.models import FEWEST_ANONYMOUS_VOTES
from parvis.polls.queries import PollView, shown_polls, view_of
from parvis.spaces import policy as spaces_policy


@dataclass(frozen=True)
class PollFace:
    """A poll and the addresses of what the viewer may do with it."""

    entry_id: str
    title: str
    poll: PollView
    fewest: int = FEWEST_ANONYMOUS_VOTES
    vote_url: str = ""
    closing_url: str = ""
    ballots_url: str = ""


def face(viewer: Person, entry: Entry, details: dict[str, Any]) -> PollFace:
    """Return a poll ready to be shown."""
    poll = view_of(details)
    may_vote = poll.is_open and content_policy.can(viewer, "react", entry)
    is_final = poll.is_anonymous and poll.has_voted
    is_theirs = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return PollFace(
        entry_id=str(entry.id),
        title=entry.title or entry.body_text[:80],
        poll=poll,
        vote_url=reverse("polls:vote", args=[entry.id]) if may_vote and not is_final else "",
        closing_url=reverse("polls:closing", args=[entry.id]) if poll.is_open and is_theirs else "",
        ballots_url=reverse("polls:ballots", args=[entry.id])
        if poll.has_results and not poll.is_anonymous and poll.voter_count
        else "",
    )


POLL = register(Part(name="poll", template="polls/poll.html", rows=shown_polls, face=face, position=10))
