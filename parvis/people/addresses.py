"""Addresses of pages as others outside a request need them: in mails and on a console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix

from parvis.people.models import Organization


def page_address(organization: Organization | None, name: str, *args: object) -> str:
    """Return the full address of a named page, at the organization's host name or below its path prefix."""
    return root_of(organization) + path_of(organization, name, *args)


def path_of(organization: Organization | None, name: str, *args: object) -> str:
    """Return the path of a named page of an organization, whichever is bound."""
    with within(organization):
        return reverse(name, args=args)


@contextmanager
def within(organization: Organization | None) -> Iterator[None]:
    """Resolve addresses as inside a request to an organization, whichever is bound."""
    outer = get_script_prefix()
    set_script_prefix(_prefix(organization))
    try:
        yield
    finally:
        set_script_prefix(outer)


def entrance_of(organization: Organization, current_host: str) -> str:
    """Return the address of an organization's home for somebody who is at another host, or at this one."""
    path = path_of(organization, "web:home")
    is_here = urlsplit(root_of(organization)).netloc == current_host or not organization.host_name
    is_foreign = Organization.objects.filter(host_name=current_host.partition(":")[0]).exclude(
        pk=organization.pk
    )
    return root_of(organization) + path if not is_here or is_foreign.exists() else path


def root_of(organization: Organization | None) -> str:
    """Return scheme and host under which an organization is served."""
    if organization is None or not organization.host_name:
        return str(settings.BASE_URL).rstrip("/")
    base = urlsplit(settings.BASE_URL)
    port = f":{base.port}" if base.port else ""
    return f"{base.scheme}://{organization.host_name}{port}"


def _prefix(organization: Organization | None) -> str:
    return "/" if organization is None or organization.host_name else f"/o/{organization.slug}/"
