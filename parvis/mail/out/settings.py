"""What somebody decides about mails to them: how often a digest, which conversations, and whether they arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.mail.models import DigestChoice, DigestTurn
from parvis.mail.out import choosing, mailboxes, stopping
from parvis.mail.out.digests import Reader, digests_for, rhythm_of
from parvis.mail.out.letters import Letter, as_read_by, html_of
from parvis.notifications.sentences import thread_name
from parvis.people.models import Person
from parvis.people.views.answers import say, viewer_of

Rhythm = DigestChoice.Rhythm
# What a preview looks back at, where no digest has come yet.
LOOKS_BACK = {
    Rhythm.DAILY: timedelta(days=1),
    Rhythm.WEEKLY: timedelta(days=7),
    Rhythm.NEVER: timedelta(days=7),
}


def rhythm_options() -> list[tuple[str, str, str]]:
    """Return the rhythms with what each means."""
    return [
        (Rhythm.DAILY, str(Rhythm.DAILY.label), _("In the morning, when your working day begins.")),
        (Rhythm.WEEKLY, str(Rhythm.WEEKLY.label), _("On the first working morning of the week.")),
        (Rhythm.NEVER, str(Rhythm.NEVER.label), _("You look when you like.")),
    ]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what is mailed to somebody, and how they change it."""
    viewer = viewer_of(request)
    rhythm, is_own = rhythm_of(viewer)
    return render(
        request,
        "mail/settings.html",
        {
            "rhythm": rhythm,
            "is_own_choice": is_own,
            "rhythms": rhythm_options(),
            "trouble": mailboxes.trouble_of(viewer),
            "address": viewer.email,
            "quiet": _quiet_conversations(viewer),
            "has_mail_server": django_settings.HAS_MAIL_SERVER,
            "may_administer": viewer.is_administrator,
        },
    )


def _quiet_conversations(viewer: Person) -> list[tuple[UUID, str]]:
    """Return what no mail tells of; a conversation that is no longer theirs to see is not named."""
    rows = stopping.quiet_rows(viewer)
    ids = {row.subject.partition(":")[2] for row in rows if row.subject.startswith("thread:")}
    visible = Entry.objects.visible_to(viewer).filter(pk__in=ids).select_related("thread")
    names = {f"thread:{entry.id}": thread_name(entry) for entry in visible}
    return [(row.id, names.get(row.subject) or _("a conversation")) for row in rows]


@require_POST
def choose_digest(request: HttpRequest) -> HttpResponse:
    """Keep how often a digest comes."""
    viewer = viewer_of(request)
    choosing.choose_own_rhythm(viewer, request.POST.get("rhythm", ""))
    say(request, _("Saved."))
    return redirect("mail:settings")


@require_POST
def hear_again(request: HttpRequest, id: UUID) -> HttpResponse:
    """Let mails tell of a conversation again."""
    choosing.hear_again(viewer_of(request), id)
    say(request, _("Mails tell you of this conversation again."))
    return redirect("mail:settings")


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Send mails again to an address that refused some."""
    viewer = viewer_of(request)
    mailboxes.resume(actor=viewer, person=viewer)
    say(request, _("Mails are sent to you again."))
    return redirect("mail:settings")


@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """Show the next digest as it would leave now."""
    viewer = viewer_of(request)
    rhythm, _is_own = rhythm_of(viewer)
    response = render(
        request,
        "mail/digest.html",
        {
            "is_something_new": _digest_now(viewer) is not None,
            "due_at": choosing.next_digest_at(viewer),
            "rhythm": rhythm,
            "has_mail_server": django_settings.HAS_MAIL_SERVER,
        },
    )
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
    return response


@never_cache
@require_GET
def preview_letter(request: HttpRequest) -> HttpResponse:
    """Show the letter itself, inside that page; it loads nothing, and its few styles are allowed by name."""
    viewer = viewer_of(request)
    with as_read_by(viewer):
        letter = _digest_now(viewer)
        if letter is None:
            raise NotFound
        html = html_of(letter, viewer.organization)
    nonce: Any = request.csp_nonce  # type: ignore[attr-defined]
    html = html.replace("<style>", f'<style nonce="{nonce}">').replace("<a ", '<a target="_top" ')
    response = HttpResponse(html)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response


def _digest_now(viewer: Person) -> Letter | None:
    rhythm, is_own = rhythm_of(viewer)
    turn, now = DigestTurn.objects.filter(person=viewer).first(), timezone.now()
    since = turn.through_at if turn is not None else now - LOOKS_BACK[Rhythm(rhythm)]
    [found] = digests_for([Reader(viewer, since, rhythm, is_own)], until=now)
    return found[0] if found is not None else None
