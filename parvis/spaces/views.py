"""The pages around a space: discovering, creating, its doors, its members, its settings. Its wall is web's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from parvis.foundation import richtext
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.ids import parse_id
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.people.queries import directory, find_in_directory
from parvis.spaces import actions, faces, queries
from parvis.spaces.forms import PRIVACY_CHOICES, JoinRequestForm, SpaceForm
from parvis.spaces.models import JoinRequest, Space
from parvis.spaces.policy import can, is_host, is_member

PER_PAGE = 60


def header(request: HttpRequest, space: Space, current: str) -> dict[str, Any]:
    """Return what the head of every page of a space shows."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    # Whoever is inside has no door to open.
    is_outside = not is_member(viewer, space)
    # Only a closed space is asked for.
    may_wait = is_outside and space.privacy == Space.Privacy.CLOSED
    requested = may_wait and queries.has_requested(viewer, space)
    invitation = queries.invitation_for(viewer, space) if is_outside else None
    card = faces.space_card(viewer, space, has_requested=requested, is_invited=invitation is not None)
    return {
        "space": space,
        "card": card,
        "tabs": faces.tabs_of(viewer, space, current),
        "invitation": invitation,
        "is_host": is_host(viewer, space),
    }


@require_GET
def discover(request: HttpRequest) -> HttpResponse:
    """Show the spaces that one may know of, with a search and filters."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    search, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    kind = kind if kind in Space.Kind.values else ""
    spaces = queries.discoverable_spaces(viewer, search=search, kind=kind)[: PER_PAGE + 1]
    cards = faces.space_cards(viewer, list(spaces))
    context = {
        "cards": cards[:PER_PAGE],
        "has_more": len(cards) > PER_PAGE,
        "search": search,
        "kind": kind,
        "invitations": queries.my_invitations(viewer) if not search else [],
        "may_create": people_policy.can(viewer, "create_spaces", viewer.organization),
    }
    template = "spaces/cards.html" if request.htmx and not request.htmx.boosted else "spaces/discover.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Ask which kind, then what that kind must state."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    if not people_policy.can(viewer, "create_spaces", viewer.organization):
        raise Forbidden
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in Space.Kind.values:
        return render(request, "spaces/choose_kind.html")
    form = SpaceForm(request.POST or None, kind=kind, initial={"privacy": "open", "posting": "members"})
    if request.method == "POST" and form.is_valid():
        try:
            space = actions.create_space(creator=viewer, kind=kind, **form.cleaned_data)
        except Invalid as error:
            _show(form, error)
        else:
            return redirect("spaces:show", space.id)
    status = 422 if form.errors else 200
    return render(request, "spaces/create.html", {"form": form, "kind": kind}, status=status)


def _show(form: SpaceForm, error: Invalid) -> None:
    for name, texts in error.errors.items():
        form.add_error(name if name in form.fields else None, list(map(str, texts)))


@require_GET
def about(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show what a space states, who hosts it, and what one may do there."""
    space = queries.find_listed(request.viewer, space_id)  # type: ignore[attr-defined]
    context = {
        **header(request, space, "about"),
        # Sanitised by the renderer.
        "description_html": Markup(richtext.render(space.description).html),  # noqa: S704
        "hosts": queries.hosts_of(space).select_related("unit"),
        "privacy_text": dict(PRIVACY_CHOICES)[Space.Privacy(space.privacy)],
    }
    return render(request, "spaces/about.html", context)


@require_GET
def members(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show who is in the space, hosts first."""
    space = queries.find_readable(request.viewer, space_id)  # type: ignore[attr-defined]
    if not can(request.viewer, "see_members", space):  # type: ignore[attr-defined]
        raise NotFound
    search = request.GET.get("q", "").strip()
    found = queries.members_of(space, search=search)
    page = _page_number(request)
    rows = list(found[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context = {
        **header(request, space, "members"),
        "memberships": rows[:PER_PAGE],
        "next_page": page + 1 if len(rows) > PER_PAGE else None,
        "search": search,
    }
    return render(request, "spaces/members.html", context)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@require_GET
def requests(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show hosts who asks to join."""
    space = queries.find_managed(request.viewer, space_id)  # type: ignore[attr-defined]
    context = {**header(request, space, "requests"), "requests": queries.pending_requests(space)}
    return render(request, "spaces/requests.html", context)


@require_POST
def answer(request: HttpRequest, space_id: UUID, request_id: UUID) -> HttpResponse:
    """Let somebody in, or not."""
    space = queries.find_managed(request.viewer, space_id)  # type: ignore[attr-defined]
    pending = JoinRequest.objects.filter(space=space, pk=request_id).select_related("space", "person").first()
    if pending is None:
        raise NotFound
    is_accepted = request.POST.get("answer") == "accept"
    actions.answer_request(actor=request.viewer, request=pending, is_accepted=is_accepted)  # type: ignore[attr-defined]
    name = {"name": pending.person.full_name}
    messages.success(
        request, _("%(name)s is now a member.") % name if is_accepted else _("%(name)s was declined.") % name
    )
    return redirect("spaces:requests", space.id)


@require_POST
def join(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Become a member, by an open door or an invitation."""
    space = queries.find_listed(request.viewer, space_id)  # type: ignore[attr-defined]
    actions.join_space(person=request.viewer, space=space)  # type: ignore[attr-defined]
    messages.success(request, _("Welcome to %(name)s.") % {"name": space.name})
    return redirect("spaces:show", space.id)


@require_POST
def leave(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """No longer be a member."""
    space = queries.find_readable(request.viewer, space_id)  # type: ignore[attr-defined]
    try:
        actions.leave_space(person=request.viewer, space=space)  # type: ignore[attr-defined]
    except Invalid as refusal:
        # The list of members is where another host is named.
        messages.error(request, str(refusal))
        return redirect("spaces:members", space.id)
    messages.success(request, _("You left %(name)s.") % {"name": space.name})
    return redirect("spaces:discover")


@require_http_methods(["GET", "POST"])
def request_to_join(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Ask the hosts of a closed space, with a word to them; or take the request back."""
    space = queries.find_listed(request.viewer, space_id)  # type: ignore[attr-defined]
    if request.POST.get("withdraw"):
        actions.withdraw_request(person=request.viewer, space=space)  # type: ignore[attr-defined]
        return redirect("spaces:about", space.id)
    form = JoinRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.request_to_join(person=request.viewer, space=space, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("Your request has been sent to the hosts."))
        return redirect("spaces:about", space.id)
    status = 422 if form.errors else 200
    return render(
        request, "spaces/request.html", {**header(request, space, "about"), "form": form}, status=status
    )


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Find people of the organization and ask them in."""
    space = queries.find_readable(request.viewer, space_id)  # type: ignore[attr-defined]
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    if not can(viewer, "invite", space):
        raise Forbidden
    if request.method == "POST":
        return _invite(request, space)
    search = request.GET.get("q", "").strip()
    outside = (
        directory(viewer, search=search).filter(state=Person.State.ACTIVE).exclude(memberships__space=space)
    )
    context = {
        **header(request, space, "members"),
        "search": search,
        "people": outside[:20],
        "invited": set(queries.pending_invitations(space).values_list("person_id", flat=True)),
    }
    template = "spaces/invite_list.html" if request.htmx else "spaces/invite.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _invite(request: HttpRequest, space: Space) -> HttpResponse:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    person = find_in_directory(viewer, request.POST.get("person"))
    actions.invite_to_space(actor=viewer, space=space, person=person)
    messages.success(request, _("%(name)s has been invited.") % {"name": person.full_name})
    return redirect(f"{reverse('spaces:invite', args=[space.id])}?q={request.POST.get('q', '')}")


@require_POST
def decline(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Say no to an invitation."""
    space = queries.find_listed(request.viewer, space_id)  # type: ignore[attr-defined]
    actions.decline_invitation(person=request.viewer, space=space)  # type: ignore[attr-defined]
    return redirect("spaces:discover")


@require_POST
def change_member(request: HttpRequest, space_id: UUID, person_id: UUID) -> HttpResponse:
    """Make somebody host or member, or remove them."""
    space = queries.find_managed(request.viewer, space_id)  # type: ignore[attr-defined]
    person = queries.find_member(space, person_id)
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    try:
        if request.GET.get("change") == "remove":
            actions.remove_member(actor=viewer, space=space, person=person)
        else:
            actions.change_role(actor=viewer, space=space, person=person, role=request.GET.get("change", ""))
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("spaces:members", space.id)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Change what a space says of itself and who sees it; archive or reopen it."""
    space = queries.find_managed(request.viewer, space_id)  # type: ignore[attr-defined]
    form = SpaceForm(request.POST or None, kind=space.kind, initial=_initial(space))
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_space(actor=request.viewer, space=space, **form.cleaned_data)  # type: ignore[attr-defined]
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("spaces:show", space.id)
    context = {**header(request, space, "settings"), "form": form}
    return render(request, "spaces/settings.html", context, status=422 if form.errors else 200)


def _initial(space: Space) -> dict[str, Any]:
    return {name: getattr(space, name) for name in SpaceForm.Meta.fields} | {"sponsor": space.sponsor_id}


@require_POST
def archive(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Keep a space for reading only, or open it again."""
    space = queries.find_managed(request.viewer, space_id)  # type: ignore[attr-defined]
    if space.is_active:
        actions.archive_space(actor=request.viewer, space=space)  # type: ignore[attr-defined]
        messages.success(
            request,
            _("%(name)s is archived: it can be read and no longer written to.") % {"name": space.name},
        )
    else:
        actions.reopen_space(actor=request.viewer, space=space)  # type: ignore[attr-defined]
        messages.success(request, _("%(name)s is open for writing again.") % {"name": space.name})
    return redirect("spaces:show", space.id)


@require_GET
def hosted_alone(request: HttpRequest) -> HttpResponse:
    """Show which spaces lose their only host when the viewer leaves: a fragment of the page that asks."""
    spaces = queries.hosted_alone(request.viewer)  # type: ignore[attr-defined]
    return render(request, "spaces/hosted_alone.html", {"spaces": spaces})


@require_GET
def without_host(request: HttpRequest) -> HttpResponse:
    """Show administrators the spaces that nobody answers for, without opening any."""
    return _without_host(request)


@require_POST
def appoint(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Name a host for a space that has none."""
    space = _without_host_or_404(request, space_id)
    person_id = parse_id(request.POST.get("person"))
    chosen = Person.objects.filter(pk=person_id).first() if person_id else None
    try:
        membership = actions.appoint_host(actor=request.viewer, space=space, person=chosen)  # type: ignore[attr-defined]
    except Invalid as refusal:
        return _without_host(request, refusal=str(refusal), refused=space.id)
    if space.privacy == Space.Privacy.SECRET:
        messages.success(request, _("The space has a host now, who has been told."))
    else:
        named = {"name": membership.person.full_name, "space": space.name}
        messages.success(request, _("%(name)s now hosts %(space)s, and has been told.") % named)
    return redirect("spaces:without_host")


@require_POST
def archive_abandoned(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Archive a space that nobody is left in."""
    space = _without_host_or_404(request, space_id)
    if queries.possible_hosts(space).exists():
        raise NotFound
    actions.archive_space(actor=request.viewer, space=space)  # type: ignore[attr-defined]
    messages.success(request, _("The space is archived."))
    return redirect("spaces:without_host")


def _without_host(request: HttpRequest, *, refusal: str = "", refused: UUID | None = None) -> HttpResponse:
    _administrators_only(request)
    listed = faces.spaces_without_host(queries.spaces_without_host()[:PER_PAGE])
    context = {"items": listed, "refusal": refusal, "refused": refused}
    return render(request, "spaces/without_host.html", context, status=422 if refusal else 200)


def _without_host_or_404(request: HttpRequest, space_id: UUID) -> Space:
    _administrators_only(request)
    space = queries.spaces_without_host().filter(pk=space_id).first()
    if space is None:
        raise NotFound
    return space


def _administrators_only(request: HttpRequest) -> None:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    if not people_policy.can(viewer, "administer", viewer.organization):
        raise NotFound
