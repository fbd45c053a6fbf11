"""Who may do what with a poll, whose entry they can see."""

from __future__ import annotations

from parvis.content import policy as content_policy
from parvis.foundation.policy import PolicyTable
from parvis.people.models import Person
from parvis.polls.models import Poll
from parvis.spaces import policy as spaces_policy

RULES = PolicyTable("polls")


def can(viewer: Person | None, action: str, poll: Poll) -> bool:
    """Return whether the viewer, who can see the entry, may do this with its poll."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, poll)


@RULES.rule("vote")
def _vote(viewer: Person, poll: Poll) -> bool:
    """Whoever takes part in the conversation, until the end."""
    return poll.is_open and content_policy.can(viewer, "react", poll.entry)


@RULES.rule("close")
def _close(viewer: Person, poll: Poll) -> bool:
    """The author, or a host of the space."""
    entry = poll.entry
    is_theirs = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return is_theirs and poll.is_open and not entry.is_deleted
