"""`parvis token EMAIL --organization SLUG --scope read --scope write`: print a new token once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.api.models import ApiToken
from parvis.api.tokens import create_token
from parvis.foundation.errors import DomainError
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Organization, Person


class Command(BaseCommand):
    """Make an API token for somebody."""

    help = "Make an API token for a person and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the person, the organization and the scopes."""
        parser.add_argument("email")
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--scope", action="append", choices=ApiToken.Scope.values, dest="scopes")
        parser.add_argument("--name", default="parvis token")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the secret on standard output, alone."""
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"there is no organization {options['organization']}")
        with organization_scope(organization):
            person = Person.objects.filter(email__iexact=options["email"], state=Person.State.ACTIVE).first()
            if person is None:
                raise CommandError(f"nobody active in {organization.slug} has the address {options['email']}")
            try:
                _token, secret = create_token(
                    person=person, name=options["name"], scopes=options["scopes"] or ["read"]
                )
            except DomainError as error:
                raise CommandError(str(error)) from None
        self.stdout.write(secret)
