"""Pages of mail that comes in: the address of a space, what became of mails, and how many were spared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.foundation.audit import audit
from parvis.foundation.errors import NotFound
from parvis.mail import addresses
from parvis.mail.avoided import mails_avoided
from parvis.mail.incoming.answers import READ_WORDS, STOP_WORDS, THANKS_WORDS, THUMB_WORDS
from parvis.mail.models import ReceivedMail
from parvis.people.views.administration import administrator
from parvis.people.views.answers import say, viewer_of
from parvis.spaces import policy as spaces_policy
from parvis.spaces.queries import find_readable

LOOKS_BACK = timedelta(days=7)
SHOWN = 50


@require_GET
@never_cache
def space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show the address at which the viewer posts to a space, theirs alone."""
    viewer = viewer_of(request)
    found = find_readable(viewer, space_id)
    if not addresses.mail_comes_in() or not spaces_policy.can(viewer, "post", found):
        raise NotFound
    context = {
        "space": found,
        "address": addresses.space_address(viewer, found),
        "own_address": viewer.email,
        "limit_mb": settings.PARVIS.mail_limit_mb,
        "words": _short_answers(),
    }
    return render(request, "mail/space.html", context)


def _short_answers() -> list[tuple[str, str]]:
    """Return what short answers do, each with some of its words."""
    return [
        (_("Reacts"), _some(THUMB_WORDS) + " · " + _some(THANKS_WORDS) + " · 🎉"),
        (_("Votes, where something is asked"), "2 · 1, 3"),
        (_("Marks as read; acknowledges an announcement"), _some(READ_WORDS)),
        (_("Ends mails about the conversation"), _some(STOP_WORDS)),
    ]


def _some(words: Mapping[str, tuple[str, ...]]) -> str:
    return " · ".join(dict.fromkeys(word for known in words.values() for word in known[:2]))


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Make every address that the viewer was given worthless."""
    viewer = viewer_of(request)
    count = addresses.revoke_addresses(viewer)
    audit(action="mail.addresses_revoked", actor_id=viewer.id, target=viewer, count=count)
    say(request, _("Your former addresses lead nowhere now. Pages and mails show new ones."))
    return redirect("mail:settings")


@require_GET
def administration(request: HttpRequest) -> HttpResponse:
    """Show administrators what came in and what became of it, without a word of the mails."""
    administrator(request)
    recent = ReceivedMail.objects.filter(received_at__gt=timezone.now() - LOOKS_BACK)
    counts = dict(recent.order_by().values("state").annotate(n=Count("id")).values_list("state", "n"))
    context = {
        "domain": settings.PARVIS.mail_domain or "",
        "listens": settings.PARVIS.lmtp_listen or "",
        "has_mailbox": bool(settings.PARVIS.imap_url),
        "trusted": settings.PARVIS.mail_authserv_id or "",
        "counts": {state: counts.get(state, 0) for state in ReceivedMail.State.values},
        "last_at": ReceivedMail.objects.aggregate(last=Max("received_at"))["last"],
        "refused": _log(recent.exclude(cause="")),
        "causes": _by_cause(recent),
    }
    return render(request, "mail/incoming.html", context)


def _log(mails: QuerySet[ReceivedMail]) -> list[ReceivedMail]:
    return list(mails.defer("raw").select_related("person").order_by("-received_at", "-id")[:SHOWN])


def _by_cause(recent: QuerySet[ReceivedMail]) -> list[tuple[str, int]]:
    rows: Any = recent.exclude(cause="").order_by().values("cause").annotate(n=Count("id")).order_by("-n")
    return [(str(ReceivedMail.Cause(row["cause"]).label), row["n"]) for row in rows]


@require_GET
def avoided(request: HttpRequest) -> HttpResponse:
    """Show every member how many mails their organization was spared, and how that is known."""
    if viewer_of(request).is_guest:
        raise NotFound
    return render(request, "mail/avoided.html", {"avoided": mails_avoided()})
