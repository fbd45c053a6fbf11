"""Making, finding and revoking tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.api.models import ApiToken
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.prepared import prepared
from parvis.foundation.tenancy import system_scope
from parvis.people.models import Person

# Recognisable, so that a leaked token is found by whoever scans for secrets.
PREFIX = "parvis_"


@dataclass(frozen=True)
class Bearer:
    """What a valid token says."""

    token_id: UUID
    organization_id: UUID
    person_id: UUID
    scopes: frozenset[str]
    last_used_on: date | None = None


def create_token(
    *, person: Person, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for oneself; return its row and the secret, which nobody can read again."""
    if not person.is_active:
        raise Forbidden
    wanted = sorted(set(scopes))
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = [_("Say what the token is for.")]
    if not wanted or set(wanted) - set(ApiToken.Scope.values):
        errors["scopes"] = [
            _("Choose at least one of: %(scopes)s.") % {"scopes": ", ".join(ApiToken.Scope.values)}
        ]
    if errors:
        raise Invalid(errors)
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token: ApiToken = ApiToken.objects.create(
            person=person,
            name=name.strip()[:80],
            token_hash=_hash(secret),
            scopes=wanted,
            expires_at=expires_at,
        )
        audit(action="api.token_created", actor_id=person.id, target=token, scopes=wanted)
    return token, secret


def revoke_token(*, person: Person, token: ApiToken) -> None:
    """Close a token of one's own for good; open streams end within seconds."""
    if token.person_id != person.id:
        raise Forbidden
    with transaction.atomic():
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit(action="api.token_revoked", actor_id=person.id, target=token)


def tokens_of(person: Person) -> models.QuerySet[ApiToken]:
    """Return somebody's open tokens, newest first."""
    return _open(ApiToken.objects.filter(person=person)).order_by("-created_at")


def find_bearer(secret: str) -> Bearer | None:
    """Return what a secret opens, in whatever organization; None for one that opens nothing."""
    if not secret.startswith(PREFIX) or len(secret) > 200:
        return None
    with system_scope():
        return _bearer_of(secret)


def find_caller_here(secret: str) -> tuple[Bearer, Person] | None:
    """Return what a secret opens in the bound organization, and the active person it stands for; None for nothing."""
    if not secret.startswith(PREFIX) or len(secret) > 200:
        return None
    found = _open_token_of_active(_hash(secret))
    return (_bearer(found[0]), found[0].person) if found else None


def _bearer_of(secret: str) -> Bearer | None:
    found = _open_token(_hash(secret))
    return _bearer(found[0]) if found else None


def _bearer(token: ApiToken) -> Bearer:
    return Bearer(
        token_id=token.id,
        organization_id=cast(UUID, token.organization_id),
        person_id=token.person_id,
        scopes=frozenset(token.scopes),
        last_used_on=token.last_used_on,
    )


@prepared
def _open_token_of_active(token_hash: str) -> models.QuerySet[ApiToken]:
    tokens = _open(ApiToken.objects.filter(token_hash=token_hash, person__state=Person.State.ACTIVE))
    return tokens.select_related("person__organization")


@prepared
def _open_token(token_hash: str) -> models.QuerySet[ApiToken]:
    return _open(ApiToken._base_manager.filter(token_hash=token_hash))


def open_token_ids(token_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these tokens of the bound organization are still open."""
    return set(_open(ApiToken.objects.filter(id__in=token_ids)).values_list("id", flat=True))


def note_use(bearer: Bearer) -> None:
    """Remember the day of a token's last use: one write a day."""
    today = timezone.now().date()
    if bearer.last_used_on == today:
        return
    unused = models.Q(last_used_on__isnull=True) | models.Q(last_used_on__lt=today)
    ApiToken.objects.filter(unused, pk=bearer.token_id).update(last_used_on=today)


def _open(tokens: models.QuerySet[ApiToken]) -> models.QuerySet[ApiToken]:
    unexpired = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=Now())
    return tokens.filter(unexpired, revoked_at__isnull=True)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
