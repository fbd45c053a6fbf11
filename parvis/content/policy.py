"""Who may do what with an entry. Seeing is `Entry.objects.visible_to`, never a rule here."""

from __future__ import annotations

from parvis.content.models import Entry
from parvis.foundation.policy import PolicyTable
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy

RULES = PolicyTable("content")


def can(viewer: Person | None, action: str, entry: Entry) -> bool:
    """Return whether the viewer, who can see the entry, may do this with it."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, entry)


@RULES.rule("reply")
def _reply(viewer: Person, entry: Entry) -> bool:
    return not entry.is_deleted and spaces_policy.can(viewer, "reply", entry.space)


@RULES.rule("react")
def _react(viewer: Person, entry: Entry) -> bool:
    return not entry.is_deleted and spaces_policy.can(viewer, "react", entry.space)


@RULES.rule("edit")
def _edit(viewer: Person, entry: Entry) -> bool:
    """Only its author changes what an entry says."""
    is_theirs = entry.author_id == viewer.id
    return is_theirs and not entry.is_deleted and spaces_policy.can(viewer, "reply", entry.space)


@RULES.rule("delete")
def _delete(viewer: Person, entry: Entry) -> bool:
    """The author, or a host of the space."""
    may = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return may and not entry.is_deleted


@RULES.rule("restore")
def _restore(viewer: Person, entry: Entry) -> bool:
    may = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return may and entry.is_deleted


@RULES.rule("pin")
def _pin(viewer: Person, entry: Entry) -> bool:
    return entry.is_root and not entry.is_deleted and spaces_policy.can(viewer, "pin", entry.space)


@RULES.rule("view_history")
def _view_history(viewer: Person, entry: Entry) -> bool:
    """Whoever reads an edited entry may see what it said before; a deleted text is gone for all."""
    return not entry.is_deleted


@RULES.rule("report")
def _report(viewer: Person, entry: Entry) -> bool:
    return entry.author_id != viewer.id and not entry.is_deleted
