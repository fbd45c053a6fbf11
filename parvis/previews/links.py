"""Which link of a text is shown: the first that leads to a page, and whether it is one of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from parvis.foundation.richtext import render
from parvis.people.models import Organization

URL_LIMIT = 2_000


def shown_link(body: str) -> str:
    """Return the address of the first link that may be shown, empty for none; code and images are no links."""
    links = render(body).links
    return next((link for link in links if _is_web(link) or link.startswith(("/o/", "/entries/"))), "")


def is_own_host(url: str, organization: Organization) -> bool:
    """Tell whether an address is this installation's: never asked over the network."""
    host = urlsplit(url).netloc.lower()
    return not host or host in {urlsplit(settings.BASE_URL).netloc, organization.host_name}


def _is_web(link: str) -> bool:
    return link.startswith(("http://", "https://")) and len(link) <= URL_LIMIT
