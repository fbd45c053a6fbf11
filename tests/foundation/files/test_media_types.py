from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.foundation.files.media_types import HEAD_BYTES, is_served_inline, judged_media_type
from tests.foundation.files.pictures import animation, picture

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def archive(members: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name, text in members.items():
            written.writestr(name, text)
    return target.getvalue()


def judged(tmp_path: Path, data: bytes, name: str = "") -> str:
    path = tmp_path / "data"
    path.write_bytes(data)
    with path.open("rb") as file:
        return judged_media_type(file, name)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (picture(), "a.txt", "image/png"),
        (picture(image_format="JPEG"), "a.png", "image/jpeg"),
        (picture(image_format="WEBP"), "", "image/webp"),
        (picture(image_format="AVIF"), "", "image/avif"),
        (animation(), "", "image/gif"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.html", "application/pdf"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "", "video/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "", "audio/mp4"),
        (b"ID3\x03\0\0\0", "", "audio/mpeg"),
        (archive({"[Content_Types].xml": "", "word/document.xml": ""}), "", DOCX),
        (archive({"mimetype": ODT, "content.xml": ""}), "", ODT),
        (archive({"mimetype": "text/html"}), "", "application/zip"),
        (archive({"a.txt": "x"}), "a.docx", "application/zip"),
        (b"PK\x03\x04 broken", "", "application/zip"),
        (b"Bonjour \xc3\xa0 tous", "a.pdf", "text/plain"),
        (b"a;b\n1;2", "a.csv", "text/csv"),
        (b"# T", "a.md", "text/markdown"),
        (b"x", "a.html", "text/plain"),
        (("é" * HEAD_BYTES).encode(), "", "text/plain"),
        (b"", "", "text/plain"),
        (b"\x00\x01\x02\x03", "a.png", "application/octet-stream"),
        (b"caf\xe9 au lait", "", "application/octet-stream"),
    ],
)
def test_the_bytes_decide(tmp_path: Path, data: bytes, name: str, expected: str) -> None:
    assert judged(tmp_path, data, name) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        b"<!DOCTYPE html><p>",
        b"\xef\xbb\xbf\n <!-- a --> <!-- b --><SCRIPT>alert(1)</SCRIPT>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C' 'x' [<!ENTITY a 'b'>]><svg:svg>",
        b"<?xml version='1.0'?><?x y?><x:svg xmlns:x='http://www.w3.org/2000/svg'/>",
    ],
)
def test_pages_and_drawings_are_recognised_and_never_shown_in_place(tmp_path: Path, data: bytes) -> None:
    media_type = judged(tmp_path, data, "innocent.png")
    assert media_type in ("text/html", "image/svg+xml")
    assert not is_served_inline(media_type)


@given(st.binary(max_size=200) | st.text(alphabet="<!->svghtml? [x]", max_size=200).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_get_a_media_type(tmp_path: Path, data: bytes) -> None:
    assert "/" in judged(tmp_path, data)


@pytest.mark.parametrize("pattern", [b"<!-- -->", b"<!--", b"<?x ?>", b"<!DOCTYPE a[", b" ", b"<", b"<a:"])
def test_hostile_markup_is_judged_in_no_time(tmp_path: Path, pattern: bytes) -> None:
    start = time.process_time()
    judged(tmp_path, pattern * 10_000)
    assert time.process_time() - start < 0.2
