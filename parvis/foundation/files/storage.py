"""Where bytes lie: a small interface, and the local disk behind it. An S3 store can take its place.

A key is `<organization>/<first two of the sha256>/<sha256>`: each organization has a folder of its own, so
that leaving, erasing and counting never touch another one's, at the price of not sharing equal bytes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import QuotaExceeded, TooLarge

CHUNK_BYTES = 256 * 1024
# What a killed process left half written; no upload takes longer.
STALE_TEMPORARY_SECONDS = 24 * 3600


class Readable(Protocol):
    """Anything with `read`, such as an open file or an upload."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to that many bytes, nothing at the end."""
        ...


class Storage(Protocol):
    """What a place for bytes must offer."""

    def receive(self, source: Readable, *, limit_bytes: int | None) -> Received:
        """Read all of `source` into a temporary place."""

    def keep(self, received: Received, key: str) -> None:
        """Move received bytes to their key, durably and at once; existing ones stay."""

    def open(self, key: str) -> BinaryIO:
        """Open kept bytes; `FileNotFoundError` when there are none."""

    def remove(self, key: str) -> None:
        """Remove kept bytes, if any."""

    def keys_older_than(self, organization_id: UUID, seconds: float) -> Iterator[str]:
        """Return the keys of an organization that were not stored again for so long."""

    def local_path(self, key: str) -> Path | None:
        """Return where a web server on this machine reads them, if it can."""


@dataclass(frozen=True)
class Received:
    """Bytes on their way in."""

    path: Path
    sha256: str
    size_bytes: int


def key_of(organization_id: UUID | None, sha256: str) -> str:
    """Return the key of a content."""
    return f"{organization_id}/{sha256[:2]}/{sha256}"


class DiskStorage:
    """Bytes in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Beside the rest, so that moving a finished file is a rename on one file system.
        self.incoming = folder / "incoming"

    def receive(self, source: Readable, *, limit_bytes: int | None) -> Received:
        """Read all of `source` into a temporary file, in constant memory; refuse more than the limit."""
        self.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.incoming)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as target, _disk_may_be_full():
                digest, size = _copy(source, target, limit_bytes)
                target.flush()
                os.fsync(target.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Received(path, digest, size)

    def keep(self, received: Received, key: str) -> None:
        """Rename into place; both the file and its name survive a power cut."""
        target = self.folder / key
        if target.exists():
            # A fresh date tells the sweeper that somebody wants it again.
            os.utime(target)
            received.path.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(received.path, target)
        _sync_folder(target.parent)

    def open(self, key: str) -> BinaryIO:
        """Open kept bytes."""
        return (self.folder / key).open("rb")

    def remove(self, key: str) -> None:
        """Remove kept bytes, if any."""
        (self.folder / key).unlink(missing_ok=True)

    def keys_older_than(self, organization_id: UUID, seconds: float) -> Iterator[str]:
        """Walk the organization's folder."""
        before = time.time() - seconds
        for path in (self.folder / str(organization_id)).glob("??/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    yield path.relative_to(self.folder).as_posix()

    def local_path(self, key: str) -> Path | None:
        """Return the file itself."""
        return self.folder / key

    def remove_stale_temporaries(self) -> None:
        """Remove what killed processes left half written."""
        before = time.time() - STALE_TEMPORARY_SECONDS
        for path in self.incoming.glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()


def storage() -> DiskStorage:
    """Return the storage of this installation."""
    return DiskStorage(Path(settings.MEDIA_ROOT))


def _copy(source: Readable, target: BinaryIO, limit_bytes: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if limit_bytes is not None and size > limit_bytes:
            raise TooLarge(limit_bytes=limit_bytes)
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


@contextmanager
def _disk_may_be_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise QuotaExceeded(
                _("The server has no room left for files. Nothing was stored; tell its administrator.")
            ) from error
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
