"""The organization's own page of settings."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from parvis.foundation.errors import NotFound
from parvis.foundation.files import expected_bytes, storage_used_bytes
from parvis.people.actions import change_organization, set_logo
from parvis.people.forms.administration import OrganizationForm
from parvis.people.models import Person
from parvis.people.policy import can
from parvis.people.queries import people_counts
from parvis.people.views.answers import page, refusals_in, say, viewer_of

LOGO_LIMIT_BYTES = 5 * 1024 * 1024


def administrator(request: HttpRequest) -> Person:
    """Return the viewer, who administers; for others the page does not exist."""
    viewer = viewer_of(request)
    if not can(viewer, "administer", viewer.organization):
        raise NotFound
    return viewer


def organization(request: HttpRequest) -> HttpResponse:
    """Change the organization's name, logo, languages and rules; see what it takes on disk."""
    viewer = administrator(request)
    form = OrganizationForm(request.POST or None, request.FILES or None, organization=viewer.organization)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form), transaction.atomic():
            change_organization(actor=viewer, organization=viewer.organization, **form.changes())
            logo = form.cleaned_data.get("logo")
            if logo or form.cleaned_data.get("without_logo"):
                set_logo(
                    actor=viewer,
                    organization=viewer.organization,
                    source=logo,
                    name=getattr(logo, "name", ""),
                    limit_bytes=LOGO_LIMIT_BYTES,
                )
            say(request, _("The settings of the organization are saved."))
            return redirect("people:administration")
        viewer.organization.refresh_from_db()
    context = {
        "viewer": viewer,
        "storage_used": storage_used_bytes(),
        "storage_expected": expected_bytes(),
        "counts": people_counts(),
        "has_mail_server": django_settings.HAS_MAIL_SERVER,
    }
    return page(request, "people/administration.html", context, form=form)
