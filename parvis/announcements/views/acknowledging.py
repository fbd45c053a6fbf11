"""What I have to acknowledge, and acknowledging it: on a card, its page, the list, a line of the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parvis.announcements import actions, queries
from parvis.announcements.audience import spaces_to_announce_in
from parvis.announcements.models import Acknowledgement, Announcement
from parvis.announcements.parts import face
from parvis.announcements.policy import may_grant
from parvis.content.faces import permalink
from parvis.content.queries import find_visible
from parvis.content.views.answers import back_to, viewer_of, wants_fragment
from parvis.foundation import throttle
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.ids import parse_id
from parvis.notifications.queries import find_line
from parvis.notifications.sentences import items_of
from parvis.people.models import Person

Channel = Acknowledgement.Channel
# From where a page may say that it was sent.
PAGES = (Channel.FEED, Channel.PAGE, Channel.LIST, Channel.INBOX)
LIST_SIZE, BLOCK_SIZE = 50, 3


def mine(request: HttpRequest) -> HttpResponse:
    """Show what waits for one's acknowledgement, and what one got before."""
    viewer = viewer_of(request)
    context = {
        **_waiting(viewer, LIST_SIZE),
        "received": [_line(one) for one in queries.received(viewer)[:LIST_SIZE]],
        "follows": queries.followed(viewer).exists(),
        **entrances(viewer),
    }
    return render(request, "announcements/mine.html", context)


def entrances(viewer: Person) -> dict[str, Any]:
    """Return what the pages of announcements lead to."""
    return {"may_announce": bool(spaces_to_announce_in(viewer)), "may_grant": may_grant(viewer)}


def waiting(request: HttpRequest) -> HttpResponse:
    """Show the first of what waits as a quiet block; nothing where nothing waits."""
    return render(request, "announcements/block.html", _waiting(viewer_of(request), BLOCK_SIZE))


def _waiting(viewer: Person, most: int) -> dict[str, Any]:
    found = list(queries.to_acknowledge(viewer)[: most + 1])
    return {"waiting": [_line(one) for one in found[:most]], "has_more": len(found) > most}


def _line(announcement: Announcement) -> dict[str, Any]:
    entry = announcement.entry
    return {
        "announcement": announcement,
        "entry": entry,
        "url": permalink(entry),
        "question": queries.question_of(announcement),
        "acknowledged_at": getattr(announcement, "acknowledged_at", None),
    }


def part(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show what stands below an announcement's text: the fragment that open windows fetch again."""
    return _part(request, queries.find_announcement(viewer_of(request), id))


def acknowledge(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take an acknowledgement; without a script, lead back."""
    viewer = viewer_of(request)
    announcement = queries.find_announcement(viewer, id)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    channel = request.POST.get("channel", "")
    version = request.POST.get("version", "")
    try:
        actions.acknowledge(
            person=viewer,
            announcement=announcement,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
            channel=channel if channel in PAGES else Channel.PAGE,
        )
    except Invalid as error:
        return _refused(request, announcement, channel, error)
    return _taken(request, announcement, channel)


def _taken(request: HttpRequest, announcement: Announcement, channel: str) -> HttpResponse:
    viewer = viewer_of(request)
    if not wants_fragment(request):
        messages.success(request, _("Thank you: your acknowledgement is written down."))
        return back_to(request, announcement.entry)
    line_id = parse_id(request.POST.get("line"))
    if channel == Channel.INBOX and line_id is not None:
        [item] = items_of([find_line(viewer, line_id)])
        return render(request, "notifications/line.html", {"item": item})
    if channel == Channel.LIST:
        size = BLOCK_SIZE if request.POST.get("block") else LIST_SIZE
        template = "announcements/block.html" if request.POST.get("block") else "announcements/waiting.html"
        return render(request, template, _waiting(viewer, size))
    return _part(request, announcement)


def _refused(request: HttpRequest, announcement: Announcement, channel: str, error: Invalid) -> HttpResponse:
    if wants_fragment(request) and channel not in (Channel.INBOX, Channel.LIST):
        return _part(request, announcement, refusal=str(error), status=error.status)
    # There is something to read first: where the text is.
    messages.error(request, str(error))
    if not wants_fragment(request):
        return redirect(permalink(announcement.entry))
    response = HttpResponse(status=204)
    response["HX-Redirect"] = permalink(announcement.entry)
    return response


def _part(
    request: HttpRequest, announcement: Announcement, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    entry = find_visible(viewer, announcement.entry_id)
    details = queries.shown_on_cards(viewer, [entry.id]).values_list("details", flat=True).first()
    if details is None:
        raise Forbidden
    context = {"part": face(viewer, entry, details), "refusal": refusal, "clamp": _stands_in_a_feed(request)}
    return render(request, "announcements/part.html", context, status=status)


def _stands_in_a_feed(request: HttpRequest) -> bool:
    """Tell whether the part stands in a feed, which is what its form says when it is sent."""
    return (request.POST.get("channel") or request.GET.get("channel")) == Channel.FEED
