"""What has a name and can be found by it. An app registers its own from its `search` module:

    register(Source(kind="event", segment="events", label=_("Events"), symbol="calendar", show=…, index=Index(…)))

With an `index` names are found by stems, typos and parts of words; the app calls `actions.refresh("event", [id])` when
one changes (e.g. from a handler of its event, immediately). With `find` the app looks itself. Entries of every kind
are found without registering.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from parvis.search.index import Named


@dataclass(frozen=True)
class Shown:
    """A named thing as lists show it."""

    id: UUID | str
    url: str
    title: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Index:
    """How names come into the index, and who may know of what it finds."""

    # All that can be found today, whoever asks; and what some of them are called.
    ids: Callable[[], Iterable[UUID]]
    named: Callable[[Collection[UUID]], Iterable[Named]]
    # Those of some ids that a viewer may know of: the one rule of these things.
    visible: Callable[[Any, Collection[UUID]], Mapping[UUID, Any]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One sort of named things: in the index, or looked for by its app."""

    # In the index, in addresses and in the API, on the page.
    kind: str
    segment: str
    label: Promise | str
    symbol: str
    show: Callable[[Any], Shown]
    index: Index | None = None
    # (viewer, text, how many): what the viewer may know of and what is called so.
    find: Callable[[Any, str, int], Sequence[Any]] | None = None
    # A template that shows `thing`; the default shows what `show` says.
    template: str = "search/named.html"


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Add a sort of named things; the same kind twice is an error."""
    if source.kind in _sources:
        raise ValueError(f"the search source {source.kind!r} is registered already")
    _sources[source.kind] = source
    return source


def sources() -> list[Source]:
    """Return all sorts of named things, in the order in which they were registered."""
    return list(_sources.values())


def indexes() -> dict[str, Index]:
    """Return how the names of each kind come into the index."""
    return {kind: source.index for kind, source in _sources.items() if source.index is not None}
