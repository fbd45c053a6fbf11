"""Mark: react, pin, bookmark, follow and mute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.content import actions, queries
from parvis.content.faces import reaction_faces
from parvis.content.models import Bookmark, Entry, Reaction
from parvis.content.policy import can
from parvis.content.views.answers import back_to, viewer_of, wants_fragment
from parvis.content.views.reading import card_answer
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import NotFound
from parvis.people.models import Person

Change = Callable[[Person, Entry], Any]


def toggle_reaction(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put the posted emoji on an entry, or take it off again."""
    viewer, emoji = viewer_of(request), actions.reaction_named(request.POST.get("emoji", "").strip())
    entry = queries.find_visible(viewer, id)
    if Reaction.objects.filter(entry=entry, person=viewer, emoji=emoji).exists():
        actions.take_back_reaction(person=viewer, entry=entry, emoji=emoji)
    else:
        actions.react(person=viewer, entry=entry, emoji=emoji)
    return _reactions(request, entry)


def put_reaction(request: HttpRequest, id: UUID, emoji: str) -> HttpResponse:
    """Put one emoji on an entry; the same one twice is one."""
    entry = queries.find_visible(viewer_of(request), id)
    actions.react(person=viewer_of(request), entry=entry, emoji=emoji)
    return _reactions(request, entry)


def delete_reaction(request: HttpRequest, id: UUID, emoji: str) -> HttpResponse:
    """Take one's emoji off an entry."""
    entry = queries.find_visible(viewer_of(request), id)
    actions.take_back_reaction(person=viewer_of(request), entry=entry, emoji=emoji)
    return _reactions(request, entry)


def _reactions(request: HttpRequest, entry: Entry) -> HttpResponse:
    if not wants_fragment(request):
        return back_to(request, entry)
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, entry.id)
    [card] = queries.cards_for(viewer, [entry])
    url = reverse("content:reactions", args=[entry.id]) if can(viewer, "react", entry) else None
    return render(
        request,
        "content/reactions.html",
        {"entry": entry, "items": reaction_faces(card.reactions), "react_url": url},
    )


def toggle_bookmark(request: HttpRequest, id: UUID) -> HttpResponse:
    """Keep an entry for later, or no longer."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    is_kept = Bookmark.objects.filter(person=viewer, entry=entry).exists()
    return _set_bookmark(request, entry, is_kept=not is_kept)


def put_bookmark(request: HttpRequest, id: UUID) -> HttpResponse:
    """Keep an entry for later."""
    return _set_bookmark(request, queries.find_visible(viewer_of(request), id), is_kept=True)


def delete_bookmark(request: HttpRequest, id: UUID) -> HttpResponse:
    """No longer keep an entry."""
    return _set_bookmark(request, queries.find_visible(viewer_of(request), id), is_kept=False)


def _set_bookmark(request: HttpRequest, entry: Entry, *, is_kept: bool) -> HttpResponse:
    change = actions.bookmark if is_kept else actions.remove_bookmark
    change(person=viewer_of(request), entry=entry)
    if not wants_fragment(request):
        return back_to(request, entry)
    if not entry.is_root:
        return card_answer(request, entry)
    return render(request, "content/bookmark.html", {"entry": entry, "is_bookmarked": is_kept})


def put_pin(request: HttpRequest, id: UUID) -> HttpResponse:
    """Keep an entry at the top of its space."""
    return _changed(request, id, lambda viewer, entry: actions.pin(actor=viewer, entry=entry))


def delete_pin(request: HttpRequest, id: UUID) -> HttpResponse:
    """Let a pinned entry go back to its place."""
    return _changed(request, id, lambda viewer, entry: actions.unpin(actor=viewer, entry=entry))


def put_follow(request: HttpRequest, id: UUID) -> HttpResponse:
    """Hear of what comes in a thread."""
    return _changed(request, id, lambda viewer, entry: actions.follow_thread(person=viewer, entry=entry))


def delete_follow(request: HttpRequest, id: UUID) -> HttpResponse:
    """Hear no more of a thread."""
    return _changed(request, id, lambda viewer, entry: actions.mute_thread(person=viewer, entry=entry))


def _changed(request: HttpRequest, id: UUID, change: Change) -> HttpResponse:
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    change(viewer, entry)
    return card_answer(request, entry) if wants_fragment(request) else back_to(request, entry)


def no_such_page(request: HttpRequest, id: UUID, emoji: str = "") -> HttpResponse:
    """There is nothing to read here."""
    raise NotFound
