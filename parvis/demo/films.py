"""A short film and its sound, made on the spot: no binary file lies in the repository.

A picture of lossy WebP is a key frame of VP8; put into WebM one after the other, they are a film that every
browser plays.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Iterable

from PIL import Image

from parvis.demo.charts import NAVY, TEAL, Canvas

WIDE, HIGH = 640, 360
FRAMES_PER_SECOND = 12
CLUSTER_FRAMES = 24


def film(frames: Iterable[Image.Image]) -> bytes:
    """Return pictures of one size as a film."""
    pictures = list(frames)
    width, height = pictures[0].size
    info = _element(0x2AD7B1, (1_000_000).to_bytes(3)) + _element(
        0x4489, struct.pack(">d", len(pictures) * 1000 / FRAMES_PER_SECOND)
    )
    sides = _element(0xB0, width.to_bytes(2)) + _element(0xBA, height.to_bytes(2))
    track = b"".join(
        (
            _element(0xD7, b"\1"),
            _element(0x73C5, b"\1"),
            _element(0x83, b"\1"),
            _element(0x86, b"V_VP8"),
            _element(0xE0, sides),
        )
    )
    body = _element(0x1549A966, info) + _element(0x1654AE6B, _element(0xAE, track))
    for first in range(0, len(pictures), CLUSTER_FRAMES):
        body += _cluster(first, pictures[first : first + CLUSTER_FRAMES])
    head = b"".join(
        (
            _element(0x4286, b"\1"), _element(0x42F7, b"\1"), _element(0x42F2, b"\4"), _element(0x42F3, b"\x08"),
            _element(0x4282, b"webm"), _element(0x4287, b"\2"), _element(0x4285, b"\2"),
        )
    )  # fmt: skip
    return _element(0x1A45DFA3, head) + _element(0x18538067, body)


def sound(seconds: float, notes: Iterable[float], rate: int = 16_000) -> bytes:
    """Return soft tones after one another as a WAV file."""
    tones = list(notes)
    count = int(seconds * rate)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (_sample(at / count * len(tones), tones, at / rate) for at in range(count))
        file.writeframes(b"".join(struct.pack("<h", int(value * 9000)) for value in samples))
    return target.getvalue()


def fan() -> bytes:
    """Return the fan of a heat pump, turning for some seconds."""
    return film(_fan(turn / 60) for turn in range(FRAMES_PER_SECOND * 5))


def fan_poster() -> bytes:
    """Return how the film begins."""
    target = io.BytesIO()
    _fan(0.01).save(target, "PNG")
    return target.getvalue()


def whistle() -> bytes:
    """Return the line at 315 Hz that drives the neighbours mad."""
    return sound(6, (315, 315, 315, 630, 315, 315))


def _fan(turn: float) -> Image.Image:
    canvas = Canvas(WIDE, HIGH, "#e4edf0")
    canvas.box(70, 40, 500, 280, "#f8fafb", radius=18)
    canvas.box(70, 300, 500, 24, "#c9d4d9", radius=8)
    canvas.disc(230, 178, 118, "#dbe4e8")
    for blade in range(5):
        angle = 2 * math.pi * (turn * 3 + blade / 5)
        tip = [
            (230 + 104 * math.cos(angle + lean), 178 + 104 * math.sin(angle + lean))
            for lean in (0.0, 0.3, 0.6)
        ]
        canvas.shape([(230, 178), *tip], TEAL)
    canvas.disc(230, 178, 20, NAVY)
    for y in range(90, 280, 26):
        canvas.box(400, y, 130, 10, "#d3dde2", radius=5)
    canvas.text(465, 62, "NORDET", size=18, colour=NAVY, anchor="mm", bold=True)
    return canvas.image.resize((WIDE, HIGH), Image.Resampling.LANCZOS)


def _sample(place: float, tones: list[float], time: float) -> float:
    index, within = int(place), place % 1
    return math.sin(2 * math.pi * tones[index] * time) * math.exp(-4 * within) * min(1.0, within * 30)


def _cluster(first: int, pictures: list[Image.Image]) -> bytes:
    start = first * 1000 // FRAMES_PER_SECOND
    blocks = b"".join(
        _element(
            0xA3,
            b"\x81" + struct.pack(">h", index * 1000 // FRAMES_PER_SECOND) + b"\x80" + _key_frame(picture),
        )
        for index, picture in enumerate(pictures)
    )
    return _element(0x1F43B675, _element(0xE7, start.to_bytes(4)) + blocks)


def _key_frame(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.convert("RGB").save(target, "WEBP", quality=60, method=2)
    data = target.getvalue()
    place = data.index(b"VP8 ")
    return data[place + 8 : place + 8 + int.from_bytes(data[place + 4 : place + 8], "little")]


def _element(id: int, content: bytes) -> bytes:
    # Sizes of eight bytes fit whatever comes.
    return id.to_bytes((id.bit_length() + 7) // 8) + (len(content) | 1 << 56).to_bytes(8) + content
