from __future__ import annotations

import io

import pytest

from parvis.foundation.files import store
from parvis.foundation.files.recordings import Recording, read_recording
from parvis.people.models import Organization
from tests.foundation.files import recordings


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (recordings.wav(1.5), "audio/wav", Recording(1500)),
        (recordings.mp4(2.5), "video/mp4", Recording(2500, 320, 180)),
        (recordings.mp4(2.5, is_turned=True), "video/mp4", Recording(2500, 180, 320)),
        (recordings.webm(1500), "video/webm", Recording(1500, 640, 360)),
        (recordings.flac(3), "audio/flac", Recording(3000)),
        (recordings.opus(4), "audio/ogg", Recording(4000)),
        (recordings.mp3(5), "audio/mpeg", Recording(5000)),
    ],
)
def test_a_container_says_how_long_and_how_large(
    organization: Organization, data: bytes, media_type: str, expected: Recording
) -> None:
    assert read_recording(io.BytesIO(data), media_type) == expected
    file = store(io.BytesIO(data), name="x.bin")
    assert (file.media_type, file.duration_ms) == (media_type, expected.duration_ms)
    assert not file.is_picture


@pytest.mark.parametrize(
    "media_type", ["video/mp4", "video/webm", "audio/wav", "audio/flac", "audio/ogg", "audio/mpeg"]
)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(5000),
        b"\xff" * 5000,
        recordings.mp4(0, 0, 0),
        recordings.mp4(1e6, 0, 0),
        recordings.mp4()[:5070],
        recordings.box(b"moov", recordings.box(b"moov", b"")) * 3000,
        b"\x00\x00\x00\x01moov" + bytes(8),
        recordings.webm(float("nan"), 0, 0),
    ],
)
def test_an_odd_container_says_nothing_and_takes_no_time(data: bytes, media_type: str) -> None:
    found = read_recording(io.BytesIO(data), media_type)
    assert found.width is None
    assert found.duration_ms is None or 0 < found.duration_ms < 100 * 3600 * 1000
