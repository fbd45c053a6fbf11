"""A stream as pages show it: cards, the way to the next page, and the address that brings what is new.

`?shown=` says how many cards stand on the page: the address follows as one scrolls, so that going back and
forward finds the same page, with or without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.content.queries import Glance, Page
from parvis.content.queries.streams import PAGE_SIZE
from parvis.content.showing import showing_all
from parvis.people.models import Person

# A phone lays out all that a page holds before it shows the first card: the rest comes while one reads these.
FIRST_CARDS = 8
# How far going back goes: beyond it, one scrolls again.
MOST_SHOWN = 200

Ask = Callable[[str, int], Page]


def stream_context(
    request: HttpRequest,
    ask: Ask,
    *,
    topics: Sequence[str],
    query: Mapping[str, str] | None = None,
    show_space: bool = True,
    heading: str = "",
    pinned: Sequence[Glance] = (),
) -> dict[str, Any]:
    """Return what `content/stream.html` needs, and `pinned` as cards of their own.

    `ask(cursor, limit)` glances at the stream; `query` holds what narrows it and stays in every address. What is
    pinned stands on top and not a second time in the stream.
    """
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    cursor, before = request.GET.get("cursor", ""), _shown_before(request)
    page = ask(cursor, PAGE_SIZE if cursor else max(FIRST_CARDS, before))
    total = len(page.glances) + (before if cursor else 0)
    kept = {name: value for name, value in (query or {}).items() if value}
    on_top = {glance.id for glance in pinned}
    glances = [glance for glance in page.glances if glance.id not in on_top]
    cards = showing_all(viewer, [*pinned, *glances])
    return {
        "pinned": cards[: len(pinned)],
        "shown": cards[len(pinned) :],
        "next_url": _address(request, {**kept, "cursor": page.next, "shown": str(total)})
        if page.next
        else "",
        "news_url": _address(request, {**kept, "part": "stream"}),
        "here_url": _address(request, {**kept, "shown": str(total)} if total > FIRST_CARDS else kept),
        "topics": list(topics),
        "show_space": show_space,
        "heading": heading,
    }


def wants_stream_only(request: HttpRequest) -> bool:
    """Tell whether the page stands already and only its cards are asked for."""
    is_fragment = bool(getattr(request, "htmx", False)) and not request.headers.get("HX-Boosted")
    return is_fragment and ("cursor" in request.GET or request.GET.get("part") == "stream")


def stream_response(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer with the cards alone, and let the address say how many stand there now."""
    response = render(request, "content/stream_page.html", context)
    response["HX-Replace-Url"] = context["here_url"]
    return response


def _shown_before(request: HttpRequest) -> int:
    asked = request.GET.get("shown", "")
    return min(int(asked), MOST_SHOWN) if asked.isdecimal() and len(asked) < 5 else 0


def _address(request: HttpRequest, query: Mapping[str, str]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path
