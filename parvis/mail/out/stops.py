"""The page where a mail stops: a mailbox posts to it with one click (RFC 8058), somebody without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.foundation import throttle
from parvis.foundation.errors import NotFound
from parvis.mail.out import stopping
from parvis.mail.out.letters import language_of
from parvis.people.access import self_protected

RATE = throttle.Rate(60, 3600)


@self_protected
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is turned off and ask for one click; turn it off when that comes, from a page or from a mailbox."""
    if getattr(request, "organization", None) is None:
        raise NotFound
    asked = stopping.read_token(token)
    person = stopping.person_of(asked)
    throttle.check("mail_stop", person.pk, rate=RATE)
    with translation.override(language_of(person)):
        what = request.POST.get("what") or asked.what
        if what not in stopping.offered(asked.what):
            raise NotFound
        if request.method == "POST":
            stopping.stop(person, what)
        return render(
            request,
            "mail/stop.html",
            {
                "is_done": request.method == "POST",
                "what": what,
                "done": stopping.described(what),
                "options": [(each, stopping.described(each)) for each in stopping.offered(asked.what)],
                "address": person.email,
            },
        )
