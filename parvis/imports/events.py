"""What can happen to imports, as the audit trail says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class RunPublished(DomainEvent):
    """What an import brought can be seen."""

    number: int
    label: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("Import %(number)s (%(label)s) was published.") % {
            "number": self.number,
            "label": self.label,
        }


@dataclass(frozen=True, kw_only=True)
class RunUndone(DomainEvent):
    """What an import brought was taken away."""

    number: int
    label: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("Import %(number)s (%(label)s) was undone.") % {"number": self.number, "label": self.label}
