"""What can happen to working time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class WorkingTimeChanged(DomainEvent):
    """These people, or all, may be reached at other times now: what waits for an hour looks again.

    Leave is among the causes, so that it is not kept in the audit trail and tells nothing of why.
    """

    person_ids: tuple[UUID, ...] = ()
    is_everybody: bool = False

    def topics(self) -> list[str]:
        """Tell the windows of these people."""
        return [f"person:{person_id}" for person_id in self.person_ids]


@dataclass(frozen=True, kw_only=True)
class PolicyEvent(DomainEvent):
    """Something happened to a policy of working time."""

    is_audited: ClassVar[bool] = True

    policy_id: UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class PolicySaved(PolicyEvent):
    """A policy has these hours now."""

    # As it reads, so that the trail shows what stood when.
    hours: str
    holidays: str
    own_hours: str
    urgent: str
    urgent_quota: int

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        told = {"title": self.title, "hours": self.hours}
        return _("The working time of “%(title)s” was set: %(hours)s") % told


@dataclass(frozen=True, kw_only=True)
class PolicyRemoved(PolicyEvent):
    """A policy applies to nobody any more."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The working time of “%(title)s” was removed.") % {"title": self.title}


@dataclass(frozen=True, kw_only=True)
class ContractChanged(DomainEvent):
    """Somebody has another contract."""

    is_audited: ClassVar[bool] = True

    person_id: UUID
    # Empty: none any more.
    contract: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        if not self.contract:
            return _("Somebody's working time follows no contract any more.")
        return _("Somebody's working time follows the contract “%(name)s”.") % {"name": self.contract}


@dataclass(frozen=True, kw_only=True)
class MarkedUrgent(DomainEvent):
    """Something reaches people outside their working time."""

    is_audited: ClassVar[bool] = True

    about_id: UUID
    reason: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("A call was marked as urgent: %(reason)s") % {"reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class RepresentativeNamed(DomainEvent):
    """Somebody may read the report for staff representatives, or no longer."""

    is_audited: ClassVar[bool] = True

    person_id: UUID
    is_named: bool

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        if self.is_named:
            return _("Somebody may read the report on working time.")
        return _("Somebody may no longer read the report on working time.")
