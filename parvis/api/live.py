"""Answers about tokens for the live gateway."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from parvis.api.tokens import find_bearer, open_token_ids
from parvis.foundation.realtime import audience
from parvis.foundation.realtime.audience import Hearer
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Person


@audience.answers
def bearer_of(token: str) -> Hearer | None:
    """Return who listens with a token; it must be allowed to read."""
    bearer = find_bearer(token)
    if bearer is None or "read" not in bearer.scopes:
        return None
    with organization_scope(bearer.organization_id):
        person = Person.objects.filter(pk=bearer.person_id, state=Person.State.ACTIVE).first()
    if person is None:
        return None
    return Hearer(
        organization_id=bearer.organization_id,
        person_id=person.pk,
        is_guest=person.is_guest,
        token_id=bearer.token_id,
    )


@audience.answers
def live_token_ids(token_ids: Collection[UUID]) -> Collection[UUID]:
    """Return which tokens still open the door."""
    return open_token_ids(token_ids)
