"""`parvis demo`: fill an organization with a believable company and print who signs in."""

from __future__ import annotations

import argparse
import secrets
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.demo.actions import SLUG, Login, create_demo, find_demo, remove_demo

WORDS = [
    "givre",
    "azote",
    "vanne",
    "cuivre",
    "flamme",
    "brise",
    "chalet",
    "verglas",
    "turbine",
    "sapin",
    "nordet",
    "palier",
]
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


class Command(BaseCommand):
    """Make the organization `demo` (sixty people, thirteen spaces, five months of conversations)."""

    help = "Make an organization full of life, to look around in, and print its logins."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be chosen."""
        parser.add_argument(
            "--reset", action="store_true", help="take the demo away and make it anew, dated from now"
        )
        parser.add_argument("--remove", action="store_true", help="take the demo away")
        parser.add_argument(
            "--yes", action="store_true", help="also on an installation that others can reach"
        )
        parser.add_argument("--password", help="the password of the logins (default: a new one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, make, print."""
        self._refuse_in_production(options)
        existing = find_demo()
        if existing and not (options["reset"] or options["remove"]):
            raise CommandError(f"the organization `{SLUG}` exists; parvis demo --reset makes it anew")
        if existing:
            remove_demo(existing)
        if options["remove"]:
            self.stdout.write(f"parvis: the organization `{SLUG}` is gone")
            return
        password = options["password"] or _new_password()
        started = time.monotonic()
        logins = create_demo(now=_now(), password=password)
        self._print(logins, password, seconds=time.monotonic() - started)

    def _refuse_in_production(self, options: dict[str, Any]) -> None:
        host = urlsplit(str(settings.BASE_URL)).hostname
        if host not in LOCAL_HOSTS and not options["yes"]:
            raise CommandError(
                f"{settings.BASE_URL} can be reached by others, and the demo has logins with one password; "
                "parvis demo --yes if that is wanted"
            )

    def _print(self, logins: list[Login], password: str, *, seconds: float) -> None:
        address = f"{settings.BASE_URL}/o/{SLUG}/"
        self.stdout.write(f"parvis: Hivernel is ready after {seconds:.0f} s: {address}\n\n")
        width = max(len(login.email) for login in logins)
        for login in logins:
            self.stdout.write(f"  {login.email:<{width}}  {login.name}, {login.role}")
        self.stdout.write(f"\n  password of all of them: {password}\n")
        self.stdout.write("  parvis demo --reset makes it fresh again, parvis demo --remove takes it away")


def _new_password() -> str:
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(secrets.randbelow(9000) + 1000)])


def _now() -> datetime:
    return timezone.now()
