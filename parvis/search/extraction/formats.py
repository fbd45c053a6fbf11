"""How each format is read. It imports nothing of ours, so that the reading process starts quickly and knows nothing."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

LONGEST_TEXT = 200_000
LARGEST_PART_BYTES = 40 * 1024 * 1024
MOST_PARTS = 2_000
MOST_PAGES = 500

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# Which parts of the archive hold text.
PARTS = {
    f"{_OFFICE}.wordprocessingml.document": re.compile(
        r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml"
    ),
    f"{_OFFICE}.spreadsheetml.sheet": re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
    f"{_OFFICE}.presentationml.presentation": re.compile(r"ppt/(slides|notesSlides)/\w+\.xml"),
    f"{_OPEN}.text": re.compile(r"content\.xml"),
    f"{_OPEN}.spreadsheet": re.compile(r"content\.xml"),
    f"{_OPEN}.presentation": re.compile(r"content\.xml"),
}
# Elements whose text is said; without it formulas, styles and numbers of cells would be, too.
SAID = {"w:t", "a:t", "t", "text:p", "text:h", "text:span", "text:a"}
# Elements that end a word.
ENDS = {"w:p", "a:p", "si", "text:p", "text:h", "w:tab", "w:br", "text:tab", "text:line-break", "text:s"}
TEXTS = {
    "text/plain",
    "text/markdown",
    "text/csv",
    "text/tab-separated-values",
    "text/calendar",
    "application/json",
}
PDF = "application/pdf"


class Fault(Exception):
    """Why a file is not read, in one word."""


def readable_types() -> list[str]:
    """Return the media types of files that say something that can be found."""
    return sorted({*TEXTS, *PARTS, PDF})


def read(path: str, media_type: str) -> str:
    """Return the beginning of what a file says."""
    if media_type in TEXTS:
        text = _plain(path)
    elif media_type in PARTS:
        text = _archive(path, PARTS[media_type])
    elif media_type == PDF:
        text = _pdf(path)
    else:
        raise Fault("unknown")
    return _tidy(text)


def _tidy(text: str) -> str:
    kept = "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST_TEXT * 2])
    return " ".join(kept.split())[:LONGEST_TEXT]


def _plain(path: str) -> str:
    with open(path, "rb") as file:
        data = file.read(LONGEST_TEXT * 4)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The end of what was read may cut a letter; else it is an older French file.
        if error.start > len(data) - 4:
            return data.decode("utf-8", "ignore")
        return data.decode("cp1252", "replace")


def _archive(path: str, wanted: re.Pattern[str]) -> str:
    pieces: list[str] = []
    length = 0
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MOST_PARTS:
            raise Fault("bomb")
        for part in archive.infolist():
            if not wanted.fullmatch(part.filename):
                continue
            for piece in _xml(archive, part):
                pieces.append(piece)
                length += len(piece)
                if length > LONGEST_TEXT:
                    return "".join(pieces)
    return "".join(pieces)


def _xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """Yield the text of one part, read bit by bit: what it claims to be long does not count, what comes does."""
    said: list[str] = []
    depth: list[bool] = []

    def start(name: str, _attributes: Any) -> None:
        depth.append(name in SAID)

    def end(name: str) -> None:
        depth.pop()
        if name in ENDS:
            said.append(" ")

    def data(text: str) -> None:
        if depth and depth[-1]:
            said.append(text)

    def doctype(*_declaration: Any) -> None:
        # No office file has one; entities that grow and addresses outside stand there.
        raise Fault("doctype")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, doctype
    size = 0
    with archive.open(part) as stream:
        while chunk := stream.read(64 * 1024):
            size += len(chunk)
            if size > LARGEST_PART_BYTES:
                raise Fault("bomb")
            parser.Parse(chunk, False)
            yield "".join(said)
            said.clear()
    parser.Parse(b"", True)
    yield "".join([*said, " "])


def _pdf(path: str) -> str:
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Fault("locked")
    pieces: list[str] = []
    length = 0
    for page in reader.pages[:MOST_PAGES]:
        pieces.append(page.extract_text() or "")
        length += len(pieces[-1])
        if length > LONGEST_TEXT:
            break
    return "\n".join(pieces)
