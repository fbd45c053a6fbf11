"""What can happen to people and organizations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PersonEvent(DomainEvent):
    """Something happened to one person."""

    person_id: UUID
    person_name: str

    def topics(self) -> list[str]:
        """Tell the directory's readers."""
        return ["organization"]


@dataclass(frozen=True, kw_only=True)
class PersonJoined(PersonEvent):
    """Somebody became an active member or guest of the organization."""

    changes_access: ClassVar[bool] = True

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("%(name)s joined the organization.") % {"name": self.person_name}


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(PersonEvent):
    """Somebody's profile says something else."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("%(name)s changed their profile.") % {"name": self.person_name}


@dataclass(frozen=True, kw_only=True)
class RolesChanged(PersonEvent):
    """Somebody became administrator or moderator, or no longer is."""

    changes_access: ClassVar[bool] = True

    is_administrator: bool
    is_moderator: bool

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The roles of %(name)s changed.") % {"name": self.person_name}


@dataclass(frozen=True, kw_only=True)
class PersonAccessEnded(PersonEvent):
    """Somebody left or was removed or suspended: every open stream of theirs ends."""

    changes_access: ClassVar[bool] = True

    # "left" or "suspended"
    state: str = "left"

    def topics(self) -> list[str]:
        """Tell the person's own windows."""
        return [f"person:{self.person_id}"]

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("%(name)s no longer takes part.") % {"name": self.person_name}


@dataclass(frozen=True, kw_only=True)
class PersonFollowed(DomainEvent):
    """Somebody follows somebody."""

    follower_id: UUID
    followed_id: UUID

    def topics(self) -> list[str]:
        """Only the follower's own windows care."""
        return [f"person:{self.follower_id}"]


@dataclass(frozen=True, kw_only=True)
class InvitationEvent(DomainEvent):
    """A way in was opened or closed: only the audit trail hears of it."""

    is_audited: ClassVar[bool] = True

    invitation_id: UUID
    email: str


@dataclass(frozen=True, kw_only=True)
class InvitationMade(InvitationEvent):
    """Somebody was asked in, or a link for several was made; `email` is empty then."""

    kind: str
    is_administrator: bool = False

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return (
            _("%(email)s was invited.") % {"email": self.email} if self.email else _("An open link was made.")
        )


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(InvitationEvent):
    """A new link replaced the one before."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("An invitation got a new link.")


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(InvitationEvent):
    """A way in was closed."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("An invitation was revoked.")


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(InvitationEvent):
    """Somebody came in through an invitation."""

    person_id: UUID

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("An invitation was accepted.")


@dataclass(frozen=True, kw_only=True)
class OrganizationChanged(DomainEvent):
    """The organization's name, logo or rules changed."""

    is_audited: ClassVar[bool] = True

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The settings of the organization changed.")


@dataclass(frozen=True, kw_only=True)
class UnitChanged(DomainEvent):
    """The organization chart is another one: a unit was added, renamed, moved, merged or removed."""

    is_audited: ClassVar[bool] = True

    unit_id: UUID
    name: str
    change: str
    # The name before, or that of the unit it went into.
    other: str = ""

    def topics(self) -> list[str]:
        """Tell the directory's readers."""
        return ["organization"]

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        texts = {
            "added": _("The unit %(name)s was added."),
            "renamed": _("The unit %(other)s is now called %(name)s."),
            "moved": _("The unit %(name)s moved: %(other)s."),
            "merged": _("The unit %(name)s was merged into %(other)s."),
            "removed": _("The unit %(name)s was removed."),
        }
        return texts[self.change] % {"name": self.name, "other": self.other or _("at the top")}
