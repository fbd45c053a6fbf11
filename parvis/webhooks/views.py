"""Webhooks in the browser: register, watch, test, rotate, remove."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.webhooks import actions, policy, queries
from parvis.webhooks.forms import ChangedWebhookForm, WebhookForm
from parvis.webhooks.models import Webhook
from parvis.webhooks.names import CHOICES

DELIVERIES_PER_PAGE = 30


@never_cache
@require_http_methods(["GET", "POST"])
def of_organization(request: HttpRequest) -> HttpResponse:
    """Show the webhooks of the organization; register one."""
    viewer = _viewer(request)
    if not policy.can(viewer, "register_webhooks", viewer.organization):
        raise NotFound
    return _listing(request, viewer, None)


@never_cache
@require_http_methods(["GET", "POST"])
def of_space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show the webhooks of a space that one hosts; register one."""
    viewer = _viewer(request)
    space = Space.objects.readable_by(viewer).filter(pk=space_id).first()
    if space is None or not policy.can(viewer, "register_webhooks", space):
        raise NotFound
    return _listing(request, viewer, space)


def _listing(request: HttpRequest, viewer: Person, space: Space | None) -> HttpResponse:
    form, made, secret = WebhookForm(request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.register_webhook(registrant=viewer, space=space, **form.cleaned_data)
            form = WebhookForm()
        except Invalid as error:
            _show(form, error)
    context = {
        "form": form,
        "space": space,
        "webhooks": queries.managed_by(viewer).filter(space=space),
        "made": made,
        "secret": secret,
    }
    return render(request, "webhooks/list.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Show one webhook with its deliveries; change it."""
    viewer = _viewer(request)
    webhook = queries.find_managed(viewer, webhook_id)
    form = ChangedWebhookForm(request.POST or None, initial=_initial(webhook))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_webhook(actor=viewer, webhook=webhook, **form.cleaned_data)
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("webhooks:show", webhook.id)
    return _page(request, webhook, form)


def _page(request: HttpRequest, webhook: Webhook, form: ChangedWebhookForm, secret: str = "") -> HttpResponse:
    deliveries = Paginator(queries.log_of(webhook), DELIVERIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "webhook": webhook,
        "form": form,
        "secret": secret,
        "deliveries": deliveries,
        "names": dict(CHOICES),
        "is_registrant": webhook.registrant_id == _viewer(request).id,
        "back": _listing_of(webhook),
    }
    return render(request, "webhooks/show.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def rotate(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Make a new secret and show it, once."""
    viewer = _viewer(request)
    webhook = queries.find_managed(viewer, webhook_id)
    secret = actions.rotate_secret(actor=viewer, webhook=webhook)
    return _page(request, webhook, ChangedWebhookForm(initial=_initial(webhook)), secret)


@require_POST
def ping(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Send a test message."""
    viewer = _viewer(request)
    webhook = queries.find_managed(viewer, webhook_id)
    actions.ping(actor=viewer, webhook=webhook)
    messages.success(request, _("A test message is on its way: see below how it went."))
    return redirect("webhooks:show", webhook.id)


@require_POST
def deliver_again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one message again."""
    viewer = _viewer(request)
    webhook = queries.find_managed(viewer, webhook_id)
    actions.deliver_again(actor=viewer, delivery=queries.find_delivery(webhook, delivery_id))
    messages.success(request, _("It is being sent again."))
    return redirect("webhooks:show", webhook.id)


@require_POST
def remove(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Remove a webhook and its log."""
    viewer = _viewer(request)
    webhook = queries.find_managed(viewer, webhook_id)
    back = _listing_of(webhook)
    actions.remove_webhook(actor=viewer, webhook=webhook)
    messages.success(request, _("The webhook is removed."))
    return redirect(back)


def _viewer(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer


def _initial(webhook: Webhook) -> dict[str, Any]:
    return {
        "name": webhook.name,
        "url": webhook.url,
        "events": webhook.events,
        "is_active": webhook.state == Webhook.State.ACTIVE,
    }


def _listing_of(webhook: Webhook) -> str:
    return (
        reverse("webhooks:of_space", args=[webhook.space_id])
        if webhook.space_id
        else reverse("webhooks:index")
    )


def _show(form: WebhookForm, error: Invalid) -> None:
    for name, texts in error.errors.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])
