"""Where bytes lie: a small interface, and the local disk behind it. An S3 store can take its place.

A key is `<organization>/<first two of the sha256>/<sha256>`: each organization has a folder of its own, so
that leaving, erasing and counting never touch another one's, at the price of not sharing equal bytes.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from parvis.foundation.files.storage.bucket import Bucket, bucket_of
from parvis.foundation.files.storage.disk import DiskFull, DiskStorage
from parvis.foundation.files.storage.interface import (
    CHUNK_BYTES,
    Busy,
    Misplaced,
    Part,
    Readable,
    Received,
    Storage,
    key_of,
)

__all__ = [
    "CHUNK_BYTES",
    "Bucket",
    "Busy",
    "DiskFull",
    "DiskStorage",
    "Misplaced",
    "Part",
    "Readable",
    "Received",
    "Storage",
    "bucket_of",
    "key_of",
    "storage",
]


def storage() -> Storage:
    """Return the storage of this installation."""
    folder = Path(settings.MEDIA_ROOT)
    bucket = bucket_of(settings.PARVIS)
    if bucket is None:
        return DiskStorage(folder)
    from parvis.foundation.files.storage.s3 import S3Storage

    return S3Storage(bucket, folder)
