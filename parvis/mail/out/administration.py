"""Outgoing mail as administrators see it: whether it leaves, what is refused, and who is not reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.delivery.channels import TryLater
from parvis.foundation import throttle
from parvis.foundation.errors import NotFound
from parvis.foundation.jobs import enqueue, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.mail.models import DigestChoice, Mailbox, SentMail
from parvis.mail.out import choosing, headers, mailboxes
from parvis.mail.out.leaving import prepare
from parvis.mail.out.letters import Letter, as_read_by
from parvis.mail.out.printing import Draft
from parvis.mail.out.settings import rhythm_options
from parvis.people.addresses import page_address
from parvis.people.models import Person, sort_key
from parvis.people.views.administration import administrator
from parvis.people.views.answers import say

State = SentMail.State
LOOKS_BACK = timedelta(days=7)
PROBLEMS_PER_PAGE, STOPPED_PER_PAGE = 20, 50
TESTS = throttle.Rate(10, 3600)


@dataclass(frozen=True)
class Outgoing:
    """How mail went in the last days."""

    sent: int
    deferred: int
    refused: int
    bounced: int
    unknown: int
    last_sent_at: datetime | None


def outgoing() -> Outgoing:
    """Return how mail went, for administrators: no texts, which nobody keeps, and no subjects."""
    counts: dict[str, int] = dict(
        _recent().order_by().values("state").annotate(mails=Count("id")).values_list("state", "mails")
    )
    # By the index of the log: of months of mails the newest rows alone are looked at.
    newest = SentMail.objects.filter(state=State.SENT).order_by("-created_at", "-id")
    return Outgoing(
        sent=counts.get(State.SENT, 0),
        deferred=counts.get(State.DEFERRED, 0),
        refused=counts.get(State.REFUSED, 0),
        bounced=counts.get(State.BOUNCED, 0),
        unknown=counts.get(State.UNKNOWN, 0),
        last_sent_at=newest.values_list("settled_at", flat=True).first(),
    )


def what_went_wrong() -> QuerySet[SentMail]:
    """Return the mails of the last days that did not leave or came back, the newest first."""
    wrong = _recent().filter(state__in=[State.DEFERRED, State.REFUSED, State.BOUNCED, State.UNKNOWN])
    return wrong.select_related("person").order_by("-created_at", "-id")


def addresses_that_refuse(*, search: str = "") -> QuerySet[Mailbox]:
    """Return the mailboxes to which nothing is sent any more, the latest first; of some people only."""
    stopped = Mailbox.objects.filter(stopped_at__isnull=False, address=F("person__email"))
    for word in search.split()[:6]:
        stopped = stopped.filter(Q(person__sort_name__contains=sort_key(word)) | Q(address__icontains=word))
    return stopped.select_related("person").order_by("-stopped_at", "-id")


def _recent() -> QuerySet[SentMail]:
    return SentMail.objects.filter(created_at__gt=timezone.now() - LOOKS_BACK)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show whether mail leaves, and who is not reached."""
    viewer = administrator(request)
    default = DigestChoice.objects.filter(person=None).values_list("rhythm", flat=True).first()
    search = request.GET.get("q", "")[:80]
    stopped, wrong = addresses_that_refuse(search=search), what_went_wrong()
    return render(
        request,
        "mail/administration.html",
        {
            "outgoing": outgoing(),
            "search": search,
            "stopped": Paginator(stopped, STOPPED_PER_PAGE).get_page(request.GET.get("page")),
            "wrong": Paginator(wrong, PROBLEMS_PER_PAGE).get_page(request.GET.get("wrong")),
            "has_mail_server": settings.HAS_MAIL_SERVER,
            "sender": settings.DEFAULT_FROM_EMAIL,
            "knows_bounces": bool(settings.PARVIS.mail_domain),
            "address": viewer.email,
            "rhythm": default or DigestChoice.Rhythm.WEEKLY,
            "rhythms": rhythm_options(),
        },
    )


@require_POST
def choose_default(request: HttpRequest) -> HttpResponse:
    """Decide how often a digest comes to whoever has not chosen."""
    viewer = administrator(request)
    choosing.choose_default_rhythm(actor=viewer, rhythm=request.POST.get("rhythm", ""))
    say(request, _("Saved."))
    return redirect("mail:administration")


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a mail to oneself: the answer of the mail server is shown on the page a moment later."""
    viewer = administrator(request)
    throttle.check("mail_test", viewer.pk, rate=TESTS)
    enqueue(send_test, person_id=viewer.id)
    say(request, _("A test mail is on its way to %(address)s.") % {"address": viewer.email})
    return redirect("mail:administration")


@require_POST
def resume(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Send mails again to somebody whose address refused some."""
    viewer = administrator(request)
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    mailboxes.resume(actor=viewer, person=person)
    say(request, _("Mails are sent to %(name)s again.") % {"name": person.full_name})
    return redirect("mail:administration")


@long_job
def send_test(organization_id: str, person_id: str) -> None:
    """Send the test mail, whatever is known of the address."""
    with organization_scope(UUID(organization_id)):
        person: Any = Person.objects.select_related("organization").filter(pk=person_id).first()
        if person is None:
            return
        with as_read_by(person):
            draft = Draft(
                person=person,
                letter=_test_letter(person),
                kind=SentMail.Kind.TEST,
                headers=headers.of_list(person.organization, None),
            )
            carry = prepare(draft)
    try:
        carry()
    except TryLater:
        # The page shows what the server said; whoever tests tries again themselves.
        return


def _test_letter(person: Person) -> Letter:
    return Letter(
        subject=_("A test mail from %(organization)s") % {"organization": person.organization.name},
        heading=_("Mails leave, and this one arrived"),
        preheader=_("The mail server took it."),
        button=_("Back to outgoing mail"),
        button_url=page_address(person.organization, "mail:administration"),
        hint=_(
            "Look at its headers for “dkim=pass”, “spf=pass” and “dmarc=pass”: without them many mailboxes put "
            "mails aside."
        ),
        why=_("You asked for it on the page of outgoing mail."),
    )
