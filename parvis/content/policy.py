"""Who may do what with an entry. Seeing is `Entry.objects.visible_to`, never a rule here."""

from __future__ import annotations

from parvis.content.kinds import Kind, find_kind
from parvis.content.models import Entry
from parvis.foundation.policy import PolicyTable
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space

RULES = PolicyTable("content")


def can(viewer: Person | None, action: str, entry: Entry) -> bool:
    """Return whether the viewer, who can see the entry, may do this with it."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, entry)


def may_start(viewer: Person | None, kind: Kind, space: Space) -> bool:
    """Return whether the viewer may start a thread of this kind in the space."""
    if viewer is None or not viewer.is_active:
        return False
    if kind.may_start is not None:
        return kind.may_start(viewer, space)
    return spaces_policy.can(viewer, "post", space)


def _is_there(entry: Entry) -> bool:
    """Tell whether an entry can be answered: a tombstone cannot, nor what is not published yet."""
    return not entry.is_deleted and not entry.is_unpublished


@RULES.rule("publish")
def _publish(viewer: Person, entry: Entry) -> bool:
    """Who works on a draft publishes or schedules it where they may start such an entry."""
    kind = find_kind(entry.kind)
    return kind is not None and _works_on(viewer, entry) and may_start(viewer, kind, entry.space)


@RULES.rule("discard")
def _discard(viewer: Person, entry: Entry) -> bool:
    """Only its author throws a text away that nobody has read."""
    return entry.is_unpublished and entry.author_id == viewer.id


def _works_on(viewer: Person, entry: Entry) -> bool:
    """The author, and for kinds whose drafts are shared the hosts: the same as `unpublished_for`."""
    kind = find_kind(entry.kind)
    is_shared = kind is not None and kind.hosts_see_drafts
    is_theirs = entry.author_id == viewer.id or (is_shared and spaces_policy.is_host(viewer, entry.space))
    return entry.is_unpublished and is_theirs


@RULES.rule("reply")
def _reply(viewer: Person, entry: Entry) -> bool:
    return _is_there(entry) and spaces_policy.can(viewer, "reply", entry.space)


@RULES.rule("react")
def _react(viewer: Person, entry: Entry) -> bool:
    return _is_there(entry) and spaces_policy.can(viewer, "react", entry.space)


@RULES.rule("edit")
def _edit(viewer: Person, entry: Entry) -> bool:
    """Only its author changes what an entry says; on a draft of a shared kind, the hosts work too."""
    is_theirs = entry.author_id == viewer.id or _works_on(viewer, entry)
    return is_theirs and not entry.is_deleted and spaces_policy.can(viewer, "reply", entry.space)


@RULES.rule("delete")
def _delete(viewer: Person, entry: Entry) -> bool:
    """The author, or a host of the space."""
    may = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return may and _is_there(entry)


@RULES.rule("restore")
def _restore(viewer: Person, entry: Entry) -> bool:
    may = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return may and entry.is_deleted


@RULES.rule("pin")
def _pin(viewer: Person, entry: Entry) -> bool:
    return entry.is_root and _is_there(entry) and spaces_policy.can(viewer, "pin", entry.space)


@RULES.rule("view_history")
def _view_history(viewer: Person, entry: Entry) -> bool:
    """Whoever reads an edited entry may see what it said before; a deleted text is gone for all."""
    return _is_there(entry)


@RULES.rule("report")
def _report(viewer: Person, entry: Entry) -> bool:
    return entry.author_id != viewer.id and _is_there(entry)
