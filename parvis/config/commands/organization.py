"""`parvis organization create`: a tenant from the shell."""

from __future__ import annotations

import argparse
import sys

from parvis.config import database, migrating
from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Create an organization and its administrator, who chooses a password by a link."""
    set_up(settings)
    from django.core.exceptions import ValidationError

    from parvis.foundation.errors import DomainError

    with database.available(settings):
        migrating.make_current(settings)
        try:
            return _create(arguments)
        except (DomainError, ValidationError) as problem:
            print(f"parvis: {_said(problem)}", file=sys.stderr)
            return 1


def _create(arguments: argparse.Namespace) -> int:
    from parvis.config.server import welcome
    from parvis.people import actions

    organization, administrator = actions.create_organization(
        slug=arguments.slug,
        name=arguments.name,
        administrator_email=arguments.admin,
        language=arguments.language,
        time_zone=arguments.time_zone,
    )
    print(f"{organization.name}: {welcome.address()}/o/{organization.slug}/")
    print(f"{arguments.admin} chooses a password at {welcome.password_link(administrator.identity)}")
    return 0


def _said(problem: Exception) -> str:
    messages = getattr(problem, "messages", None) or [str(problem)]
    return " ".join(str(message) for message in messages)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    create = actions.add_parser("create", help="create an organization and its administrator")
    create.add_argument("slug", help="short name in addresses: lower-case letters, digits, hyphens")
    create.add_argument("--name", required=True, help="name as people read it")
    create.add_argument("--admin", required=True, metavar="EMAIL", help="address of its administrator")
    create.add_argument("--language", default="en", choices=("en", "fr"))
    create.add_argument("--time-zone", default="Europe/Paris")
