"""What is attached in the demo exists, is what its name says, and stays small."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from PIL import Image

from parvis.demo.attachments import make, names
from parvis.demo.reading import read_world
from parvis.foundation.files.media_types import judged_media_type
from parvis.foundation.files.recordings import Recording, read_recording

NOW = datetime(2026, 11, 25, 14, 40, tzinfo=UTC)


def test_every_attached_file_can_be_made_and_none_is_made_for_nothing() -> None:
    attached = {name for entry in read_world().entries for name, _caption in entry.files}
    assert attached == names()


@pytest.mark.parametrize("name", sorted(names()))
def test_a_file_is_what_its_name_says(name: str) -> None:
    content = make(name, now=NOW)
    assert 500 < len(content) < 400_000
    match name.rpartition(".")[2]:
        case "pdf":
            assert content.startswith(b"%PDF-1.4")
            assert content.endswith(b"%%EOF\n")
        case "csv":
            text = content.decode("utf-8-sig")
            rows = list(csv.reader(StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
            assert len({len(row) for row in rows}) == 1
            assert len(rows) > 10
        case "webm":
            assert judged_media_type(BytesIO(content)) == "video/webm"
            assert read_recording(BytesIO(content), "video/webm") == Recording(5000, 640, 360)
        case "wav":
            assert read_recording(BytesIO(content), "audio/wav") == Recording(6000)
        case kind:
            with Image.open(BytesIO(content)) as image:
                assert image.format == {"png": "PNG", "jpg": "JPEG"}[kind]
