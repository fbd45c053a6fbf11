"""Try the storage out: write, read a part, remove."""

from __future__ import annotations

import io
import uuid
from contextlib import closing

from parvis.foundation.files.storage import storage

CONTENT = b"Parvis was here."


def try_storage() -> None:
    """Raise what is wrong with the place for files."""
    place, key = storage(), f"trial/{uuid.uuid4()}"
    place.keep(place.receive(io.BytesIO(CONTENT), limit_bytes=None), key)
    try:
        with closing(place.open_range(key, 7, len(CONTENT) - 1)) as stream:
            found = stream.read()
        if found != CONTENT[7:]:
            raise OSError("what was read is not what was written")
    finally:
        place.remove(key)
