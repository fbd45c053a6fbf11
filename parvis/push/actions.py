"""Allow, forget and try devices; decide what messages say."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.realtime import audience
from parvis.people import policy as people
from parvis.people.models import Person
from parvis.push import queries
from parvis.push.models import ENDPOINT_LIMIT, Device, Wording
from parvis.push.sealing import are_keys

MOST_DEVICES = 20
PREFIX = re.compile(r"/o/[a-z0-9-]{1,63}")


def allow_device(
    *,
    person: Person,
    endpoint: str,
    p256dh: str,
    auth: str,
    session_key: str,
    user_agent: str = "",
    prefix: str = "",
    is_by_itself: bool = False,
) -> Device:
    """Let one browser be called for somebody as long as this session lives; the same one again is the same device.

    `is_by_itself`: the browser tells what it was allowed before; one that was taken off the list is not found.
    Where the endpoint leads is judged when it is asked, each time (foundation/outgoing).
    """
    if not _is_endpoint(endpoint) or not are_keys(p256dh=p256dh, auth=auth):
        raise Invalid(_("This browser gave an address or keys that nobody can use. Try again in a moment."))
    hearer = audience.identify(
        audience.Credentials(
            session_key=session_key, token=None, organization_slug=person.organization.slug, host=""
        )
    )
    if hearer is None or hearer.person_id != person.id:
        raise Forbidden
    if is_by_itself and Device.objects.filter(person=person, endpoint=endpoint, is_off=True).exists():
        raise NotFound
    with transaction.atomic():
        # Whoever used this very browser before is not called on it any more.
        Device.objects.filter(endpoint=endpoint, p256dh=p256dh, auth=auth).exclude(person=person).delete()
        device: Device = Device.objects.update_or_create(
            person=person,
            endpoint=endpoint,
            defaults={
                "p256dh": p256dh,
                "auth": auth,
                "prefix": prefix if PREFIX.fullmatch(prefix) else "",
                "user_agent": user_agent[:300],
                "session_key": session_key,
                "mark": hearer.mark,
                "is_off": False,
            },
        )[0]
        _forget_the_oldest(person)
    return device


def forget_device(*, person: Person, device_id: UUID) -> None:
    """Call one of one's devices no more."""
    device = queries.find_device(person, device_id)
    device.is_off = True
    device.save(update_fields=["is_off"])


def forget_devices_of(person_id: UUID) -> None:
    """Call nobody's devices who has left."""
    Device.objects.filter(person_id=person_id).delete()


def decide_wording(*, actor: Person, says: str) -> None:
    """Decide, as an administrator, what is readable on a locked screen."""
    if not people.can(actor, "administer", actor.organization):
        raise Forbidden
    if says not in Wording.Says.values:
        raise Invalid({"says": [_("Choose one of the two.")]})
    before = queries.wording()
    if says == before:
        return
    with transaction.atomic():
        Wording.objects.update_or_create(defaults={"says": says})
        audit(action="push.wording_decided", actor_id=actor.id, before=before, after=says)


def _is_endpoint(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    schemes = {"https", "http"} if settings.PARVIS.outgoing_networks else {"https"}
    return parts.scheme in schemes and bool(parts.hostname) and len(endpoint) <= ENDPOINT_LIMIT


def _forget_the_oldest(person: Person) -> None:
    kept = Device.objects.filter(person=person).order_by("-created_at", "-id").values("id")[:MOST_DEVICES]
    Device.objects.filter(person=person).exclude(id__in=list(kept.values_list("id", flat=True))).delete()
