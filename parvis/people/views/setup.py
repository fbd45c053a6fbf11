"""The first visit."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from parvis.people import setup, throttling
from parvis.people.access import public
from parvis.people.addresses import path_of
from parvis.people.forms.entering import SetupForm
from parvis.people.views.answers import page, refusals_in


@public
@never_cache
@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """Create the organization and its administrator through the link of the console, and sign them in."""
    if setup.is_set_up():
        return redirect("people:organizations")
    throttling.from_network(request, "set-up", throttling.SET_UP)
    token = request.POST.get("token") or request.GET.get("token") or ""
    if not setup.opens_setup(token):
        return page(request, "people/setup_waiting.html", {"is_wrong": bool(token)})
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            organization, identity = setup.set_up(token=token, **form.cleaned_data)
            get_adapter().login(request, identity)
            return redirect(path_of(organization, "web:home"))
    return page(request, "people/setup.html", {"token": token}, form=form)
