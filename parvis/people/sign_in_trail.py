"""Sign-ins in the audit trail: who came in and from where, who failed, who was stopped. Never what was typed.

A login may open several organizations: each of them hears of it. What somebody types who is not known is not
kept, since people type passwords in the wrong field.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from django.http import HttpRequest

from parvis.foundation import throttle
from parvis.foundation.audit import audit
from parvis.foundation.tenancy import bound_organization_id, organization_scope
from parvis.people.devices import device_name
from parvis.people.models import Identity, Person
from parvis.people.queries import organization_ids_of

# One record a minute says that somebody is being stopped: a flood of attempts is no flood of records.
STOPPED = throttle.Rate(1, 60)


def signed_in(request: HttpRequest, identity: Identity) -> None:
    """Record that a login opened."""
    _write(
        organization_ids_of(identity.pk), "people.signed_in", identity, is_theirs=True, facts=_whence(request)
    )


def signed_out(request: HttpRequest, identity: Identity) -> None:
    """Record that somebody signed out."""
    _write(organization_ids_of(identity.pk), "people.signed_out", identity, is_theirs=True)


def session_ended(identity: Identity, *, user_agent: str) -> None:
    """Record that somebody ended a session of theirs elsewhere."""
    device = device_name(user_agent)
    _write(
        organization_ids_of(identity.pk),
        "people.session_ended",
        identity,
        is_theirs=True,
        facts={"device": device},
    )


def failed(request: HttpRequest, email: str) -> None:
    """Record an attempt that failed, beside the person whom it meant, if there is one."""
    identity = Identity.objects.filter(email=email.strip().lower()).first()
    _write(_concerned(identity), "people.sign_in_failed", identity, facts=_whence(request))


def stopped(request: HttpRequest, email: str) -> None:
    """Record that there were too many attempts, once in a while."""
    network = _network(request)
    if throttle.allow("audit-of-sign-in", network, email.strip().lower(), rate=STOPPED) > 0:
        return
    identity = Identity.objects.filter(email=email.strip().lower()).first()
    _write(_concerned(identity), "people.sign_in_stopped", identity, facts={"network": network})


def _concerned(identity: Identity | None) -> list[UUID]:
    """The organizations that the login opens; for a stranger the one at whose door they stand."""
    found = organization_ids_of(identity.pk) if identity is not None else []
    here = bound_organization_id()
    return found or ([here] if here is not None else [])


def _write(
    organization_ids: Iterable[UUID],
    action: str,
    identity: Identity | None,
    *,
    is_theirs: bool = False,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Record it in each organization; `is_theirs` when it was the person who did it."""
    for organization_id in organization_ids:
        with organization_scope(organization_id):
            person = Person.objects.filter(identity=identity).first() if identity is not None else None
            actor_id = person.id if is_theirs and person is not None else None
            audit(action=action, actor_id=actor_id, target=person, **facts)


def _whence(request: HttpRequest) -> dict[str, str]:
    return {"network": _network(request), "device": device_name(request.headers.get("User-Agent", ""))}


def _network(request: HttpRequest) -> str:
    """The network is enough to see a pattern, and says less of somebody's home than the address."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
