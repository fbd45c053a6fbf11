"""Where each message lies in a mailbox file, and its bytes when they are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parvis.imports.faults import ArchiveFault, Reason

MESSAGE_BYTES = 64 * 1024 * 1024
HEADER_BYTES = 256 * 1024
LONGEST_LINE_BYTES = 64 * 1024
_HEADER = re.compile(rb"[!-9;-~]{1,100}:[ \t\r\n]")
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.M)


@dataclass(frozen=True, kw_only=True)
class Extent:
    """One message of a mailbox: where its own bytes start, and how many there are."""

    start: int
    length: int
    # The separator line, which often knows a date that the message does not.
    separator: bytes


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """A mailbox file. `path` is where its bytes are, `label` what people call it."""

    label: str
    path: Path

    def extents(self) -> Iterator[Extent]:
        """Yield where each message lies, reading line by line."""
        if not self._is_mbox():
            yield self._single()
            return
        with self.path.open("rb") as stream:
            yield from _extents(_lines(stream))

    def headers(self, extent: Extent) -> bytes:
        """Return the header lines of a message."""
        head = self._bytes(extent.start, min(extent.length, HEADER_BYTES))
        end = re.search(rb"\r?\n\r?\n", head)
        return head[: end.end()] if end else head

    def message(self, start: int, length: int) -> bytes:
        """Return a whole message; lines that mbox had to escape read as they were written."""
        return _ESCAPED_FROM.sub(rb"\1", self._bytes(start, length))

    def _bytes(self, start: int, length: int) -> bytes:
        with self.path.open("rb") as stream:
            stream.seek(start)
            return stream.read(length)

    def _is_mbox(self) -> bool:
        with self.path.open("rb") as stream:
            return stream.readline(LONGEST_LINE_BYTES).startswith(b"From ")

    def _single(self) -> Extent:
        with self.path.open("rb") as stream:
            if not _HEADER.match(stream.read(200)):
                raise ArchiveFault(self.label, Reason.NO_MESSAGES)
        return Extent(start=0, length=self.path.stat().st_size, separator=b"")


def _lines(stream: object) -> Iterator[tuple[int, bytes]]:
    """Yield lines with their offset; one without end comes in pieces, so that it never fills the memory."""
    offset = 0
    while line := stream.readline(LONGEST_LINE_BYTES):  # type: ignore[attr-defined]
        yield offset, line
        offset += len(line)


def _extents(lines: Iterator[tuple[int, bytes]]) -> Iterator[Extent]:
    # A "From " line separates only after an empty line and before a header: other writers left some in texts.
    start, separator, end = 0, b"", 0
    candidate: tuple[int, bytes] | None = None
    after_empty = True
    is_first = True
    for offset, line in lines:
        end = offset + len(line)
        if candidate and _HEADER.match(line):
            if not is_first:
                yield Extent(start=start, length=candidate[0] - start, separator=separator)
            start, separator, is_first = offset, candidate[1], False
        candidate = (offset, line) if after_empty and line.startswith(b"From ") else None
        after_empty = line in {b"\n", b"\r\n"}
    if not is_first:
        yield Extent(start=start, length=end - start, separator=separator)
