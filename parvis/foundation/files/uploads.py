"""Large files that come in parts, over hours and lost connections if need be, and end as stored files.

What is said about an upload is a row; what came of it lies in the storage, which alone knows how much. The
bytes never pass through Django: `parvis/config/server/received_files.py` writes them, after Django said yes.
"""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import DomainError, Invalid, NotFound, TooLarge
from parvis.foundation.files.actions import add_row, check_room, lock, lock_content
from parvis.foundation.files.judging import Findings, judge
from parvis.foundation.files.metadata import without_metadata
from parvis.foundation.files.names import cleaned_name
from parvis.foundation.files.storage import CHUNK_BYTES, key_of, storage
from parvis.foundation.jobs import every
from parvis.foundation.models import StoredFile, Upload
from parvis.foundation.tenancy import current_organization_id, organization_scope

# From the last part that came.
LIFETIME = timedelta(hours=24)


class WrongChecksum(DomainError):
    """What came is not what was sent (tus checksum extension)."""

    code = "wrong_checksum"
    status = 460
    default_message = _("The file changed on its way. Please send it again.")


class UploadGone(NotFound):
    """The upload is known, but its bytes are not here any more."""

    default_message = _("This upload is no longer known. Please send the file again.")


def begin_upload(
    *,
    name: str,
    size_bytes: int,
    created_by_id: UUID,
    sha256: str = "",
    limit_bytes: int | None = None,
    quota_bytes: int | None = None,
    person_quota_bytes: int | None = None,
) -> Upload:
    """Announce a file: it is refused before its first byte if it cannot be accepted, and its room is reserved."""
    if size_bytes < 0:
        raise Invalid({"size": [_("This size is not possible.")]})
    if limit_bytes is not None and size_bytes > limit_bytes:
        raise TooLarge(limit_bytes=limit_bytes)
    with transaction.atomic():
        lock(f"{current_organization_id()}/uploads")
        check_room(
            size_bytes,
            created_by_id=created_by_id,
            quota_bytes=quota_bytes,
            person_quota_bytes=person_quota_bytes,
        )
        upload: Upload = Upload.objects.create(
            name=cleaned_name(name),
            size_bytes=size_bytes,
            sha256=sha256,
            created_by_id=created_by_id,
            expires_at=timezone.now() + LIFETIME,
        )
    storage().begin_upload(upload.id)
    return upload


def find_upload(id: UUID, *, created_by_id: UUID) -> Upload:
    """Return somebody's own upload; anybody else's is not found."""
    upload: Upload | None = (
        Upload.objects.filter(pk=id, created_by_id=created_by_id, expires_at__gt=timezone.now())
        .select_related("file")
        .first()
    )
    if upload is None:
        raise UploadGone
    return upload


def offset_of(upload: Upload) -> int:
    """Return how many bytes are safely here."""
    if upload.file_id is not None:
        return upload.size_bytes
    try:
        return storage().upload_offset(upload.id)
    except FileNotFoundError:
        raise UploadGone from None


def prolong(upload: Upload) -> None:
    """Keep an upload that goes on."""
    upload.expires_at = timezone.now() + LIFETIME
    upload.save(update_fields=["expires_at"])


def abandon_upload(upload: Upload) -> None:
    """Forget an upload; what it had become stays."""
    id = upload.id
    upload.delete()
    transaction.on_commit(functools.partial(storage().abandon_upload, id))


def finish_upload(organization_id: UUID, upload_id: UUID, *, sha256: str | None = None) -> StoredFile:
    """Turn a whole upload into a stored file. Twice is once; what cannot be accepted is removed.

    For a thread of its own outside of any scope: reading a large file takes a while. `sha256` spares it when
    somebody counted along.
    """
    try:
        return _finish(organization_id, upload_id, sha256)
    except DomainError:
        discard_upload(organization_id, upload_id)
        raise


def discard_upload(organization_id: UUID, upload_id: UUID) -> None:
    """Remove an upload that failed, its bytes first: a full disk has room again at once."""
    storage().abandon_upload(upload_id)
    with organization_scope(organization_id):
        Upload.objects.filter(pk=upload_id, file=None).delete()


@every(hours=1)
def sweep_uploads() -> None:
    """Remove what nobody went on with for a day."""
    for upload in Upload.objects.filter(expires_at__lt=timezone.now()):
        abandon_upload(upload)


def _finish(organization_id: UUID, upload_id: UUID, sha256: str | None) -> StoredFile:
    with organization_scope(organization_id):
        upload = _known(upload_id)
    if upload.file is not None:
        return upload.file
    with suppress(FileNotFoundError), storage().open_upload(upload_id) as file:
        sha256 = sha256 or _digest(file)
        if upload.sha256 and upload.sha256 != sha256:
            raise WrongChecksum
        findings = judge(file, upload.name)
        plain = without_metadata(file, findings.media_type)
        keep: Callable[[str], None] = functools.partial(storage().keep_upload, upload_id)
        size = upload.size_bytes
        if plain is not None:
            received = storage().receive(io.BytesIO(plain), limit_bytes=None)
            sha256, size, keep = (
                received.sha256,
                received.size_bytes,
                functools.partial(storage().keep, received),
            )
        if storage().local_path("") is None:
            # Before the transaction: none waits for a copy in the store.
            keep(key_of(organization_id, sha256))
            keep = _confirm
        stored = _keep(organization_id, upload_id, keep, sha256, size, findings)
        storage().abandon_upload(upload_id)
        return stored
    raise UploadGone


def _confirm(key: str) -> None:
    if not storage().holds(key):
        raise UploadGone


def _keep(
    organization_id: UUID,
    upload_id: UUID,
    keep: Callable[[str], None],
    sha256: str,
    size_bytes: int,
    findings: Findings,
) -> StoredFile:
    with organization_scope(organization_id):
        upload = _known(upload_id, for_update=True)
        if upload.file is None:
            lock_content(sha256)
            keep(key_of(organization_id, sha256))
            upload.file = add_row(sha256, size_bytes, findings, created_by_id=upload.created_by_id)
            upload.save(update_fields=["file"])
        return upload.file


def _known(id: UUID, *, for_update: bool = False) -> Upload:
    uploads = Upload.objects.select_for_update() if for_update else Upload.objects.select_related("file")
    upload: Upload | None = uploads.filter(pk=id).first()
    if upload is None:
        raise UploadGone
    return upload


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
