"""How views of entries answer: one function per verb, a fragment or a page, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.content.branches import branch_in, branches_of, in_line
from parvis.content.faces import Shown, permalink, show
from parvis.content.models import Entry
from parvis.content.queries import branch_of, cards_for
from parvis.people.models import Person

View = Callable[..., HttpResponse]


def resource(**views: View) -> View:
    """Send each verb to its function. Forms without scripts can only post: they name the verb in `_method`."""
    allowed = [name.upper() for name in views]

    def dispatch(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = views.get(verb_of(request))
        return view(request, *args, **kwargs) if view else HttpResponseNotAllowed(allowed)

    return dispatch


def verb_of(request: HttpRequest) -> str:
    """Return the verb that the request means, in lower case."""
    if request.method == "POST":
        named = request.POST.get("_method") or request.GET.get("_method") or "POST"
        return named.lower() if named.upper() in {"PUT", "DELETE"} else "post"
    return "get" if request.method == "HEAD" else (request.method or "get").lower()


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether a part of a page asks, which is to be replaced by the answer."""
    return bool(getattr(request, "htmx", False)) and not request.headers.get("HX-Boosted")


def viewer_of(request: HttpRequest) -> Person:
    """Return who asks: private views are reached by members only."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer


def place_of(request: HttpRequest) -> str:
    """Return where a card stands: in a feed (cut short, with its newest comment) or in its thread (whole)."""
    return "thread" if request.GET.get("place") == "thread" else "feed"


def goes_in_line(request: HttpRequest) -> bool:
    """Tell whether comments stand one after the other, as a live conversation, where this is asked from."""
    htmx = getattr(request, "htmx", None)
    page = urlsplit((htmx.current_url or "") if htmx else "").path
    return request.GET.get("flow") == "line" or page.endswith("/conversation")


def back_to(request: HttpRequest, entry: Entry) -> HttpResponseRedirect:
    """Lead back where the form was, else to the entry."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if target and is_ours else permalink(entry))


def shown_root(viewer: Person, root: Entry, *, place: str) -> Shown:
    """Return a root as its card shows it."""
    [card] = cards_for(viewer, [root], with_latest_reply=place == "feed")
    return show(viewer, card, place=place)


def shown_branch(viewer: Person, comment: Entry) -> tuple[Shown, int] | None:
    """Return a comment with what hangs below it, and its depth; None for a tombstone that holds nothing."""
    return branch_in(_family(viewer, comment), comment.id)


def shown_in_line(viewer: Person, comment: Entry) -> Shown | None:
    """Return a comment by itself; None for a tombstone."""
    answered = [entry for entry in branch_of(viewer, comment) if entry.id == comment.reply_to_id]
    found = in_line(viewer, cards_for(viewer, [comment]), cards_for(viewer, answered))
    return next(iter(found), None)


def top_branch(viewer: Person, comment: Entry) -> Shown | None:
    """Return the branch of the thread that holds a comment, from its first comment on."""
    return next((branch for branch in _family(viewer, comment) if branch_in([branch], comment.id)), None)


def _family(viewer: Person, comment: Entry) -> list[Shown]:
    """Answers move when a branch grows: it is built anew from its first comment, which the others need not be."""
    return branches_of(viewer, comment.root_id, cards_for(viewer, branch_of(viewer, comment)))
