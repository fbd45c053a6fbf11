"""Register, change, rotate, test and remove webhooks; ask for a delivery again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation import outgoing
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import enqueue
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.webhooks import delivering, policy
from parvis.webhooks.models import Delivery, Webhook
from parvis.webhooks.names import CHOICES, PING
from parvis.webhooks.queries import managed_by
from parvis.webhooks.secrets import secret_of

MOST_PER_PLACE = 20


def register_webhook(
    *, registrant: Person, name: str, url: str, events: Collection[str], space: Space | None = None
) -> tuple[Webhook, str]:
    """Tell an address of events from now on; return the webhook and its secret, which is shown once."""
    place = space or registrant.organization
    if not policy.can(registrant, "register_webhooks", place):
        raise Forbidden
    fields = _checked(name=name, url=url, events=events)
    if Webhook.objects.filter(space=space).count() >= MOST_PER_PLACE:
        raise Invalid(
            _("There are %(count)s webhooks here already. Remove one first.") % {"count": MOST_PER_PLACE}
        )
    with transaction.atomic():
        webhook: Webhook = Webhook.objects.create(registrant=registrant, space=space, **fields)
        audit(action="webhooks.registered", actor_id=registrant.id, target=webhook, url=fields["url"])
    return webhook, secret_of(webhook)


def change_webhook(
    *, actor: Person, webhook: Webhook, name: str, url: str, events: Collection[str], is_active: bool
) -> None:
    """Change what is told to whom; active again, it begins without its past failures."""
    _authorise(actor, webhook)
    fields = _checked(name=name, url=url, events=events, known_url=webhook.url)
    if fields["url"] != webhook.url and webhook.registrant_id != actor.id:
        # It speaks for its registrant: nobody else sends what that person may read to another address.
        raise Invalid({"url": [_("Only who registered it changes where it goes. Register one of your own.")]})
    with transaction.atomic():
        for name_of_field, value in fields.items():
            setattr(webhook, name_of_field, value)
        if is_active:
            webhook.state = Webhook.State.ACTIVE
            webhook.failing_since = webhook.retry_at = None
            webhook.failures_in_a_row = 0
        elif webhook.state == Webhook.State.ACTIVE:
            webhook.state = Webhook.State.PAUSED
        webhook.save()
        audit(
            action="webhooks.changed", actor_id=actor.id, target=webhook, url=webhook.url, state=webhook.state
        )


def rotate_secret(*, actor: Person, webhook: Webhook) -> str:
    """Make a new secret and return it, once; the old one signs beside it for a day. For its registrant."""
    _authorise(actor, webhook)
    if webhook.registrant_id != actor.id:
        raise Forbidden
    with transaction.atomic():
        webhook.secret_number += 1
        webhook.rotated_at = timezone.now()
        webhook.save(update_fields=["secret_number", "rotated_at"])
        audit(action="webhooks.secret_rotated", actor_id=actor.id, target=webhook)
    return secret_of(webhook)


def remove_webhook(*, actor: Person, webhook: Webhook) -> None:
    """Tell the address nothing any more, and forget its log."""
    _authorise(actor, webhook)
    with transaction.atomic():
        audit(action="webhooks.removed", actor_id=actor.id, target=webhook, url=webhook.url)
        webhook.delete()


def ping(*, actor: Person, webhook: Webhook) -> Delivery:
    """Send a message that says nothing, to see whether it arrives."""
    _authorise(actor, webhook)
    with transaction.atomic():
        delivery: Delivery = Delivery.objects.create(
            id=new_id(), webhook=webhook, event=PING, happened_at=timezone.now()
        )
        enqueue(delivering.deliver, delivery_id=delivery.id, insists=True)
    return delivery


def deliver_again(*, actor: Person, delivery: Delivery) -> None:
    """Send a message once more, with its id, as the registrant may read it now."""
    _authorise(actor, delivery.webhook)
    with transaction.atomic():
        delivery.state, delivery.next_attempt_at = Delivery.State.WAITING, None
        delivery.save(update_fields=["state", "next_attempt_at"])
        enqueue(delivering.deliver, delivery_id=delivery.id, insists=True)


def _authorise(actor: Person, webhook: Webhook) -> None:
    if not managed_by(actor).filter(pk=webhook.pk).exists():
        raise Forbidden


def _checked(*, name: str, url: str, events: Collection[str], known_url: str = "") -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    wanted = sorted(set(events))
    if not name.strip():
        errors["name"] = [_("Give it a name, so that others know what it is for.")]
    if not wanted or set(wanted) - {event for event, _sentence in CHOICES}:
        errors["events"] = [_("Choose at least one event of the list.")]
    if url.strip() != known_url and (problem := _problem_of(url.strip())):
        errors["url"] = [problem]
    if errors:
        raise Invalid(errors)
    return {"name": name.strip()[:80], "url": url.strip(), "events": wanted}


def _problem_of(url: str) -> str:
    if not url.startswith("https://") and not settings.PARVIS.outgoing_networks:
        return _("Give an address that begins with https://, so that nobody reads along.")
    try:
        outgoing.check_address(url)
    except outgoing.OutgoingError as error:
        if error.reason in {"address", "port"}:
            return _("This address leads into a private network, or to a port that is not the web's.")
        return _("This address cannot be reached: is it written correctly?")
    return ""
