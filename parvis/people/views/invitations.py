"""Asking people in: by their addresses, from a list, with a link."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parvis.foundation import throttle
from parvis.foundation.errors import NotFound
from parvis.people import actions, throttling
from parvis.people.actions import Invited
from parvis.people.addresses import page_address
from parvis.people.forms.inviting import KINDS, AddressesForm, LinkForm, ListForm
from parvis.people.models import Invitation, Person
from parvis.people.people_list import MOST_BYTES, PeopleList, decoded, read_people_list
from parvis.people.policy import can
from parvis.people.queries import invitations_for
from parvis.people.views.answers import page, refusals_in, say, viewer_of

PER_PAGE = 50


def _inviter(request: HttpRequest) -> Person:
    viewer = viewer_of(request)
    if not can(viewer, "invite", viewer.organization):
        raise NotFound
    return viewer


def invitations(request: HttpRequest) -> HttpResponse:
    """List the invitations that the viewer manages, with their state."""
    viewer = _inviter(request)
    found = Paginator(invitations_for(viewer), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/invitations.html", _context(viewer, "sent") | {"invitations": found})


def new(request: HttpRequest) -> HttpResponse:
    """Invite one or many addresses."""
    viewer = _inviter(request)
    initial = {"addresses": request.GET.get("address", "")[:254]}
    form = AddressesForm(request.POST or None, organization=viewer.organization, initial=initial)
    if not viewer.is_administrator:
        del form.fields["is_administrator"]
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            throttle.check("invite", viewer.organization_id, viewer.id, rate=throttling.INVITE)
            data = form.cleaned_data
            invited = actions.invite(
                actor=viewer,
                invitees=data["addresses"],
                kind=data["kind"],
                is_administrator=data.get("is_administrator", False),
                language=data["language"],
            )
            return _show(request, viewer, invited)
    return page(request, "people/invite.html", _context(viewer, "addresses"), form=form)


def from_list(request: HttpRequest) -> HttpResponse:
    """Invite from a CSV list: shown first with the faults of its lines, which can be corrected in place."""
    viewer = _inviter(request)
    form = ListForm(request.POST or None, request.FILES or None, organization=viewer.organization)
    context = _context(viewer, "list")
    if request.method == "POST" and form.is_valid():
        text = _text_of(form)
        people = read_people_list(text)
        if (
            request.POST.get("step") == "invite"
            and people.invitees
            and not people.fault
            and not form.files.get("file")
        ):
            with refusals_in(form):
                throttle.check("invite-list", viewer.organization_id, viewer.id, rate=throttling.INVITE)
                data = form.cleaned_data
                invited = actions.invite(
                    actor=viewer, invitees=people.invitees, kind=data["kind"], language=data["language"]
                )
                return _show(request, viewer, invited, people=people)
        context |= {"people": people, "text": text}
    return page(request, "people/invite_list.html", context, form=form)


def new_link(request: HttpRequest) -> HttpResponse:
    """Make a link that several people may use."""
    viewer = _inviter(request)
    form = LinkForm(request.POST or None, organization=viewer.organization)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            throttle.check("invite", viewer.organization_id, viewer.id, rate=throttling.INVITE)
            invited = actions.make_invitation_link(actor=viewer, **form.cleaned_data)
            return _show(request, viewer, [invited])
    return page(request, "people/invite_link.html", _context(viewer, "link"), form=form)


@require_POST
def renew(request: HttpRequest, id: UUID) -> HttpResponse:
    """Make a new link for an invitation, and send it again."""
    viewer = _inviter(request)
    throttle.check("invite", viewer.organization_id, viewer.id, rate=throttling.INVITE)
    return _show(request, viewer, [actions.renew_invitation(actor=viewer, invitation=_managed(viewer, id))])


@require_POST
def revoke(request: HttpRequest, id: UUID) -> HttpResponse:
    """Close an invitation."""
    viewer = _inviter(request)
    actions.revoke_invitation(actor=viewer, invitation=_managed(viewer, id))
    say(request, _("The invitation is revoked: its link no longer works."))
    return redirect("people:invitations")


def _managed(viewer: Person, id: UUID) -> Invitation:
    found: Invitation | None = invitations_for(viewer).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def _context(viewer: Person, tab: str) -> dict[str, object]:
    return {"viewer": viewer, "tab": tab, "kinds": KINDS, "has_mail_server": settings.HAS_MAIL_SERVER}


def _text_of(form: ListForm) -> str:
    file = form.cleaned_data.get("file")
    return decoded(file.read(MOST_BYTES)) if file else str(form.cleaned_data["text"])


@never_cache
def _show(
    request: HttpRequest, viewer: Person, invited: Sequence[Invited], people: PeopleList | None = None
) -> HttpResponse:
    """Show the links, this once: only their fingerprints are kept."""
    new_ones = [one for one in invited if not one.is_here_already]
    context = _context(viewer, "") | {
        "links": [
            {
                "email": one.email,
                "url": page_address(viewer.organization, "people:invitation", one.secret),
                "expires_at": one.invitation.expires_at,  # type: ignore[union-attr]
            }
            for one in new_ones
        ],
        "here_already": [one.email for one in invited if one.is_here_already],
        "faults": people.faults if people is not None else [],
        "title": ngettext("%(count)s invitation", "%(count)s invitations", len(new_ones))
        % {"count": len(new_ones)},
    }
    return render(request, "people/invited.html", context)
