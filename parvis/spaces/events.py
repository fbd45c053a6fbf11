"""What can happen to spaces and in their doorways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.foundation.events import EVERYONE, DomainEvent


@dataclass(frozen=True, kw_only=True)
class SpaceEvent(DomainEvent):
    """Something happened in a space; heard by those who can read it."""

    space_id: UUID

    def topics(self) -> list[str]:
        """Tell the space's readers."""
        return [f"space:{self.space_id}"]


@dataclass(frozen=True, kw_only=True)
class SpaceCreated(SpaceEvent):
    """A space opened."""

    changes_access: ClassVar[bool] = True

    name: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The space “%(name)s” was created.") % {"name": self.name}


@dataclass(frozen=True, kw_only=True)
class SpaceChanged(SpaceEvent):
    """A space's description or rules changed; `access_changed` when its readers may be others now."""

    is_audited: ClassVar[bool] = True

    access_changed: bool = False

    def access_changed_for(self) -> Iterable[UUID | str]:
        """Ask about everybody again, but only when the rules changed."""
        return (EVERYONE,) if self.access_changed else ()


@dataclass(frozen=True, kw_only=True)
class SpaceArchived(SpaceEvent):
    """A space can be read and no longer written to."""

    is_audited: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class SpaceReopened(SpaceEvent):
    """An archived space can be written to again."""

    is_audited: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class MembershipEvent(SpaceEvent):
    """Somebody's place in a space changed; `MyPlaceChanged` tells that person's own windows."""

    changes_access: ClassVar[bool] = True

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class MyPlaceChanged(DomainEvent):
    """One's own place in a space changed, or is asked for: one's windows refresh what depends on it."""

    person_id: UUID
    place_id: UUID

    def topics(self) -> list[str]:
        """Tell only that person's windows."""
        return [f"person:{self.person_id}"]

    def live_id(self) -> UUID:
        """Name the space in live frames."""
        return self.place_id


@dataclass(frozen=True, kw_only=True)
class MemberJoined(MembershipEvent):
    """Somebody is now a member."""


@dataclass(frozen=True, kw_only=True)
class MemberLeft(MembershipEvent):
    """Somebody left or was removed: what they may no longer read must vanish from their windows."""


@dataclass(frozen=True, kw_only=True)
class RoleChanged(MembershipEvent):
    """Somebody became host, or no longer is."""

    role: str


@dataclass(frozen=True, kw_only=True)
class JoinRequested(DomainEvent):
    """Somebody asks to join a closed space."""

    space_id: UUID
    person_id: UUID
    request_id: UUID
    host_ids: tuple[UUID, ...] = ()

    def topics(self) -> list[str]:
        """Tell the hosts and the person, nobody else."""
        return [f"person:{person_id}" for person_id in (*self.host_ids, self.person_id)]


@dataclass(frozen=True, kw_only=True)
class JoinRequestAnswered(DomainEvent):
    """A host accepted or declined."""

    is_audited: ClassVar[bool] = True

    space_id: UUID
    person_id: UUID
    request_id: UUID
    is_accepted: bool
    host_ids: tuple[UUID, ...] = ()

    def topics(self) -> list[str]:
        """Tell the hosts, whose list gets shorter, and the person."""
        return [f"person:{person_id}" for person_id in (*self.host_ids, self.person_id)]


@dataclass(frozen=True, kw_only=True)
class InvitedToSpace(DomainEvent):
    """A host asks somebody to join."""

    space_id: UUID
    person_id: UUID
    invitation_id: UUID

    def topics(self) -> list[str]:
        """Tell the person."""
        return [f"person:{self.person_id}"]
