"""Storing and removing files, inside the scope of their organization."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from parvis.foundation.errors import QuotaExceeded
from parvis.foundation.files.images import dimensions, forget_derived
from parvis.foundation.files.media_types import PICTURES, judged_media_type
from parvis.foundation.files.names import cleaned_name
from parvis.foundation.files.queries import storage_used_bytes, unattached_files
from parvis.foundation.files.storage import Readable, Received, key_of, storage
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
) -> StoredFile:
    """Store a file in the bound organization and return its row; equal bytes are kept once.

    `limit_bytes` bounds this file (`TooLarge`), `quota_bytes` all of the organization's (`QuotaExceeded`).
    What the row says is found in the bytes. Pictures get `width` and `height`, unless damaged or too large.
    """
    received = storage().receive(source, limit_bytes=limit_bytes)
    try:
        return _keep(received, name=name, created_by_id=created_by_id, quota_bytes=quota_bytes)
    finally:
        received.path.unlink(missing_ok=True)


def discard(file: StoredFile) -> None:
    """Remove a file; its bytes go after the commit unless another row still has them."""
    organization_id, sha256 = current_organization_id(), file.sha256
    file.delete()
    transaction.on_commit(functools.partial(_remove_unused, organization_id, [sha256]))


def sweep_orphans() -> int:
    """Remove files that nothing attached for a day, and bytes without a row; return how many files went.

    For a periodic job in each organization. Rows that gained an attachment meanwhile are protected by their
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


def _keep(
    received: Received, *, name: str, created_by_id: UUID | None, quota_bytes: int | None
) -> StoredFile:
    shown_name = cleaned_name(name)
    media_type = judged_media_type(received.path, shown_name)
    width, height = (dimensions(received.path) if media_type in PICTURES else None) or (None, None)
    organization_id = current_organization_id()
    with transaction.atomic():
        _lock(organization_id, received.sha256)
        if quota_bytes is not None:
            _check_quota(received, quota_bytes)
        storage().keep(received, key_of(organization_id, received.sha256))
        file: StoredFile = StoredFile.objects.create(
            sha256=received.sha256,
            size_bytes=received.size_bytes,
            media_type=media_type,
            name=shown_name,
            width=width,
            height=height,
            created_by_id=created_by_id,
        )
    return file


def _check_quota(received: Received, quota_bytes: int) -> None:
    is_new = not StoredFile.objects.filter(sha256=received.sha256).exists()
    if is_new and storage_used_bytes() + received.size_bytes > quota_bytes:
        raise QuotaExceeded


def _lock(organization_id: UUID, sha256: str) -> None:
    """Nobody removes these bytes while somebody else is about to need them, and the other way round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key_of(organization_id, sha256)]
        )


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
            _lock(organization_id, sha256)
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
