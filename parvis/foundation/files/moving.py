"""Files from one place to another: whole, checked by their own names, and as often as one likes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from parvis.foundation.files.storage import DiskStorage, Storage, bucket_of
from parvis.foundation.files.storage.s3 import S3Storage

KEY = re.compile(r"[0-9a-f-]{36}/[0-9a-f]{2}/[0-9a-f]{64}")


def copy_all(*, to_bucket: bool) -> tuple[int, int]:
    """Copy what the other place has not; return how many files, and how many bytes."""
    bucket = bucket_of(settings.PARVIS)
    assert bucket is not None
    disk = DiskStorage(Path(settings.MEDIA_ROOT))
    store = S3Storage(bucket, disk.folder)
    source: Storage = disk if to_bucket else store
    target: Storage = store if to_bucket else disk
    copied = size = 0
    for key in _keys(disk if to_bucket else store):
        if target.holds(key):
            continue
        with source.open(key) as file:
            received = target.receive(file, limit_bytes=None)
        if received.sha256 != key[-64:]:
            received.path.unlink()
            raise OSError(f"{key}: its content is not what its name says")
        target.keep(received, key)
        copied, size = copied + 1, size + received.size_bytes
    return copied, size


def _keys(place: DiskStorage | S3Storage) -> Iterator[str]:
    if isinstance(place, S3Storage):
        found = (key for key, _modified in place.listed(""))
    else:
        found = (path.relative_to(place.folder).as_posix() for path in place.folder.glob("*/??/*"))
    return (key for key in found if KEY.fullmatch(key))
