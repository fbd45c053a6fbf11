"""One's own settings, and leaving."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.people.actions import leave_organization, update_profile
from parvis.people.forms.profile import LeaveForm, PreferencesForm
from parvis.people.queries import organization_ids_of
from parvis.people.views.answers import page, refusals_in, say, viewer_of

THEME_COOKIE, A_YEAR = "parvis_theme", 365 * 24 * 3600


def settings(request: HttpRequest) -> HttpResponse:
    """Choose language, time zone and colours; find the way to address, password and sessions."""
    viewer = viewer_of(request)
    form = PreferencesForm(request.POST or None, person=viewer, organization=viewer.organization)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            update_profile(actor=viewer, person=viewer, **form.cleaned_data)
            with translation.override(form.cleaned_data["language"]):
                say(request, _("Your settings are saved."))
            response = redirect("people:settings")
            response.set_cookie(
                THEME_COOKIE,
                form.cleaned_data["theme"],
                max_age=A_YEAR,
                samesite="Lax",
                secure=request.is_secure(),
            )
            return response
    context = {
        "viewer": viewer,
        "session_count": UserSession.objects.filter(user_id=viewer.identity_id).count(),
    }
    return page(request, "people/settings.html", context, form=form)


def leave(request: HttpRequest) -> HttpResponse:
    """Leave the organization, once its name has been typed."""
    viewer = viewer_of(request)
    form = LeaveForm(request.POST or None, organization=viewer.organization)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            leave_organization(person=viewer)
            if viewer.identity_id is None or not organization_ids_of(viewer.identity_id):
                get_adapter().logout(request)
            say(request, _("You left %(organization)s.") % {"organization": viewer.organization.name})
            return redirect("account_login" if not request.user.is_authenticated else "people:organizations")
    return page(request, "people/leave.html", {"viewer": viewer}, form=form)
