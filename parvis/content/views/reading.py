"""Read: one thread, one card, who reacted, what a text said before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from parvis.content import queries
from parvis.content.branches import branches_of, in_line
from parvis.content.comparison import Difference, compared
from parvis.content.composers import reply_composer
from parvis.content.faces import emoji_face, permalink, person_face, space_face
from parvis.content.models import Entry
from parvis.content.policy import can
from parvis.content.views.answers import (
    goes_in_line,
    place_of,
    shown_branch,
    shown_in_line,
    shown_root,
    viewer_of,
    wants_fragment,
)
from parvis.emoji.queries import emoji_called
from parvis.foundation.addresses import reverse, url_or_none
from parvis.foundation.errors import NotFound
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person


def thread(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a root and its comments; a comment's own address leads to its place in the thread."""
    viewer = viewer_of(request)
    root = queries.find_legible(viewer, id)
    if not root.is_root:
        return redirect(_address_in_thread(viewer, root))
    shown = _comments(request, root)
    if root.is_deleted and not shown["branches"] and not can(viewer, "restore", root):
        raise NotFound
    context = {
        "root": shown_root(viewer, root, place="thread"),
        **shown,
        "composer": reply_composer(viewer, root) if can(viewer, "reply", root) else None,
        "space": space_face(root.space),
        "join_url": url_or_none("spaces:about", root.space_id) if root.space.is_active else None,
        "title": root.title or root.body_text[:60],
        "current_space": root.space,
        "after_text": [] if root.is_deleted else _after_text(root),
    }
    return render(request, "content/thread.html", context)


def conversation(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the comments of a root as a conversation: one after the other, the newest at the end, live."""
    viewer = viewer_of(request)
    root = queries.find_visible(viewer, id)
    if not root.is_root:
        return redirect("content:conversation", root.root_id)
    composer = reply_composer(viewer, root) if can(viewer, "reply", root) else None
    if composer is not None:
        composer.attrs |= {"data-enter-sends": True}
        composer.submit = _("Send")
    context = {
        "root": shown_root(viewer, root, place="thread"),
        "excerpt": excerpt(root.body_text, 160),
        **_comments(request, root, flows=True),
        "composer": composer,
        "space": space_face(root.space),
        "title": root.title or excerpt(root.body_text, 60),
    }
    return render(request, "content/conversation.html", context)


def _after_text(root: Entry) -> list[str]:
    """Return what features show between a text and its comments, fetched once the page stands."""
    names = ["citations:of_entry", *(["articles:related"] if root.kind == "article" else [])]
    return [address for name in names if (address := url_or_none(name, root.id)) is not None]


def card(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one entry again: a card, or a comment with what hangs below it. An empty answer takes it away."""
    viewer = viewer_of(request)
    entry = queries.find_legible(viewer, id)
    return card_answer(request, entry)


def card_answer(request: HttpRequest, entry: Entry, *, status: int = 200) -> HttpResponse:
    """Answer with an entry's card, as pages include it."""
    viewer, place = viewer_of(request), place_of(request)
    if entry.is_root:
        context = {"shown": shown_root(viewer, entry, place=place), "shown_in": place}
        return render(request, "content/card.html", context, status=status)
    if goes_in_line(request):
        context = {"shown": shown_in_line(viewer, entry), "depth": 0}
        return render(request, "content/comment.html", context, status=status)
    found = shown_branch(viewer, entry)
    if found is None:
        return HttpResponse(status=status)
    branch, depth = found
    return render(request, "content/comment.html", {"shown": branch, "depth": depth}, status=status)


def comments(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the comments of a thread again: what its page refreshes when one arrives or changes."""
    viewer = viewer_of(request)
    root = queries.find_legible(viewer, id)
    if not root.is_root:
        raise NotFound
    return render(request, "content/comments.html", _comments(request, root, flows=goes_in_line(request)))


def _comments(request: HttpRequest, root: Entry, *, flows: bool = False) -> dict[str, Any]:
    viewer = viewer_of(request)
    asked = {name: request.GET.get(name, "") for name in ("before", "after", "around")}
    around = _comment_of(viewer, root, asked["around"]) if asked["around"] else None
    page = queries.thread_page(viewer, root, before=asked["before"], after=asked["after"], around=around)
    cards = queries.cards_for(viewer, page.comments)
    if flows:
        branches = in_line(viewer, cards[page.answered :], cards[: page.answered])
    else:
        branches = branches_of(viewer, root.id, cards)
    kept = {name: text for name, text in asked.items() if text} | ({"flow": "line"} if flows else {})
    return {
        "branches": branches,
        "root_id": root.id,
        "flows": flows,
        # Refreshed as it was asked for.
        "asked": urlencode(kept),
        "earlier": page.earlier,
        "later": page.later,
    }


def _comment_of(viewer: Person, root: Entry, text: str) -> Entry:
    try:
        comment = queries.find_legible(viewer, UUID(text))
    except ValueError:
        raise NotFound from None
    if comment.thread_id != root.id:
        raise NotFound
    return comment


def _address_in_thread(viewer: Person, comment: Entry) -> str:
    """Return where a comment is read: in the newest part of its thread, else in the part around it."""
    assert comment.thread is not None
    newest = queries.thread_page(viewer, comment.thread)
    if not newest.earlier or comment.id in {shown.id for shown in newest.comments}:
        return permalink(comment)
    thread = reverse("content:thread", args=[comment.root_id])
    return f"{thread}?around={comment.id}#entry-{comment.id}"


def history(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show what an entry said before each edit, differences marked."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    if not can(viewer, "view_history", entry):
        raise NotFound
    revisions = list(queries.history_of(entry))
    later_texts = [(entry.title, entry.body), *((revision.title, revision.body) for revision in revisions)]
    versions = [
        {
            "editor": person_face(revision.editor) if revision.editor else None,
            "written_at": revision.written_at,
            "title": _changes(revision.title, later_texts[index][0]),
            "body": _changes(revision.body, later_texts[index][1]),
        }
        for index, revision in enumerate(revisions)
    ]
    context = {
        "entry": entry,
        "url": permalink(entry),
        "versions": versions,
        "space": space_face(entry.space),
    }
    return render(request, "content/history.html", context)


def _changes(before: str, after: str) -> list[Difference]:
    return compared(before, after)


def who_reacted(request: HttpRequest, id: UUID) -> HttpResponse:
    """List who reacted, by emoji."""
    entry = queries.find_visible(viewer_of(request), id)
    by_emoji: dict[str, list[object]] = {}
    for reaction in queries.reactions_to(entry):
        by_emoji.setdefault(reaction.emoji, []).append(person_face(reaction.person))
    pictures = emoji_called([emoji.strip(":") for emoji in by_emoji if emoji[0] == ":"])
    groups = [
        (emoji_face(emoji, pictures.get(emoji.strip(":"))), people)
        for emoji, people in sorted(by_emoji.items(), key=lambda group: -len(group[1]))
    ]
    template = "content/reactors.html" if wants_fragment(request) else "content/reactors_page.html"
    return render(request, template, {"groups": groups, "url": permalink(entry)})
