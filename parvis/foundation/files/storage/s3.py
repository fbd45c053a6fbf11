"""Bytes in a private bucket of an S3 store, shared by all machines; never under a public address.

Uploads in parts are multipart uploads. What a cut left, too small for a part of its own, lies beside it as a
tail, named by the byte at which it begins: only the one that continues the parts counts.
"""

from __future__ import annotations

import functools
import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO
from uuid import UUID

from parvis.foundation.files.storage.bucket import Bucket
from parvis.foundation.files.storage.disk import disk_may_be_full, receive_into, remove_stale
from parvis.foundation.files.storage.interface import CHUNK_BYTES, Misplaced, Readable, Received, Stream

PART_BYTES = 16 * 1024 * 1024
# What S3 asks of every part but the last.
SMALLEST_PART_BYTES = 5 * 1024 * 1024
STALE_SECONDS = 2 * 24 * 3600
_MISSING = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}


class S3Storage:
    """Bytes in a bucket; what is on its way in waits in a folder of this machine."""

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        self.bucket = bucket
        self.incoming = folder / "incoming"
        self._client = _client(bucket)

    def receive(self, source: Readable, *, limit_bytes: int | None) -> Received:
        """Read all of `source` into a temporary file, in constant memory."""
        return receive_into(self.incoming, source, limit_bytes=limit_bytes)

    def keep(self, received: Received, key: str) -> None:
        """Send the file to its key."""
        if not self.holds(key):
            with received.path.open("rb") as file:
                self._client.upload_fileobj(file, self.bucket.name, self._named(key), Config=_transfer())
        received.path.unlink(missing_ok=True)

    def holds(self, key: str) -> bool:
        """Ask for the object's head."""
        return self.size_of(key) is not None

    def size_of(self, key: str) -> int | None:
        """Return an object's size, None for one that is not there."""
        try:
            size: int = self._client.head_object(**self._place(key))["ContentLength"]
        except Exception as error:
            if _is_missing(error):
                return None
            raise
        return size

    def open(self, key: str) -> BinaryIO:
        """Open an object; it is fetched as it is read."""
        size = self.size_of(key)
        if size is None:
            raise FileNotFoundError(key)
        return io.BufferedReader(_Reading(self, key, size), CHUNK_BYTES)

    def open_range(self, key: str, first: int, last: int | None = None) -> Stream:
        """Fetch a part of an object, as a stream that has to be closed."""
        try:
            asked = f"bytes={first}-{'' if last is None else last}"
            body: Stream = self._client.get_object(**self._place(key), Range=asked)["Body"]
        except Exception as error:
            if _is_missing(error):
                raise FileNotFoundError(key) from error
            raise
        return body

    def remove(self, key: str) -> None:
        """Remove an object, if there is one."""
        self._client.delete_object(**self._place(key))

    def keys_older_than(self, organization_id: UUID, seconds: float) -> Iterator[str]:
        """List the organization's objects."""
        before = time.time() - seconds
        for key, modified in self.listed(f"{organization_id}/"):
            if modified < before:
                yield key

    def listed(self, start: str) -> Iterator[tuple[str, float]]:
        """Yield the keys that begin so, and when they were written."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket.name, Prefix=self._named(start)
        )
        for page in pages:
            for item in page.get("Contents", []):
                yield item["Key"].removeprefix(self.bucket.prefix), item["LastModified"].timestamp()

    def local_path(self, key: str) -> Path | None:
        """Nowhere on this machine."""
        return None

    def begin_upload(self, id: UUID) -> None:
        """Begin a multipart upload, and remember its name where every machine finds it."""
        begun = self._client.create_multipart_upload(**self._place(_whole(id)))
        self._client.put_object(**self._place(_name(id)), Body=begun["UploadId"].encode())

    def upload_offset(self, id: UUID) -> int:
        """Count the parts and the tail."""
        parts = self._parts(id)
        if parts is None:
            size = self.size_of(_whole(id))
            if size is None:
                raise FileNotFoundError(str(id))
            return size
        sent: int = sum(part["Size"] for part in parts)
        return sent + (self.size_of(_tail(id, sent)) or 0)

    def open_part(self, id: UUID, offset: int, *, is_checked: bool) -> S3Part:
        """Gather the bytes of a part on this machine before they are sent."""
        parts = self._parts(id)
        if parts is None:
            raise FileNotFoundError(str(id))
        sent = sum(part["Size"] for part in parts)
        part = S3Part(self, id, number=len(parts) + 1, sent=sent, is_checked=is_checked)
        if part.offset != offset:
            part.drop()
            raise Misplaced
        return part

    def open_upload(self, id: UUID) -> BinaryIO:
        """Put the parts together, and open the whole."""
        if not self.holds(_whole(id)):
            self._assemble(id)
        return self.open(_whole(id))

    def keep_upload(self, id: UUID, key: str) -> None:
        """Copy the whole to its key, inside the store; whoever has written down that it is kept abandons the rest."""
        if not self.holds(key):
            if not self.holds(_whole(id)):
                raise FileNotFoundError(str(id))
            source = {"Bucket": self.bucket.name, "Key": self._named(_whole(id))}
            self._client.copy(source, self.bucket.name, self._named(key), Config=_transfer())

    def abandon_upload(self, id: UUID) -> None:
        """Remove the parts, the tail and the whole."""
        if (name := self._upload_name(id)) is not None:
            with suppress(Exception):
                self._client.abort_multipart_upload(**self._place(_whole(id)), UploadId=name)
        self._remove_incoming(id)

    def remove_stale_temporaries(self) -> None:
        """Remove what nobody went on with, here and in the bucket."""
        remove_stale(self.incoming)
        stale = time.time() - STALE_SECONDS
        for key, modified in list(self.listed("incoming/")):
            if modified < stale:
                self.abandon_upload(UUID(key.split("/")[1]))

    def send_part(self, id: UUID, number: int, file: IO[bytes]) -> None:
        """Send one part of a multipart upload."""
        name = self._upload_name(id)
        if name is None:
            raise FileNotFoundError(str(id))
        try:
            self._client.upload_part(**self._place(_whole(id)), UploadId=name, PartNumber=number, Body=file)
        except Exception as error:
            if _is_missing(error):
                raise FileNotFoundError(str(id)) from error
            raise

    def read_tail(self, id: UUID, sent: int) -> bytes:
        """Return what stands beside the parts."""
        with suppress(FileNotFoundError):
            return self._content(_tail(id, sent))
        return b""

    def write_tail(self, id: UUID, sent: int, file: IO[bytes]) -> None:
        """Put beside the parts what is too small for one."""
        self._client.put_object(**self._place(_tail(id, sent)), Body=file)

    def _assemble(self, id: UUID) -> None:
        parts, name = self._parts(id), self._upload_name(id)
        if parts is None or name is None:
            raise FileNotFoundError(str(id))
        tail = self.read_tail(id, sum(part["Size"] for part in parts))
        if not parts and not tail:
            self._client.put_object(**self._place(_whole(id)), Body=b"")
            return
        if tail:
            self.send_part(id, len(parts) + 1, io.BytesIO(tail))
            parts = self._parts(id) or []
        numbered = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]
        self._client.complete_multipart_upload(
            **self._place(_whole(id)), UploadId=name, MultipartUpload={"Parts": numbered}
        )

    def _parts(self, id: UUID) -> list[dict[str, Any]] | None:
        name = self._upload_name(id)
        if name is None:
            return None
        try:
            pages = self._client.get_paginator("list_parts").paginate(
                **self._place(_whole(id)), UploadId=name
            )
            return [part for page in pages for part in page.get("Parts", [])]
        except Exception as error:
            if _is_missing(error):
                return None
            raise

    def _upload_name(self, id: UUID) -> str | None:
        try:
            return self._content(_name(id)).decode()
        except FileNotFoundError:
            return None

    def _content(self, key: str) -> bytes:
        with closing(self.open_range(key, 0)) as stream:
            return stream.read()

    def _remove_incoming(self, id: UUID) -> None:
        for key, _modified in list(self.listed(f"incoming/{id}/")):
            self.remove(key)

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket.name, "Key": self._named(key)}

    def _named(self, key: str) -> str:
        return self.bucket.prefix + key


class S3Part:
    """Bytes on their way into a multipart upload: gathered here until they are enough for a part."""

    def __init__(self, storage: S3Storage, id: UUID, *, number: int, sent: int, is_checked: bool) -> None:
        self._storage, self._id = storage, id
        self._number, self._sent, self._is_checked = number, sent, is_checked
        storage.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=storage.incoming)  # noqa: SIM115 - kept over several calls
        self._gathered = self._file.write(storage.read_tail(id, sent))

    @property
    def offset(self) -> int:
        """Where the upload stands."""
        return self._sent + self._gathered

    def write(self, chunk: bytes) -> None:
        """Gather; send a part as soon as there is one, unless a checksum has to decide first."""
        with disk_may_be_full():
            self._gathered += self._file.write(chunk)
        if self._gathered >= PART_BYTES and not self._is_checked:
            self._send(0, self._gathered)
            self._file.seek(0)
            self._file.truncate()
            self._gathered = 0

    def keep(self) -> int:
        """Send what can be parts, and put the rest beside them."""
        at = 0
        with self._file:
            while self._gathered - at >= SMALLEST_PART_BYTES:
                at += self._send(at, min(self._gathered - at, PART_BYTES))
            if self._gathered > at:
                self._file.seek(at)
                self._storage.write_tail(self._id, self._sent, io.BytesIO(self._file.read()))
        self._gathered -= at
        return self.offset

    def drop(self) -> None:
        """Forget what is gathered; what stood before still stands."""
        self._file.close()

    def _send(self, at: int, size: int) -> int:
        self._file.seek(at)
        self._storage.send_part(self._id, self._number, io.BytesIO(self._file.read(size)))
        self._number, self._sent = self._number + 1, self._sent + size
        return size


class _Reading(io.RawIOBase):
    """An object that is fetched from where it is read; a jump asks anew."""

    def __init__(self, storage: S3Storage, key: str, size: int) -> None:
        self._storage, self._key, self._size = storage, key, size
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if target != self._at:
            self._stop()
        self._at = max(0, target)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size or not len(buffer):
            return 0
        if self._body is None:
            self._body = self._storage.open_range(self._key, self._at)
        chunk: bytes = self._body.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)

    def close(self) -> None:
        self._stop()
        super().close()

    def _stop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _whole(id: UUID) -> str:
    return f"incoming/{id}/whole"


def _name(id: UUID) -> str:
    return f"incoming/{id}/upload"


def _tail(id: UUID, sent: int) -> str:
    return f"incoming/{id}/tail-{sent}"


@functools.lru_cache(maxsize=4)
def _client(bucket: Bucket) -> Any:
    # Only where it is used: it takes half a second and thirty megabytes.
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=bucket.endpoint,
        region_name=bucket.region,
        aws_access_key_id=bucket.key,
        aws_secret_access_key=bucket.secret,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if bucket.endpoint else "auto"},
            max_pool_connections=32,
            connect_timeout=5,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _transfer() -> Any:
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False)


def _is_missing(error: Exception) -> bool:
    answer = getattr(error, "response", None)
    return isinstance(answer, dict) and str(answer.get("Error", {}).get("Code")) in _MISSING
