"""Small containers made on the spot, as players write them."""

from __future__ import annotations

import io
import struct
import wave


def wav(seconds: float = 1.5, rate: int = 8000) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(2 * int(seconds * rate)))
    return target.getvalue()


def mp4(seconds: float = 2.5, width: int = 320, height: int = 180, *, is_turned: bool = False) -> bytes:
    """The frame of a film without its pictures."""
    mvhd = struct.pack(">IIIII", 0, 0, 0, 1000, int(seconds * 1000)) + bytes(80)
    matrix = (0, 0x10000, 0) if is_turned else (0x10000, 0, 0)
    tkhd = bytes(40) + struct.pack(">9i", *matrix, *bytes(6)) + struct.pack(">II", width << 16, height << 16)
    return (
        box(b"ftyp", b"isom" + bytes(4))
        + box(b"mdat", bytes(5000))
        + box(b"moov", box(b"mvhd", mvhd) + box(b"trak", box(b"tkhd", tkhd)))
    )


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def webm(milliseconds: float = 1500, width: int = 640, height: int = 360) -> bytes:
    info = element("2AD7B1", (1_000_000).to_bytes(3)) + element("4489", struct.pack(">d", milliseconds))
    video = element("B0", width.to_bytes(2)) + element("BA", height.to_bytes(2))
    tracks = element("1654AE6B", element("AE", element("E0", video)))
    head = element("1A45DFA3", element("4282", b"webm"))
    return head + element("18538067", element("1549A966", info) + tracks)


def element(id: str, content: bytes) -> bytes:
    return bytes.fromhex(id) + (len(content) | 1 << 28).to_bytes(4) + content


def flac(seconds: int = 3, rate: int = 44_100) -> bytes:
    bits = rate << 44 | seconds * rate
    return b"fLaC" + b"\x80\x00\x00\x22" + bytes(10) + bits.to_bytes(8) + bytes(16)


def opus(seconds: int = 4) -> bytes:
    first = b"OggS" + bytes(24) + b"OpusHead" + bytes(30)
    return first + b"OggS\x00\x04" + struct.pack("<q", seconds * 48_000) + bytes(12)


def mp3(seconds: int = 5) -> bytes:
    """Frames of 128 kbit/s at 44.1 kHz after a tag."""
    return b"ID3\x04\x00\x00\x00\x00\x00\x14" + bytes(20) + b"\xff\xfb\x90\x00" + bytes(16_000 * seconds - 4)
