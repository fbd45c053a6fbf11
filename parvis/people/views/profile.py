"""Profiles: who somebody is, and saying who one is oneself."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.foundation.errors import NotFound
from parvis.people.actions import follow_person, set_picture, unfollow_person, update_profile
from parvis.people.faces import menu_of
from parvis.people.forms.profile import PICTURE_LIMIT_BYTES, ProfileForm
from parvis.people.models import Person
from parvis.people.policy import can
from parvis.people.queries import find_person, follows, reports_of
from parvis.people.views.answers import page, refusals_in, say, viewer_of

REPORTS_SHOWN = 12


def profile(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show somebody, as far as the viewer may know them."""
    viewer = viewer_of(request)
    person = find_person(viewer, id)
    context: dict[str, object] = {
        "person": person,
        "viewer": viewer,
        "is_oneself": person.id == viewer.id,
        "menu": menu_of(viewer, person),
    }
    if viewer.is_guest and person.id != viewer.id:
        return render(request, "people/profile_for_guest.html", context)
    reports = list(reports_of(viewer, person)[: REPORTS_SHOWN + 1])
    context |= {
        "manager": person.manager if person.manager is not None and person.manager.is_active else None,
        "reports": reports[:REPORTS_SHOWN],
        "has_more_reports": len(reports) > REPORTS_SHOWN,
        "local_time": _local_time(person),
        "may_follow": person.is_active and can(viewer, "follow", person),
        "is_followed": follows(viewer, person),
        "may_administer": can(viewer, "administer", viewer.organization),
    }
    return render(request, "people/profile.html", context)


@require_POST
def following(request: HttpRequest, id: UUID) -> HttpResponse:
    """Follow somebody, or no longer; answers with the button as it stands then."""
    viewer = viewer_of(request)
    person = find_person(viewer, id)
    was_followed = follows(viewer, person)
    if was_followed:
        unfollow_person(follower=viewer, followed=person)
    else:
        follow_person(follower=viewer, followed=person)
    if not getattr(request, "htmx", False):
        return redirect(person.url)
    return render(request, "people/follow_button.html", {"person": person, "is_followed": not was_followed})


def edit_profile(request: HttpRequest) -> HttpResponse:
    """Change one's own profile."""
    return _edit(request, viewer_of(request))


def edit_person(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change somebody's profile, as an administrator."""
    viewer = viewer_of(request)
    person = find_person(viewer, id)
    if not (can(viewer, "edit_profile", person) or can(viewer, "administer", viewer.organization)):
        raise NotFound
    return _edit(request, person)


def _edit(request: HttpRequest, person: Person) -> HttpResponse:
    viewer = viewer_of(request)
    form = ProfileForm(request.POST or None, request.FILES or None, viewer=viewer, person=person)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form), transaction.atomic():
            update_profile(actor=viewer, person=person, **form.changes())
            picture = form.cleaned_data.get("picture")
            if picture or form.cleaned_data.get("without_picture"):
                set_picture(
                    actor=viewer,
                    person=person,
                    source=picture,
                    name=getattr(picture, "name", ""),
                    limit_bytes=PICTURE_LIMIT_BYTES,
                )
            say(
                request, _("Your profile is saved.") if person.id == viewer.id else _("The profile is saved.")
            )
            return redirect("people:profile", id=person.id)
        person.refresh_from_db()
    return page(request, "people/profile_edit.html", {"person": person, "viewer": viewer}, form=form)


def _local_time(person: Person) -> datetime | None:
    """Return the time where somebody is, if they said where."""
    try:
        return timezone.now().astimezone(zoneinfo.ZoneInfo(person.time_zone)) if person.time_zone else None
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return None
