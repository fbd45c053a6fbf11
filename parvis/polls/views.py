"""Vote, end a poll, see who chose what."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.content.faces import permalink, person_face
from parvis.content.queries import find_visible
from parvis.content.views.answers import back_to, viewer_of, wants_fragment
from parvis.foundation import throttle
from parvis.foundation.errors import Invalid
from parvis.polls import actions, queries
from parvis.polls.forms import read_vote
from parvis.polls.models import Poll
from parvis.polls.parts import face


def vote(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a vote; what is wrong with it is said where the poll stands."""
    viewer = viewer_of(request)
    poll = queries.find_poll(viewer, id)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    try:
        actions.vote(voter=viewer, poll=poll, option_ids=read_vote(request.POST))
    except Invalid as error:
        return _refused(request, poll, error)
    return _again(request, poll)


def take_back(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a vote back."""
    viewer = viewer_of(request)
    poll = queries.find_poll(viewer, id)
    try:
        actions.take_vote_back(voter=viewer, poll=poll)
    except Invalid as error:
        return _refused(request, poll, error)
    return _again(request, poll)


def close(request: HttpRequest, id: UUID) -> HttpResponse:
    """End a poll."""
    viewer = viewer_of(request)
    poll = queries.find_poll(viewer, id)
    actions.close_poll(actor=viewer, poll=poll)
    return _again(request, poll)


def ballots(request: HttpRequest, id: UUID) -> HttpResponse:
    """List who chose what, in a poll with names."""
    viewer = viewer_of(request)
    poll = queries.find_poll(viewer, id)
    chosen = queries.ballots_of(viewer, poll)
    groups = [
        (option, [person_face(person) for person in chosen.get(option.id, [])])
        for option in poll.options.order_by("position")
    ]
    context = {"groups": groups, "url": permalink(poll.entry), "title": poll.entry.title}
    return render(request, "polls/ballots.html", context)


def _again(request: HttpRequest, poll: Poll, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """Answer with the poll as it stands now, and with what was wrong."""
    viewer = viewer_of(request)
    entry = find_visible(viewer, poll.entry_id)
    if not wants_fragment(request):
        if refusal:
            messages.error(request, refusal)
        return back_to(request, entry)
    details = queries.shown_polls(viewer, [entry.id]).values_list("details", flat=True).get()
    context = {"part": face(viewer, entry, details), "refusal": refusal}
    return render(request, "polls/poll.html", context, status=status)


def _refused(request: HttpRequest, poll: Poll, error: Invalid) -> HttpResponse:
    return _again(request, poll, refusal=str(error), status=error.status)
