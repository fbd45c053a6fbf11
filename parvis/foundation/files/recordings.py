"""How long a film or a recording lasts, and how large it is shown: read from its container, nothing is decoded.

A container that is damaged, cut or odd says nothing; players find out by themselves.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

# No honest file needs more steps to say what it is.
MOST_STEPS = 2000
HEAD_BYTES = 64 * 1024
LONGEST_MS = 100 * 3600 * 1000
LARGEST_SIDE = 20_000


@dataclass(frozen=True)
class Recording:
    """What a container says of itself."""

    duration_ms: int | None = None
    width: int | None = None
    height: int | None = None


def read_recording(file: BinaryIO, media_type: str) -> Recording:
    """Return what the container says, as far as it can be believed."""
    reader = _READERS.get(media_type)
    if reader is None:
        return Recording()
    try:
        found = reader(file)
    except (ValueError, IndexError, struct.error, OverflowError, ZeroDivisionError, OSError):
        return Recording()
    is_sound = found.duration_ms is None or 0 < found.duration_ms < LONGEST_MS
    has_sides = all(side is not None and 0 < side <= LARGEST_SIDE for side in (found.width, found.height))
    return Recording(
        found.duration_ms if is_sound else None,
        found.width if has_sides else None,
        found.height if has_sides else None,
    )


def _mp4(file: BinaryIO) -> Recording:
    duration, sides = None, (None, None)
    end = file.seek(0, os.SEEK_END)
    for name, content in _boxes(file, 0, end, ("moov", "trak")):
        if name == "mvhd":
            at = 20 if content[0] else 12
            scale, length = struct.unpack(
                ">IQ" if content[0] else ">II", content[at : at + (12 if content[0] else 8)]
            )
            duration = length * 1000 // scale
        elif name == "tkhd":
            at = 88 if content[0] else 76
            width, height = (value >> 16 for value in struct.unpack(">II", content[at : at + 8]))
            # The matrix turns a film taken upright by a phone.
            is_turned = struct.unpack(">i", content[at - 36 : at - 32])[0] == 0
            if width and height:
                sides = (height, width) if is_turned else (width, height)
    return Recording(duration, *sides)


def _boxes(file: BinaryIO, at: int, end: int, inside: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the small boxes at this level and in the named ones, wherever in the file they lie."""
    ends = [end]
    for _step in range(MOST_STEPS):
        while ends and at + 8 > ends[-1]:
            at = ends.pop()
        if not ends:
            return
        file.seek(at)
        size, raw = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", file.read(8)), 16
        after = at + size if size else ends[-1]
        if after <= at + head - 1 or after > ends[-1]:
            return
        name = raw.decode("latin-1")
        if name in inside:
            ends.append(after)
            at += head
            continue
        if name in {"mvhd", "tkhd"}:
            yield name, file.read(min(size - head, 200))
        at = after


EBML_SEGMENT, EBML_INFO, EBML_TRACKS = 0x18538067, 0x1549A966, 0x1654AE6B
EBML_ENTRY, EBML_VIDEO, EBML_CLUSTER = 0xAE, 0xE0, 0x1F43B675
EBML_SCALE, EBML_DURATION, EBML_WIDTH, EBML_HEIGHT = 0x2AD7B1, 0x4489, 0xB0, 0xBA


def _webm(file: BinaryIO) -> Recording:
    file.seek(0)
    data = file.read(HEAD_BYTES)
    found: dict[int, bytes] = {}
    at = 0
    for _step in range(MOST_STEPS):
        if at >= len(data):
            break
        id, at = _ebml_number(data, at, keeps_mark=True)
        size, at = _ebml_number(data, at)
        if id == EBML_CLUSTER:
            break
        if id in {EBML_SEGMENT, EBML_INFO, EBML_TRACKS, EBML_ENTRY, EBML_VIDEO}:
            continue
        found.setdefault(id, data[at : at + size])
        at += size
    scale = int.from_bytes(found.get(EBML_SCALE, b"")) or 1_000_000
    raw = found.get(EBML_DURATION)
    length = None if raw is None else struct.unpack(">d" if len(raw) == 8 else ">f", raw)[0]
    sides = [int.from_bytes(found[id]) if id in found else None for id in (EBML_WIDTH, EBML_HEIGHT)]
    return Recording(None if length is None else int(length * scale / 1_000_000), *sides)


def _ebml_number(data: bytes, at: int, *, keeps_mark: bool = False) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length])
    return (value if keeps_mark else value & ~(1 << 7 * length)), at + length


def _wav(file: BinaryIO) -> Recording:
    end = file.seek(0, os.SEEK_END)
    at, rate = 12, 0
    for _step in range(MOST_STEPS):
        file.seek(at)
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            (rate,) = struct.unpack("<I", file.read(size)[8:12])
        if name == b"data":
            return Recording(min(size, end - at) * 1000 // rate)
        at += 8 + size + size % 2
    return Recording()


def _flac(file: BinaryIO) -> Recording:
    file.seek(8)
    bits = int.from_bytes(file.read(34)[10:18])
    return Recording((bits & (1 << 36) - 1) * 1000 // (bits >> 44))


def _ogg(file: BinaryIO) -> Recording:
    file.seek(0)
    head = file.read(200)
    rate = (
        48_000 if b"OpusHead" in head else struct.unpack("<I", head[head.index(b"\x01vorbis") + 12 :][:4])[0]
    )
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - HEAD_BYTES))
    tail = file.read()
    (samples,) = struct.unpack("<q", tail[tail.rindex(b"OggS") + 6 :][:8])
    return Recording(samples * 1000 // rate)


MP3_RATES = (44_100, 48_000, 32_000)
MP3_KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def _mp3(file: BinaryIO) -> Recording:
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    start = file.read(10)
    # Each byte of an ID3 size holds seven bits.
    skipped = (
        10 + sum(byte << 7 * (3 - index) for index, byte in enumerate(start[6:10]))
        if start[:3] == b"ID3"
        else 0
    )
    file.seek(skipped)
    head = file.read(4096)
    frame = re.search(rb"\xff[\xfa\xfb]..", head, re.DOTALL)
    if frame is None:
        return Recording()
    at = frame.start()
    rate, kilobits = MP3_RATES[head[at + 2] >> 2 & 3], MP3_KILOBITS[head[at + 2] >> 4]
    for mark in (b"Xing", b"Info"):
        place = head.find(mark, at, at + 200)
        if place >= 0 and head[place + 7] & 1:
            frames = int.from_bytes(head[place + 8 : place + 12])
            return Recording(frames * 1152 * 1000 // rate)
    return Recording((end - skipped) * 8 // kilobits)


_READERS: dict[str, Callable[[BinaryIO], Recording]] = {
    "video/mp4": _mp4,
    "video/quicktime": _mp4,
    "audio/mp4": _mp4,
    "video/webm": _webm,
    "audio/wav": _wav,
    "audio/flac": _flac,
    "audio/ogg": _ogg,
    "audio/mpeg": _mp3,
}
