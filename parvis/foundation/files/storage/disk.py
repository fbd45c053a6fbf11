"""Bytes in a folder of this machine."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import QuotaExceeded, TooLarge
from parvis.foundation.files.storage.interface import CHUNK_BYTES, Busy, Misplaced, Readable, Received

# What a killed process left half written; an upload that goes on is touched by each of its parts.
STALE_TEMPORARY_SECONDS = 2 * 24 * 3600


class DiskFull(QuotaExceeded):
    """The machine itself has no room left."""

    code = "disk_full"
    status = 507
    default_message = _("The server has no room left for files. Nothing was stored; tell its administrator.")


class DiskStorage:
    """Bytes in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Beside the rest, so that moving a finished file is a rename on one file system.
        self.incoming = folder / "incoming"

    def receive(self, source: Readable, *, limit_bytes: int | None) -> Received:
        """Read all of `source` into a temporary file, in constant memory; refuse more than the limit."""
        return receive_into(self.incoming, source, limit_bytes=limit_bytes)

    def keep(self, received: Received, key: str) -> None:
        """Rename into place; both the file and its name survive a power cut."""
        self._move(received.path, key)

    def holds(self, key: str) -> bool:
        """Look for the file."""
        return (self.folder / key).exists()

    def open(self, key: str) -> BinaryIO:
        """Open kept bytes."""
        return (self.folder / key).open("rb")

    def open_range(self, key: str, first: int, last: int | None = None) -> BinaryIO:
        """Open kept bytes from there on."""
        file = self.open(key)
        file.seek(first)
        return file

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

    def begin_upload(self, id: UUID) -> None:
        """Make an empty file."""
        self.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        with disk_may_be_full():
            os.close(os.open(self._upload(id), os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))

    def upload_offset(self, id: UUID) -> int:
        """Return the size of the file: it tells the truth even after a crash."""
        return self._upload(id).stat().st_size

    def open_part(self, id: UUID, offset: int, *, is_checked: bool) -> DiskPart:
        """Open the end of the file; one writer at a time, whatever the process."""
        return DiskPart(self._upload(id), offset)

    def open_upload(self, id: UUID) -> BinaryIO:
        """Open what came."""
        return self._upload(id).open("rb")

    def keep_upload(self, id: UUID, key: str) -> None:
        """Rename into place."""
        try:
            self._move(self._upload(id), key)
        except FileNotFoundError:
            if not self.holds(key):
                raise

    def abandon_upload(self, id: UUID) -> None:
        """Remove the file."""
        self._upload(id).unlink(missing_ok=True)

    def remove_stale_temporaries(self) -> None:
        """Remove what killed processes and forgotten uploads left behind."""
        remove_stale(self.incoming)

    def _upload(self, id: UUID) -> Path:
        return self.incoming / f"{id}.part"

    def _move(self, path: Path, key: str) -> None:
        target = self.folder / key
        if target.exists():
            # A fresh date tells the sweeper that somebody wants it again.
            os.utime(target)
            path.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(path, target)
        _sync_folder(target.parent)


class DiskPart:
    """Bytes appended to a file that nobody else may append to meanwhile."""

    def __init__(self, path: Path, offset: int) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        self._begin = self._offset = offset
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Looked at under the lock: a finished upload was moved away, and is never written to again.
            if os.fstat(self._descriptor).st_size != offset:
                raise Misplaced
        except BlockingIOError:
            os.close(self._descriptor)
            raise Busy from None
        except Misplaced:
            os.close(self._descriptor)
            raise

    def write(self, chunk: bytes) -> None:
        """Write at the end."""
        with disk_may_be_full():
            while chunk:
                written = os.pwrite(self._descriptor, chunk, self._offset)
                self._offset, chunk = self._offset + written, chunk[written:]

    def keep(self) -> int:
        """Keep what came, beyond a power cut."""
        try:
            with disk_may_be_full():
                os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)
        return self._offset

    def drop(self) -> None:
        """Cut what came."""
        os.ftruncate(self._descriptor, self._begin)
        os.close(self._descriptor)


def receive_into(folder: Path, source: Readable, *, limit_bytes: int | None) -> Received:
    """Read all of `source` into a temporary file of that folder, in constant memory."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as target, disk_may_be_full():
            digest, size = _copy(source, target, limit_bytes)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, digest, size)


def remove_stale(folder: Path) -> None:
    """Remove the files of a folder that nobody has written to for a while."""
    before = time.time() - STALE_TEMPORARY_SECONDS
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()


@contextmanager
def disk_may_be_full() -> Iterator[None]:
    """Say it in words when the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise


def _copy(source: Readable, target: BinaryIO, limit_bytes: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if limit_bytes is not None and size > limit_bytes:
            raise TooLarge(limit_bytes=limit_bytes)
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
