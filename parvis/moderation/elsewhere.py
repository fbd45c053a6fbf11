"""What somebody said in a feature above this app: reported here, kept and hidden there.

    register(Elsewhere(kind="message", same=…, hide=…, give_back=…, address=…))

The feature keeps which of its things a report is about, in a table of its own that points down to the report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from parvis.moderation.models import Report
from parvis.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """One sort of things that are said elsewhere."""

    kind: str
    # The reports about the same thing, this one among them.
    same: Callable[[Report], list[UUID]]
    hide: Callable[[Person, Report], None]
    give_back: Callable[[Person, Report], None]
    # Where the viewer may read it in its place, if at all.
    address: Callable[[Person, Report], str]


_kinds: dict[str, Elsewhere] = {}


def register(elsewhere: Elsewhere) -> Elsewhere:
    """Add a sort of things."""
    _kinds[elsewhere.kind] = elsewhere
    return elsewhere


def elsewhere_of(report: Report) -> Elsewhere:
    """Return what takes care of the thing that a report is about."""
    return _kinds[report.said]
