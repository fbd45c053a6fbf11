"""Who is connected to the live gateway, and for how long."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Sequence
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from parvis.foundation.realtime import audience
from parvis.foundation.realtime.audience import Credentials, Hearer
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Identity, Organization, Person
from parvis.people.queries import organization_by, person_of


@audience.answers
def identify(credentials: Credentials) -> Hearer | None:
    """Return the active person behind a session or a token, in the organization that was addressed."""
    organization, is_contradictory = _addressed(credentials)
    if is_contradictory:
        return None
    if credentials.token is not None:
        bearer = audience.bearer_of(credentials.token)
        is_of_it = bearer is not None and organization in (None, bearer.organization_id)
        return bearer if is_of_it else None
    if organization is None or credentials.session_key is None:
        return None
    identity = _signed_in(credentials.session_key)
    if identity is None:
        return None
    with organization_scope(organization):
        person = person_of(identity.pk)
    if person is None:
        return None
    return Hearer(
        organization_id=organization,
        person_id=person.pk,
        is_guest=person.is_guest,
        session_key=credentials.session_key,
        mark=_mark(identity.password),
    )


@audience.answers
def still_welcome(hearers: Sequence[Hearer]) -> Collection[Hearer]:
    """Return those whose session or token lives, whose password is the same, and who are still active."""
    sessions = _live_sessions([hearer.session_key for hearer in hearers if hearer.session_key])
    tokens = {hearer.token_id for hearer in hearers if hearer.token_id}
    live_tokens = set(audience.live_token_ids(tokens)) if tokens else set()
    people = {
        person_id: _mark(password or "")
        for person_id, password in Person.objects.filter(
            id__in={hearer.person_id for hearer in hearers},
            state=Person.State.ACTIVE,
            identity__is_active=True,
        ).values_list("id", "identity__password")
    }
    return {
        hearer
        for hearer in hearers
        if hearer.person_id in people
        and (
            hearer.session_key is None
            or (hearer.session_key in sessions and hearer.mark == people[hearer.person_id])
        )
        and (hearer.token_id is None or hearer.token_id in live_tokens)
    }


# Addresses hardly ever change; thousands of windows may connect within seconds.
_ADDRESS_SECONDS = 5


def _addressed(credentials: Credentials) -> tuple[UUID | None, bool]:
    """Return the organization that was addressed, if any, and whether host and name contradict each other."""
    now = int(time.monotonic() / _ADDRESS_SECONDS)
    return _organization_at(credentials.organization_slug, credentials.host, now)


@lru_cache(maxsize=256)
def _organization_at(slug: str | None, host: str, now: int) -> tuple[UUID | None, bool]:
    by_host = organization_by(host_name=host)
    if slug is None:
        return _id_of(by_host), False
    named = organization_by(slug=slug)
    is_contradictory = named is None or (by_host is not None and by_host != named)
    return _id_of(named), is_contradictory


def _id_of(organization: Organization | None) -> UUID | None:
    return organization.pk if organization is not None else None


def _signed_in(session_key: str) -> Identity | None:
    """Return the login of a session, by the same check as for pages (the password's hash included)."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user: Any = get_user(cast(HttpRequest, SimpleNamespace(session=store)))
    return user if user.is_authenticated and user.is_active else None


def _live_sessions(keys: list[str]) -> set[str]:
    alive = Session.objects.filter(session_key__in=set(keys), expire_date__gt=timezone.now())
    return set(alive.values_list("session_key", flat=True))


def _mark(password: str) -> str:
    """Return a few characters that change with the password and say nothing about it."""
    return hashlib.blake2b(
        password.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=8
    ).hexdigest()
