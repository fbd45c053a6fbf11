"""Who announces where, and who sees who has acknowledged. Reading is content's rule."""

from __future__ import annotations

from parvis.announcements.models import Announcement, Announcer
from parvis.foundation.policy import PolicyTable
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space

RULES = PolicyTable("announcements")


def can(viewer: Person | None, action: str, announcement: Announcement) -> bool:
    """Return whether the viewer, who can see the entry, may do this with it."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, announcement)


def may_announce_in(viewer: Person, space: Space) -> bool:
    """Hosts announce in their space; to the whole organization, administrators and whom they granted it."""
    if viewer.is_guest or not space.is_active:
        return False
    if space.is_everyone:
        return spaces_policy.is_member(viewer, space) and announces_to_all(viewer)
    return spaces_policy.is_host(viewer, space)


def announces_to_all(viewer: Person) -> bool:
    """Tell whether somebody may announce to the whole organization."""
    return viewer.is_administrator or Announcer.objects.filter(person=viewer).exists()


def may_grant(viewer: Person) -> bool:
    """Administrators say who may announce to the whole organization."""
    return people_policy.can(viewer, "administer", viewer.organization)


@RULES.rule("follow")
def _follow(viewer: Person, announcement: Announcement) -> bool:
    """Who has acknowledged and who has not is a list of names: its author's and the hosts', as its card says."""
    entry = announcement.entry
    is_theirs = entry.author_id == viewer.id or spaces_policy.can(viewer, "manage", entry.space)
    return is_theirs and not entry.is_unpublished


@RULES.rule("follow_own_reports")
def _follow_own_reports(viewer: Person, announcement: Announcement) -> bool:
    """Where its author chose that managers get the list, each sees those who report to them."""
    return announcement.asks and announcement.escalation == Announcement.Escalation.MANAGERS
