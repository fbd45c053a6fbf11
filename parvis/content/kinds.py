"""The registry of kinds: what an entry can be. Features register theirs from their `kinds` module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from parvis.people.models import Person
    from parvis.spaces.models import Space


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of entry. `is_root` tells whether it starts a thread; `needs_title` whether it has a headline.

    `may_start` says who starts one in a space; without it, whoever may post there.
    `edit_page` names the URL where it is edited, for kinds that have more than a text.
    `hosts_see_drafts`: the hosts of its space work on it with its author before it is published.
    `is_labelled`: its cards say what it is. `tells_by_itself`: its feature tells people of it, not the space's levels.
    """

    name: str
    label: Promise | str
    is_root: bool = True
    needs_title: bool = False
    may_start: Callable[[Person, Space], bool] | None = None
    hosts_see_drafts: bool = False
    edit_page: str = ""
    is_labelled: bool = False
    tells_by_itself: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind; the same name twice is an error."""
    if kind.name in _kinds:
        raise ValueError(f"the kind {kind.name!r} is registered already")
    _kinds[kind.name] = kind
    return kind


def find_kind(name: str) -> Kind | None:
    """Return the kind of that name, if any."""
    return _kinds.get(name)


def root_kinds() -> list[Kind]:
    """Return the kinds that start a thread."""
    return [kind for kind in _kinds.values() if kind.is_root]


def names_of_shared_drafts() -> list[str]:
    """Return the kinds whose drafts the hosts of a space see, too."""
    return [kind.name for kind in _kinds.values() if kind.hosts_see_drafts]


POST = register(Kind(name="post", label=_("Post")))
COMMENT = register(Kind(name="comment", label=pgettext_lazy("noun", "Comment"), is_root=False))
