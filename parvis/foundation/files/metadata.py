"""Pictures without what they tell besides the picture: where and when it was taken, by whom, with which device.

Pixels are not touched: only the segments that carry metadata are left out, and the orientation is said anew.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image

ORIENTATION = 0x0112
# Larger ones are rare, and would have to be held in memory.
LARGEST_BYTES = 64 * 1024 * 1024
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
WEBP_METADATA = {b"EXIF", b"XMP "}
# The flags of VP8X that announce them.
WEBP_EXIF_FLAG, WEBP_XMP_FLAG = 0b1000, 0b0100
EXIF_MARK = b"Exif\x00\x00"
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
# Exif and XMP, several pictures in one, IPTC; a comment. Colour profiles stay.
JPEG_METADATA = {0xE1, 0xED, 0xFE}
MULTI_PICTURE = b"MPF\x00"


def without_metadata(file: BinaryIO, media_type: str) -> bytes | None:
    """Return the same picture without its metadata; None where there is none, or nothing can be done."""
    strip = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    if strip is None:
        return None
    file.seek(0)
    data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        return None
    try:
        stripped = strip(data)
    except (ValueError, IndexError, struct.error):
        # Damaged: nobody can show it, and so it is kept as it is, to be saved.
        return None
    return stripped if stripped != data else None


def _jpeg(data: bytes) -> bytes:
    kept = [data[:2]]
    for code, segment in _jpeg_segments(data):
        if code in JPEG_METADATA or (code == 0xE2 and segment[4:8] == MULTI_PICTURE):
            if code == 0xE1 and segment[4:10] == EXIF_MARK and (turn := _turn(segment[4:])):
                kept.append(turn)
        else:
            kept.append(segment)
    return b"".join(kept)


def _turn(exif: bytes) -> bytes:
    """Return a segment that says only how the picture is turned; nothing for an upright one."""
    read = Image.Exif()
    read.load(exif)
    if (orientation := read.get(ORIENTATION, 1)) in range(2, 9):
        said = Image.Exif()
        said[ORIENTATION] = orientation
        content = said.tobytes()
        return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    return b""


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each marker with its bytes, up to the end of the first picture: others may hide behind it."""
    at = 2
    while True:
        while data[at + 1] == 0xFF:
            at += 1
        code = data[at + 1]
        if data[at] != 0xFF:
            raise ValueError("no marker")
        if code == END_OF_IMAGE:
            yield code, data[at : at + 2]
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if code == START_OF_SCAN:
            end = _end_of_scan(data, end)
        yield code, data[at:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    while True:
        at = data.index(b"\xff", at)
        # An escaped byte, a restart or filling: the scan goes on.
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _png(data: bytes) -> bytes:
    kept, at = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + size
        if end > len(data):
            raise ValueError("cut")
        if name not in PNG_METADATA:
            kept.append(data[at:end])
        elif name == b"eXIf" and (turn := _bare_turn(data[at + 8 : end - 4])):
            kept.append(
                struct.pack(">I", len(turn)) + name + turn + struct.pack(">I", zlib.crc32(name + turn))
            )
        at = end
        if name == b"IEND":
            break
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    chunks = list(_webp_chunks(data))
    turn = next((_bare_turn(content) for name, content in chunks if name == b"EXIF"), b"")
    kept = []
    for name, content in chunks:
        if name == b"VP8X":
            flags = content[0] & ~WEBP_XMP_FLAG & ~(0 if turn else WEBP_EXIF_FLAG)
            kept.append((name, bytes([flags]) + content[1:]))
        elif name == b"EXIF" and turn:
            kept.append((name, turn))
        elif name not in WEBP_METADATA:
            kept.append((name, content))
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in kept
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    while at + 8 <= end:
        name, size = struct.unpack("<4sI", data[at : at + 8])
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _bare_turn(exif: bytes) -> bytes:
    return _turn(EXIF_MARK + exif.removeprefix(EXIF_MARK))[10:]
