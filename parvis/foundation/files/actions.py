"""Storing and removing files, inside the scope of their organization."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import QuotaExceeded
from parvis.foundation.files.images import forget_derived
from parvis.foundation.files.judging import Findings, judge
from parvis.foundation.files.metadata import without_metadata
from parvis.foundation.files.queries import expected_bytes, storage_used_bytes, unattached_files
from parvis.foundation.files.storage import Readable, Received, key_of, storage
from parvis.foundation.jobs import every
from parvis.foundation.models import StoredFile
from parvis.foundation.tenancy import current_organization_id, organization_scope

# Time to write the post to which a file was uploaded.
ORPHAN_AGE = timedelta(hours=24)


def store(
    source: Readable,
    *,
    name: str,
    created_by_id: UUID | None = None,
    limit_bytes: int | None = None,
    quota_bytes: int | None = None,
    person_quota_bytes: int | None = None,
) -> StoredFile:
    """Store a file in the bound organization and return its row; equal bytes are kept once.

    `limit_bytes` bounds this file (`TooLarge`), the quotas all of the organization's and of one person's
    (`QuotaExceeded`). What the row says is found in the bytes; what would harm its readers is `Invalid`.
    """
    received = storage().receive(source, limit_bytes=limit_bytes)
    try:
        with received.path.open("rb") as file:
            findings = judge(file, name)
            plain = without_metadata(file, findings.media_type)
        if plain is not None:
            received = replaced(received, plain)
        key = key_of(current_organization_id(), received.sha256)
        with transaction.atomic():
            lock_content(received.sha256)
            if not StoredFile.objects.filter(sha256=received.sha256).exists():
                check_room(
                    received.size_bytes,
                    created_by_id=created_by_id,
                    quota_bytes=quota_bytes,
                    person_quota_bytes=person_quota_bytes,
                )
            storage().keep(received, key)
            return add_row(received.sha256, received.size_bytes, findings, created_by_id=created_by_id)
    finally:
        received.path.unlink(missing_ok=True)


def replaced(received: Received, plain: bytes) -> Received:
    """Return other bytes in the place of those that came."""
    received.path.unlink(missing_ok=True)
    return storage().receive(io.BytesIO(plain), limit_bytes=None)


def add_row(sha256: str, size_bytes: int, findings: Findings, *, created_by_id: UUID | None) -> StoredFile:
    """Write down a file whose bytes are kept."""
    file: StoredFile = StoredFile.objects.create(
        sha256=sha256, size_bytes=size_bytes, created_by_id=created_by_id, **asdict(findings)
    )
    return file


def check_room(
    size_bytes: int,
    *,
    created_by_id: UUID | None,
    quota_bytes: int | None,
    person_quota_bytes: int | None,
) -> None:
    """Refuse what would not fit beside what is kept and what is on its way."""
    if quota_bytes is not None and storage_used_bytes() + expected_bytes() + size_bytes > quota_bytes:
        raise QuotaExceeded
    if created_by_id is None or person_quota_bytes is None:
        return
    used = storage_used_bytes(by=created_by_id) + expected_bytes(by=created_by_id)
    if used + size_bytes > person_quota_bytes:
        raise QuotaExceeded(
            _(
                "You have used all the room that your organization gives to one person. Delete something first."
            )
        )


def discard(file: StoredFile) -> None:
    """Remove a file; its bytes go after the commit unless another row still has them."""
    organization_id, sha256 = current_organization_id(), file.sha256
    file.delete()
    transaction.on_commit(functools.partial(_remove_unused, organization_id, [sha256]))


@every(hours=1)
def sweep_orphans() -> int:
    """Remove files that nothing attached for a day, and bytes without a row; return how many files went.

    Rows that gained an attachment meanwhile are protected by their
    foreign key: each row goes in a transaction of its own.
    """
    organization_id = current_organization_id()
    swept = [
        file.sha256
        for file in unattached_files(before=timezone.now() - ORPHAN_AGE).iterator()
        if _was_deleted(file)
    ]
    transaction.on_commit(functools.partial(_remove_unused, organization_id, swept))
    transaction.on_commit(functools.partial(_remove_rowless, organization_id))
    return len(swept)


def lock_content(sha256: str) -> None:
    """Nobody removes these bytes while somebody else is about to need them, and the other way round."""
    lock(key_of(current_organization_id(), sha256))


def lock(name: str) -> None:
    """Be alone with that name until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _was_deleted(file: StoredFile) -> bool:
    try:
        with transaction.atomic():
            file.delete()
    except ProtectedError:
        return False
    return True


def _remove_unused(organization_id: UUID, contents: Iterable[str]) -> None:
    for sha256 in set(contents):
        with organization_scope(organization_id):
            lock_content(sha256)
            if not StoredFile.objects.filter(sha256=sha256).exists():
                storage().remove(key_of(organization_id, sha256))
                forget_derived(organization_id, sha256)


def _remove_rowless(organization_id: UUID) -> None:
    """Bytes whose row never came: the transaction of the upload failed, or the process died."""
    storage().remove_stale_temporaries()
    old = (
        key.rsplit("/", 1)[-1]
        for key in storage().keys_older_than(organization_id, ORPHAN_AGE.total_seconds())
    )
    with organization_scope(organization_id):
        known = set(StoredFile.objects.values_list("sha256", flat=True))
    _remove_unused(organization_id, (sha256 for sha256 in old if sha256 not in known))
