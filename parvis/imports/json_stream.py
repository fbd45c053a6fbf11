"""Read a JSON list item by item, in constant memory, and know the line of what is wrong."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from parvis.imports.faults import ArchiveFault, Reason

CHUNK_BYTES = 64 * 1024
ITEM_CHARACTERS = 8 * 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def json_objects(stream: BinaryIO, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each object of a JSON list with the line on which it starts."""
    text = _Text(stream, path)
    if text.next_character() != "[":
        raise text.fault(Reason.TRUNCATED if text.at_end() else Reason.SHAPE, detail="list")
    text.skip(1)
    first = True
    while text.next_character() != "]":
        if not first:
            text.expect(",")
            text.next_character()
        first = False
        line = text.line
        item = text.value()
        if not isinstance(item, dict):
            raise ArchiveFault(path, Reason.SHAPE, line=line, detail="object")
        yield line, item


def json_lines(stream: BinaryIO, path: str) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """Yield the objects of a file that has one on each line: the line's number, its bytes, and the object."""
    number = 0
    while line := stream.readline(ITEM_CHARACTERS + 1):
        number += 1
        if len(line) > ITEM_CHARACTERS:
            raise ArchiveFault(path, Reason.ITEM_TOO_LARGE, line=number, limit=ITEM_CHARACTERS)
        if line.strip():
            yield number, line, json_line(line, path, number)


def json_line(line: bytes, path: str, number: int) -> dict[str, Any]:
    """Return the object on one line."""
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ArchiveFault(path, Reason.CHARSET, line=number) from error
    except RecursionError as error:
        raise ArchiveFault(path, Reason.TOO_DEEP, line=number) from error
    except ValueError as error:
        # The last line of a file that was cut does not end.
        reason = Reason.SYNTAX if line.endswith(b"\n") else Reason.TRUNCATED
        raise ArchiveFault(path, reason, line=number, detail=str(error)[:80]) from error
    if not isinstance(item, dict):
        raise ArchiveFault(path, Reason.SHAPE, line=number, detail="object")
    return item


class _Text:
    """A sliding window over the text of a file; never more than one item wide."""

    def __init__(self, stream: BinaryIO, path: str) -> None:
        self._stream = stream
        self._path = path
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._window = ""
        self._position = 0
        self._ended = False
        self.line = 1

    def fault(self, reason: Reason, *, detail: str = "", line: int | None = None) -> ArchiveFault:
        return ArchiveFault(self._path, reason, line=line or self.line, detail=detail, limit=ITEM_CHARACTERS)

    def at_end(self) -> bool:
        return self._ended and self._position >= len(self._window)

    def next_character(self) -> str:
        """Return the next character that is no space, without taking it; empty at the end."""
        while True:
            found = _SPACE.match(self._window, self._position)
            assert found is not None
            self._advance(found.end())
            if self._position < len(self._window) or not self._more():
                break
        return self._window[self._position : self._position + 1]

    def expect(self, character: str) -> None:
        if self.next_character() != character:
            raise (
                self.fault(Reason.TRUNCATED) if self.at_end() else self.fault(Reason.SYNTAX, detail=character)
            )
        self.skip(1)

    def skip(self, count: int) -> None:
        self._advance(self._position + count)

    def value(self) -> Any:
        """Take one JSON value, reading on until it is whole."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._position)
            except json.JSONDecodeError as error:
                if self._may_be_cut(error) and self._more(double=True):
                    continue
                line = self.line + self._window.count("\n", self._position, error.pos)
                raise self._decode_fault(error, line) from error
            except RecursionError as error:
                raise self.fault(Reason.TOO_DEEP) from error
            except ValueError as error:  # a number of thousands of digits
                raise self.fault(Reason.SYNTAX, detail=str(error)[:80]) from error
            self._advance(end)
            return value

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        # A fault far from the end of the window is none that more text could mend; a string that does not
        # end is reported at its start, though.
        unfinished = error.msg.startswith("Unterminated string") or len(self._window) - error.pos < 16
        return unfinished and not self._ended

    def _decode_fault(self, error: json.JSONDecodeError, line: int) -> ArchiveFault:
        cut = error.msg.startswith("Unterminated string") or error.pos >= len(self._window.rstrip())
        if self._ended and cut:
            return self.fault(Reason.TRUNCATED, line=line)
        return self.fault(Reason.SYNTAX, detail=error.msg, line=line)

    def _advance(self, position: int) -> None:
        self.line += self._window.count("\n", self._position, position)
        self._position = position

    def _more(self, *, double: bool = False) -> bool:
        """Read on; an item that is not whole yet doubles the window, so that the work stays linear."""
        if self._ended:
            return False
        kept = self._window[self._position :]
        if len(kept) > ITEM_CHARACTERS:
            raise self.fault(Reason.ITEM_TOO_LARGE)
        data = self._stream.read(max(CHUNK_BYTES, len(kept)) if double else CHUNK_BYTES)
        self._ended = not data
        try:
            fresh = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            line = self.line + kept.count("\n") + error.object[: error.start].count(b"\n")
            raise self.fault(Reason.CHARSET, line=line) from error
        self._window, self._position = kept + fresh, 0
        return True
