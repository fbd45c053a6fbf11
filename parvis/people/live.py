"""Who is connected to the live gateway, and for how long."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from parvis.foundation.prepared import any_of, prepared
from parvis.foundation.realtime import audience
from parvis.foundation.realtime.audience import Credentials, Hearer
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Identity, Organization, Person
from parvis.people.queries import organization_by


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
    session = _session(credentials.session_key)
    if session is None:
        return None
    with organization_scope(organization):
        person = _person_with_login.first(session.identity_id)
    if person is None or person.identity is None or not session.is_of(person.identity):
        return None
    return Hearer(
        organization_id=organization,
        person_id=person.pk,
        is_guest=person.is_guest,
        session_key=credentials.session_key,
        mark=_mark(person.identity.password),
    )


@audience.answers
def still_welcome(hearers: Sequence[Hearer]) -> Collection[Hearer]:
    """Return those whose session or token lives, whose password is the same, and who are still active."""
    sessions = set(_live_sessions(list({hearer.session_key for hearer in hearers if hearer.session_key})))
    tokens = {hearer.token_id for hearer in hearers if hearer.token_id}
    live_tokens = set(audience.live_token_ids(tokens)) if tokens else set()
    people = {
        person_id: _mark(password or "")
        for person_id, password in _active_passwords(list({hearer.person_id for hearer in hearers}))
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


class _Session(NamedTuple):
    """What the session of a login says: whose it is, and the mark of the password that opened it."""

    identity_id: UUID
    mark: str

    def is_of(self, identity: Identity) -> bool:
        """Tell whether the password is still the same, as for pages."""
        marks = [identity.get_session_auth_hash(), *identity.get_session_auth_fallback_hash()]
        return any(constant_time_compare(self.mark, mark) for mark in marks)


def _session(key: str) -> _Session | None:
    """Return a live session of a way to sign in that is still offered."""
    for stored in _session_data(key):
        content = SessionStore().decode(stored)
        if content.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
            return _Session(UUID(content[SESSION_KEY]), content.get(HASH_SESSION_KEY, ""))
    return None


@prepared
def _session_data(key: str) -> QuerySet[Session, str]:
    return Session.objects.filter(session_key=key, expire_date__gt=Now()).values_list(
        "session_data", flat=True
    )


@prepared
def _person_with_login(identity_id: UUID) -> QuerySet[Person]:
    active = Person.objects.filter(
        identity_id=identity_id, state=Person.State.ACTIVE, identity__is_active=True
    )
    return active.select_related("identity")


# Asked for all open windows every few seconds.
@prepared
def _live_sessions(keys: list[str]) -> QuerySet[Session, str]:
    among = any_of("django_session.session_key", keys, array="text[]")
    return Session.objects.filter(among, expire_date__gt=Now()).values_list("session_key", flat=True)


@prepared
def _active_passwords(person_ids: list[UUID]) -> QuerySet[Person, tuple[UUID, str | None]]:
    among = any_of("people_person.id", person_ids)
    active = Person.objects.filter(among, state=Person.State.ACTIVE, identity__is_active=True)
    return active.values_list("id", "identity__password")


def mark_of(person: Person) -> str:
    """Return what somebody's open windows and devices are compared with: it changes with their password."""
    return _mark(person.identity.password if person.identity is not None else "")


def _mark(password: str) -> str:
    """Return a few characters that change with the password and say nothing about it."""
    return hashlib.blake2b(
        password.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=8
    ).hexdigest()
