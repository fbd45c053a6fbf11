"""Home and its two tabs, bookmarks, the inbox, and what there is to discover."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parvis.content import queries as content
from parvis.content.composers import post_composer
from parvis.content.faces import space_face
from parvis.content.queries import FeedFilter, Page
from parvis.content.streaming import stream_context, stream_response, wants_stream_only
from parvis.content.views.writing import SPACE_COOKIE
from parvis.foundation.addresses import reverse, url_or_none
from parvis.people.models import Person
from parvis.people.policy import can
from parvis.spaces.models import Space
from parvis.suggestions.faces import suggestion_context
from parvis.web import queries

SPACE_KINDS = {kind for kind, _label in Space.Kind.choices}


def mine(request: HttpRequest) -> HttpResponse:
    """Show the threads of joined spaces, and of what and whom one follows."""
    viewer = _viewer(request)
    only = _filter(request)

    def ask(cursor: str, limit: int) -> Page:
        return content.mine_stream(viewer, cursor=cursor, only=only, limit=limit, glancer=viewer)

    return _home(request, ask, only, current="mine")


def everything(request: HttpRequest) -> HttpResponse:
    """Show all threads that one may read."""
    viewer = _viewer(request)
    only = _filter(request)

    def ask(cursor: str, limit: int) -> Page:
        return content.everything_stream(viewer, cursor=cursor, only=only, limit=limit, glancer=viewer)

    return _home(request, ask, only, current="everything")


def _home(request: HttpRequest, ask: Any, only: FeedFilter, *, current: str) -> HttpResponse:
    viewer = _viewer(request)
    spaces = queries.joined_spaces(viewer)
    query = {"spaces": only.space_kind, "files": "1" if only.with_files else ""}
    # All that one may read announces itself in the second tab, only one's own spaces in the first.
    topics = ["home"] if current == "everything" else [f"space:{space.id}" for space in spaces]
    context = stream_context(request, ask, topics=topics, query=query, heading=_("Posts"))
    if wants_stream_only(request):
        return stream_response(request, context)
    chosen = request.COOKIES.get(SPACE_COOKIE, "")
    context |= {
        "tab": current,
        "composer": post_composer(viewer, spaces, chosen=chosen),
        "viewer": viewer,
        "tabs_shown": _tabs(current),
        "filters_shown": _filters(request, only),
        "is_filtered": only != FeedFilter(),
        "suggestions": _suggestions(viewer) if not context["shown"] else None,
        "first_steps": _first_steps(viewer) if not context["shown"] else [],
    }
    return render(request, "web/home.html", context)


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Mine"), "url": reverse("web:home"), "current": current == "mine"},
        {
            "label": _("All that I may read"),
            "url": reverse("web:everything"),
            "current": current == "everything",
        },
    ]


def _filters(request: HttpRequest, only: FeedFilter) -> list[dict[str, Any]]:
    """Return the chips: each leads to the stream with that choice changed and the others kept."""

    def chip(label: str, symbol: str | None, spaces: str, files: bool, current: bool) -> dict[str, Any]:
        parts = [f"spaces={spaces}" if spaces else "", "files=1" if files else ""]
        query = "&".join(filter(None, parts))
        return {
            "label": label,
            "symbol": symbol,
            "current": current,
            "url": f"{request.path}?{query}" if query else request.path,
        }

    kinds = [("", _("All spaces")), ("network", _("Networks")), ("collaborative", _("Collaborative spaces"))]
    chips = [chip(label, None, kind, only.with_files, only.space_kind == kind) for kind, label in kinds]
    return [*chips, chip(_("With files"), "paperclip", only.space_kind, not only.with_files, only.with_files)]


def _filter(request: HttpRequest) -> FeedFilter:
    kind = request.GET.get("spaces", "")
    return FeedFilter(
        space_kind=kind if kind in SPACE_KINDS else "", with_files=request.GET.get("files") == "1"
    )


def suggestions(request: HttpRequest) -> HttpResponse:
    """Show what stands beside the feed; asked for once the page is there, so that the feed comes first."""
    response = render(request, "web/suggestions.html", _suggestions(_viewer(request)))
    response["Cache-Control"] = "private, max-age=60"
    return response


def _suggestions(viewer: Person) -> dict[str, Any]:
    return {
        **suggestion_context(viewer),
        "lively": [{"face": space_face(space), "space": space} for space in queries.lively_spaces(viewer)],
    }


def _first_steps(viewer: Person) -> list[tuple[str, str]]:
    """Return what to do where nothing is written yet: whoever begins the network brings people, others find spaces."""
    organization = viewer.organization
    steps = [] if viewer.is_guest else [(_("Discover spaces"), reverse("spaces:discover"))]
    if can(viewer, "create_spaces", organization):
        steps.append((_("Create a space"), reverse("spaces:create")))
    if can(viewer, "invite", organization):
        steps.append((_("Invite people"), reverse("people:invite")))
    return steps[::-1] if viewer.is_administrator else steps


def bookmarks(request: HttpRequest) -> HttpResponse:
    """Show what one kept for later."""
    viewer = _viewer(request)

    def ask(cursor: str, limit: int) -> Page:
        return content.bookmarked(viewer, cursor=cursor, limit=limit, glancer=viewer)

    context = stream_context(request, ask, topics=["home"], heading=_("Bookmarks"))
    if wants_stream_only(request):
        return stream_response(request, context)
    return render(request, "web/bookmarks.html", context)


def inbox(request: HttpRequest) -> HttpResponse:
    """Lead to the list of notifications, or say that there is nothing."""
    listed = url_or_none("notifications:inbox") or url_or_none("notifications:list")
    return redirect(listed) if listed else render(request, "web/inbox.html")


def _viewer(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer
