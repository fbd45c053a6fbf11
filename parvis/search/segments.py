"""The sorts of things that one can ask for alone: kinds of entries, files, and whatever has a name."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.content.kinds import find_kind, root_kinds
from parvis.foundation.addresses import reverse
from parvis.search.forms import address_of
from parvis.search.queries import FILES, Results, Wish
from parvis.search.sources import sources

# Kinds in the plural and their icons; a kind that is not here is called as it is registered.
PLURALS: dict[str, tuple[Promise | str, str]] = {
    "post": (_("Posts"), "file-text"),
    "comment": (_("Comments"), "message-square"),
    "article": (_("Articles"), "newspaper"),
}


def chosen_symbol(kind: str) -> str:
    """Return the icon of a kind."""
    return PLURALS[kind][1] if kind in PLURALS else "file-text"


def segments(asked: dict[str, str], wish: Wish, found: Results) -> list[dict[str, Any]]:
    """Return the choices above the hits; with counts where everything was searched, without empty ones then."""
    choices: list[tuple[str, Promise | str, str]] = [("", _("All"), "")]
    choices += [(kind.name, *_called(kind.name)) for kind in root_kinds()]
    choices += [("comment", *PLURALS["comment"]), (FILES, _("Files"), "paperclip")]
    if not wish.is_narrowed:
        choices += [(source.segment, source.label, source.symbol) for source in sources()]
    counts = None if wish.segment else found.counts
    return [
        {
            "label": label,
            "url": f"{reverse('search:results')}?{address_of(asked, kind=name or None)}",
            "current": wish.segment == name,
            "symbol": symbol,
            "count": counts[name] if counts is not None and name else None,
        }
        for name, label, symbol in choices
        if counts is None or not name or counts[name]
    ]


def _called(kind: str) -> tuple[Promise | str, str]:
    known = find_kind(kind)
    return PLURALS.get(kind, (known.label if known is not None else kind, "file-text"))
