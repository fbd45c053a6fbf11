"""Found an organization, change what it says of itself and its rules."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.tenancy import organization_scope
from parvis.people.actions.membership import find_or_create_identity, join_organization
from parvis.people.events import OrganizationChanged
from parvis.people.models import Organization, Person, slug_is_valid
from parvis.people.policy import can

ORGANIZATION_FIELDS = frozenset(
    {"name", "logo", "default_language", "languages", "time_zone", "who_creates_spaces", "who_invites"}
    | {"shows_link_previews", "shows_seen_by", "who_adds_emoji"}
    | {"email_domains", "upload_limit_bytes", "storage_limit_bytes", "host_name"}
    | {"person_storage_limit_bytes"}
)


def create_organization(
    *,
    slug: str,
    name: str,
    administrator_email: str,
    administrator_name: str = "",
    password: str | None = None,
    language: str = "en",
    time_zone: str = "Europe/Paris",
) -> tuple[Organization, Person]:
    """Found an organization with its first administrator; `Invalid` for a taken or malformed slug.

    An identity that exists already keeps its password: it becomes a person of one more organization.
    """
    slug_is_valid(slug)
    with transaction.atomic():
        if Organization.objects.filter(slug=slug).exists():
            raise Invalid({"slug": [_("This short name is taken.")]})
        organization = Organization.objects.create(
            slug=slug, name=name, default_language=language, languages=["en", "fr"], time_zone=time_zone
        )
        identity = find_or_create_identity(email=administrator_email, password=password)
        with organization_scope(organization):
            administrator = join_organization(
                identity=identity,
                full_name=administrator_name or administrator_email.split("@")[0],
                is_administrator=True,
                language=language,
            )
    return organization, administrator


def change_organization(*, actor: Person, organization: Organization, **changes: Any) -> Organization:
    """Change the organization's name, logo, languages or rules, as an administrator."""
    if not can(actor, "administer", organization):
        raise Forbidden
    if unknown := set(changes) - ORGANIZATION_FIELDS:
        raise LookupError(f"not organization fields: {sorted(unknown)}")
    with transaction.atomic():
        for name, value in changes.items():
            setattr(organization, name, value)
        organization.save(update_fields=[*changes])
        record(OrganizationChanged(actor_id=actor.id))
    return organization
