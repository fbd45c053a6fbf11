"""What the console says once the server answers."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings

from parvis.foundation import first_visit


def address() -> str:
    """Return where the installation is reached."""
    return str(settings.BASE_URL)


def greet() -> None:
    """Say where it runs and, before the first organization, the link that creates it."""
    print(f"parvis: ready on {address()}  (Ctrl-C stops it)", file=sys.stderr)
    if _is_first_visit():
        link = f"{address()}{first_visit.path(settings.DATA_FOLDER)}"
        print(f"\n  Create your organization, once, at\n  {link}\n", file=sys.stderr)
    sys.stderr.flush()


def _is_first_visit() -> bool:
    import concurrent.futures

    # Called on the event loop's thread, where Django refuses to speak to the database.
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(_has_no_organization).result()


def _has_no_organization() -> bool:
    from django.db import connections

    from parvis.people.models import Organization

    try:
        return not Organization.objects.exists()
    finally:
        connections.close_all()


def password_link(identity: Any) -> str:
    """Return the link by which somebody without a password chooses one."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.urls import reverse

    key = f"{user_pk_to_url_str(identity)}-{default_token_generator.make_token(identity)}"
    uid, _, token = key.partition("-")
    return address() + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
