"""Where somebody is signed in, and signing out there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parvis.people import sign_in_trail
from parvis.people.access import signed_in
from parvis.people.devices import device_name
from parvis.people.views.answers import say


@dataclass(frozen=True)
class ShownSession:
    """A session as people recognise it."""

    id: int
    device: str
    is_phone: bool
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """List one's sessions; posting ends all others."""
    mine = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        others = [session for session in mine if session.session_key != request.session.session_key]
        for session in others:
            _end(session)
        text = ngettext(
            "Signed out on %(count)s other device.", "Signed out on %(count)s other devices.", len(others)
        )
        say(request, text % {"count": len(others)})
        return redirect("usersessions_list")
    shown = sorted((_shown(session, request) for session in mine), key=_by_use, reverse=True)
    return render(request, "people/sessions.html", {"sessions": shown})


@signed_in
@require_POST
def end(request: HttpRequest, id: int) -> HttpResponse:
    """End one of one's sessions."""
    session = UserSession.objects.filter(pk=id, user=request.user).first()
    if session is not None:
        _end(session)
        say(request, _("Signed out there."))
    return redirect("usersessions_list")


def _end(session: UserSession) -> None:
    session.end()
    sign_in_trail.session_ended(session.user, user_agent=session.user_agent)


def _shown(session: UserSession, request: HttpRequest) -> ShownSession:
    return ShownSession(
        id=session.pk,
        device=device_name(session.user_agent),
        is_phone=bool(re.search(r"iPhone|Android.*Mobile", session.user_agent)),
        address=session.ip,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        is_current=session.session_key == request.session.session_key,
    )


def _by_use(session: ShownSession) -> tuple[bool, datetime]:
    return session.is_current, session.last_seen_at
