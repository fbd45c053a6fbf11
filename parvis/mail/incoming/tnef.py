"""The files in a winmail.dat, which Outlook makes of a mail in its own format (TNEF); what it cannot read stays whole."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from parvis.mail.incoming.letters import Enclosed

_SIGNATURE = 0x223E9F78
_BEGINS_FILE, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_MOST = 40


def unpacked(file: Enclosed) -> list[Enclosed]:
    """Return the files within, or the file itself where there are none."""
    if file.media_type not in {"application/ms-tnef", "application/vnd.ms-tnef"}:
        return [file]
    found: list[tuple[str, bytes]] = []
    for id, data in _attributes(file.content):
        if id == _BEGINS_FILE and len(found) < _MOST:
            found.append(("", b""))
        elif id == _TITLE and found:
            found[-1] = (data.rstrip(b"\x00").decode("cp1252", "replace"), found[-1][1])
        elif id == _DATA and found:
            found[-1] = (found[-1][0], data)
    within = [Enclosed(name or "file.bin", "", data) for name, data in found if data]
    return within or [file]


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return
    place = 6
    while place + 9 <= len(content):
        _level, id, length = struct.unpack_from("<BII", content, place)
        place += 9
        if place + length > len(content):
            return
        yield id, content[place : place + length]
        place += length + 2
