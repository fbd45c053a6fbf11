"""What a place for bytes must offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

CHUNK_BYTES = 256 * 1024


class Busy(Exception):
    """Somebody else is writing this upload right now."""


class Misplaced(Exception):
    """The upload does not stand at that byte."""


class Readable(Protocol):
    """Anything with `read`, such as an open file or an upload."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to that many bytes, nothing at the end."""
        ...


class Stream(Readable, Protocol):
    """Bytes to be read once, then closed."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True)
class Received:
    """Bytes on their way in, in a temporary file of this machine."""

    path: Path
    sha256: str
    size_bytes: int


class Part(Protocol):
    """The next bytes of an upload, while they come."""

    def write(self, chunk: bytes) -> None:
        """Add bytes; `QuotaExceeded` when there is no room for them."""

    def keep(self) -> int:
        """End the part and keep it; return where the upload now stands, which may be a little before its end."""

    def drop(self) -> None:
        """End the part as if it had never begun."""


class Storage(Protocol):
    """Kept contents by key, and uploads that are still coming, by id."""

    def receive(self, source: Readable, *, limit_bytes: int | None) -> Received:
        """Read all of `source` into a temporary place."""

    def keep(self, received: Received, key: str) -> None:
        """Move received bytes to their key, durably and at once; existing ones stay."""

    def holds(self, key: str) -> bool:
        """Tell whether there are bytes under a key."""

    def open(self, key: str) -> BinaryIO:
        """Open kept bytes, to be read from anywhere; `FileNotFoundError` when there are none."""

    def open_range(self, key: str, first: int, last: int | None = None) -> Stream:
        """Open kept bytes from there on, to be read once; `FileNotFoundError` when there are none."""

    def remove(self, key: str) -> None:
        """Remove kept bytes, if any."""

    def keys_older_than(self, organization_id: UUID, seconds: float) -> Iterator[str]:
        """Return the keys of an organization that were not stored again for so long."""

    def local_path(self, key: str) -> Path | None:
        """Return where a web server on this machine reads them, if it can."""

    def begin_upload(self, id: UUID) -> None:
        """Make room for an upload."""

    def upload_offset(self, id: UUID) -> int:
        """Return how many bytes are safely here; `FileNotFoundError` for an upload that is gone."""

    def open_part(self, id: UUID, offset: int, *, is_checked: bool) -> Part:
        """Let bytes come from that offset; `Busy` or `Misplaced` when they cannot.

        `is_checked` announces that the part may be dropped at its end, because a checksum decides.
        """

    def open_upload(self, id: UUID) -> BinaryIO:
        """Open what came, to be read from anywhere."""

    def keep_upload(self, id: UUID, key: str) -> None:
        """Move a whole upload to its key, durably; the same key's existing bytes stay. Twice is once."""

    def abandon_upload(self, id: UUID) -> None:
        """Remove an upload that is still coming, if any."""

    def remove_stale_temporaries(self) -> None:
        """Remove what killed processes and forgotten uploads left behind."""


def key_of(organization_id: UUID | None, sha256: str) -> str:
    """Return the key of a content."""
    return f"{organization_id}/{sha256[:2]}/{sha256}"
