"""Which link of a text is shown: the first that leads to a page, and whether it is one of ours."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from parvis.foundation.richtext import render
from parvis.people.models import Organization

URL_LIMIT = 2_000
ENTRY_PATH = re.compile(r"/entries/([0-9a-f-]{36})/?")
COMMENT = re.compile(r"entry-([0-9a-f-]{36})")


def shown_link(body: str) -> str:
    """Return the address of the first link that may be shown, empty for none; code and images are no links."""
    links = render(body).links
    return next((link for link in links if _is_web(link) or link.startswith(("/o/", "/entries/"))), "")


def own_entry_id(url: str, organization: Organization) -> UUID | None:
    """Return the entry that a permalink of this organization names."""
    parts = urlsplit(url)
    prefix = f"/o/{organization.slug}"
    is_own_name = parts.netloc.lower() == (organization.host_name or "-")
    if parts.netloc and not is_own_name and parts.netloc.lower() != urlsplit(settings.BASE_URL).netloc:
        return None
    path = parts.path.removeprefix(prefix)
    if not is_own_name and path == parts.path:
        return None
    named = ENTRY_PATH.fullmatch(path)
    comment = COMMENT.fullmatch(parts.fragment)
    return _uuid((comment or named)[1]) if named else None


def is_own_host(url: str, organization: Organization) -> bool:
    """Tell whether an address is this installation's: never asked over the network."""
    host = urlsplit(url).netloc.lower()
    return not host or host in {urlsplit(settings.BASE_URL).netloc, organization.host_name}


def _is_web(link: str) -> bool:
    return link.startswith(("http://", "https://")) and len(link) <= URL_LIMIT


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
