"""Bring files, within what the organization and the server allow; nobody else reads them until something shows them."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings

from parvis.foundation import throttle
from parvis.foundation.files import store
from parvis.foundation.files.storage import Readable
from parvis.foundation.files.uploads import begin_upload
from parvis.foundation.models import StoredFile, Upload
from parvis.people.models import Person

MEBIBYTE = 1024 * 1024


class Bounds(TypedDict):
    """How much somebody may bring."""

    limit_bytes: int
    quota_bytes: int | None
    person_quota_bytes: int | None


def bring_file(*, person: Person, source: Readable, name: str) -> StoredFile:
    """Store a file that came in one piece."""
    _count(person)
    return store(source, name=name, created_by_id=person.id, **bounds_of(person))


def announce_file(*, person: Person, name: str, size_bytes: int, sha256: str = "") -> Upload:
    """Begin a file that comes in parts: what could not be accepted is refused before its first byte."""
    _count(person)
    return begin_upload(
        name=name, size_bytes=size_bytes, sha256=sha256, created_by_id=person.id, **bounds_of(person)
    )


def bounds_of(person: Person) -> Bounds:
    """Return what the person's organization and the server allow."""
    organization = person.organization
    return Bounds(
        limit_bytes=min(organization.upload_limit_bytes, settings.PARVIS.upload_limit_mb * MEBIBYTE),
        quota_bytes=organization.storage_limit_bytes,
        person_quota_bytes=organization.person_storage_limit_bytes,
    )


def _count(person: Person) -> None:
    throttle.check("upload", person.organization_id, person.id, rate=throttle.UPLOAD)
