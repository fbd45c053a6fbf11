"""The order in which messages were said: an export has them in the order of their ids, all channels mixed.

The lines go to a private file on disk and are read again channel by channel; what is kept in memory of a message is
where its line begins, a few bytes.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from parvis.imports.json_stream import json_line

# Side threads are interleaved with what is said beside them: the lines of this many are kept decoded.
LINES_AT_HAND = 64
WHOLE = -1


class Order:
    """Collects the lines of messages, then tells them channel by channel, the oldest first."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines = tempfile.TemporaryFile(prefix="parvis-mattermost-")  # noqa: SIM115  (closed with the archive)
        self._end = 0
        # By channel: time, where the line begins, its length, its number, which of its replies.
        self._marks: dict[str, array[int]] = {}
        self._line = lru_cache(LINES_AT_HAND)(self._read)

    def close(self) -> None:
        """Remove the file."""
        self._lines.close()

    def channels(self) -> list[str]:
        """Return the channels in which something was said."""
        return list(self._marks)

    def add(self, channel: str, line: bytes, number: int, times: list[int]) -> None:
        """Keep a line: the time of its message, and of each of its replies, which come no earlier."""
        start, self._end = self._end, self._end + len(line)
        self._lines.write(line)
        marks = self._marks.setdefault(channel, array("q"))
        for position, time in enumerate(times, start=WHOLE):
            marks.extend((max(time, times[0]), start, len(line), number, position))

    def said_in(self, channel: str) -> Iterator[tuple[int, dict[str, Any], int]]:
        """Yield the line's number, its object and which of its replies is meant (`WHOLE`: the message itself)."""
        flat = self._marks.get(channel, array("q"))
        marks = sorted(tuple(flat[at : at + 5]) for at in range(0, len(flat), 5))
        for _time, start, length, number, position in sorted(
            marks, key=lambda mark: (mark[0], mark[3], mark[4])
        ):
            yield number, self._line(start, length, number), position

    def _read(self, start: int, length: int, number: int) -> dict[str, Any]:
        self._lines.seek(start)
        return json_line(self._lines.read(length), self._path, number)
