"""The first visit: a one-time link, printed on the console, creates the organization and its administrator."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction

from parvis.foundation import first_visit
from parvis.foundation.errors import Forbidden
from parvis.people.actions import create_organization
from parvis.people.models import Identity, Organization, Person

# Two browsers with the link at once: the second one waits here and finds an organization.
_LOCK = 0x70617276


def is_set_up() -> bool:
    """Tell whether this installation has an organization."""
    return Organization.objects.exists()


def opens_setup(token: str) -> bool:
    """Tell whether a token is the one that the console shows, and nothing has been created yet."""
    return bool(token) and not is_set_up() and first_visit.matches(settings.DATA_FOLDER, token)


def set_up(
    *,
    token: str,
    slug: str,
    name: str,
    language: str,
    time_zone: str,
    full_name: str,
    email: str,
    password: str,
) -> tuple[Organization, Identity]:
    """Create the first organization and its administrator, once; the token ends with the commit."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if not opens_setup(token):
            raise Forbidden
        organization, administrator = create_organization(
            slug=slug,
            name=name,
            administrator_email=email,
            administrator_name=full_name,
            password=password,
            language=language,
            time_zone=time_zone,
        )
        identity = _identity_of(administrator)
        transaction.on_commit(lambda: first_visit.forget(settings.DATA_FOLDER))
    return organization, identity


def _identity_of(administrator: Person) -> Identity:
    assert administrator.identity is not None
    # Who reads this machine's console is trusted with the address, too: no mail server is set yet.
    EmailAddress.objects.get_or_create(
        user=administrator.identity,
        email=administrator.identity.email,
        defaults={"verified": True, "primary": True},
    )
    return administrator.identity
