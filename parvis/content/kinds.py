"""The registry of kinds: what an entry can be. Features register theirs from their `kinds` module."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of entry. `is_root` tells whether it starts a thread; `needs_title` whether it has a headline."""

    name: str
    label: Promise | str
    is_root: bool = True
    needs_title: bool = False


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


POST = register(Kind(name="post", label=_("Post")))
COMMENT = register(Kind(name="comment", label=_("Comment"), is_root=False))
