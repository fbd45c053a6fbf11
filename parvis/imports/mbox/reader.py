"""Mail archives as one stream: each list's authors, its space, and its threads from the oldest on."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import re
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from parvis.imports.archive import Limits, open_archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.mbox import message as mail
from parvis.imports.mbox.headers import read_headers
from parvis.imports.mbox.index import Index, Place
from parvis.imports.mbox.mailbox import MESSAGE_BYTES, Mailbox
from parvis.imports.source import (
    LeftOutTally,
    Privacy,
    SourceEntry,
    SourceFile,
    SourceItem,
    SourcePerson,
    SourceSpace,
)

_NO_MAILBOX = re.compile(
    r"(^|/)(\.|__MACOSX/)|\.(msf|dat|lock|html?|json|csv|pdf|png|jpe?g|index|cache|pyc?)$", re.I
)
_COPY_BYTES = 1024 * 1024


class MailArchive:
    """One or several mailboxes, each a list, or part of one."""

    kind = "mbox"

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        space: str = "",
        privacy: Privacy = Privacy.CLOSED,
        limits: Limits | None = None,
    ) -> None:
        self.label = ", ".join(path.name for path in paths)
        self.left_out = LeftOutTally()
        self._paths = paths
        self._space = space
        self._privacy = privacy
        self._limits = limits or Limits()
        self._boxes: list[Mailbox] = []
        self._names: dict[str, str] = {}

    def items(self) -> Iterator[SourceItem]:
        """Yield everything once, whatever is named before what names it."""
        with (
            tempfile.TemporaryDirectory(prefix="parvis-mail-") as folder,
            contextlib.closing(Index()) as index,
        ):
            for path in self._paths:
                self._read(path, Path(folder), index)
            doubled = index.thread([box.label for box in self._boxes])
            if doubled:
                self.left_out.add("mbox-doubled", count=doubled)
            met: set[str] = set()
            for space in sorted(self._names):
                yield from self._one_list(space, index, met)

    def _one_list(self, space: str, index: Index, met: set[str]) -> Iterator[SourceItem]:
        members = []
        for address, name in index.authors(space):
            members.append(address)
            if address not in met:
                met.add(address)
                email = "" if address.startswith("unknown:") else address
                yield SourcePerson(id=address, name=name, email=email)
        yield SourceSpace(
            id=space,
            name=self._names[space][:80],
            privacy=self._privacy,
            members=tuple(members),
            # Somebody must be able to answer those who ask to join: who wrote most hosts the space.
            creator=index.most_active(space),
            created=index.first_sent(space),
        )
        for place in index.in_reading_order(space):
            if entry := self._entry(space, place):
                yield entry

    def _entry(self, space: str, place: Place) -> SourceEntry | None:
        box = self._boxes[place.box]
        parsed = mail.parse(box.message(place.start, place.length), box.label, place.start)
        found = mail.read(parsed, box.label, place.start)
        if found.is_cut:
            self.left_out.add("mbox-body-cut", place.subject)
        if not found.body and not found.attached and not place.subject:
            self.left_out.add("mbox-empty")
            return None
        thread = place.root or place.absent_root
        return SourceEntry(
            id=_entry_id(space, place.id),
            space=space,
            author=place.author,
            created=place.sent,
            title=place.subject[:200] if not place.root else "",
            body=found.body,
            thread=_entry_id(space, thread) if thread else "",
            reply_to=_entry_id(space, place.parent) if place.parent else "",
            files=tuple(self._file(box, place, attached) for attached in found.attached),
        )

    def _file(self, box: Mailbox, place: Place, attached: mail.Attached) -> SourceFile:
        return SourceFile(
            id=f"{place.id}/{attached.position}",
            name=attached.name,
            media_type=attached.media_type,
            size=attached.size,
            open=partial(_content, box, place, attached.position),
        )

    def _read(self, path: Path, folder: Path, index: Index) -> None:
        """Note every message of a path, and which space each mailbox makes."""
        before = len(self._boxes)
        label = path.name
        if not path.exists():
            raise ArchiveFault(str(path), Reason.ABSENT)
        if path.is_dir() or zipfile.is_zipfile(path):
            self._read_archive(path, folder, index)
        else:
            label = path.name.split(".")[0] or path.name
            self._read_file(path, path.name, folder, index)
        if len(self._boxes) == before:
            raise ArchiveFault(str(path), Reason.NO_MESSAGES)
        for number in range(before, len(self._boxes)):
            self._settle(number, label, index)

    def _read_archive(self, path: Path, folder: Path, index: Index) -> None:
        with open_archive(path, self._limits) as archive:
            for member in archive.members():
                if _NO_MAILBOX.search(member.path) or not member.size:
                    continue
                with archive.open(member.path) as stream:
                    copy = _copied(stream, folder, len(self._boxes), member.path)
                try:
                    self._read_file(copy, member.path, folder, index)
                except ArchiveFault as fault:
                    if fault.reason is not Reason.NO_MESSAGES:
                        raise
                    self.left_out.add("mbox-other-file", member.path)

    def _read_file(self, path: Path, label: str, folder: Path, index: Index) -> None:
        if label.endswith(".gz"):
            path = self._unzipped(path, label, folder)
        box = Mailbox(label=label, path=path)
        number = len(self._boxes)
        for extent in box.extents():
            if extent.length > MESSAGE_BYTES:
                self.left_out.add("mbox-too-large", f"{label}, {extent.start}")
                continue
            data = box.headers(extent)
            whole = data if b"essage-" in data.lower() else box.message(extent.start, extent.length)
            headers = read_headers(data, extent.separator, hashlib.sha256(whole).hexdigest()[:32])
            if not index.add(number, extent, headers):
                self.left_out.add("mbox-date-guessed", headers.subject)
        self._boxes.append(box)

    def _unzipped(self, path: Path, label: str, folder: Path) -> Path:
        limit = self._limits.file_bytes
        target = folder / f"{len(self._boxes)}.unzipped"
        written = 0
        try:
            with gzip.open(path, "rb") as stream, target.open("wb") as copy:
                while data := stream.read(_COPY_BYTES):
                    written += len(data)
                    if written > limit or written > max(
                        self._limits.ratio * path.stat().st_size, 8 * _COPY_BYTES
                    ):
                        raise ArchiveFault(label, Reason.BOMB, limit=self._limits.ratio, offset=written)
                    copy.write(data)
        except (OSError, EOFError, zlib.error) as error:
            raise ArchiveFault(label, Reason.TRUNCATED, offset=written) from error
        return target

    def _settle(self, number: int, label: str, index: Index) -> None:
        list_id, list_name = index.list_of(number)
        name = self._space or list_name or label
        key = self._space or list_id or label
        space = unicodedata.normalize("NFKC", key).casefold()
        self._names.setdefault(space, name)
        index.settle(number, space)


def _entry_id(space: str, message: str) -> str:
    return f"{space}/{message}"


def _content(box: Mailbox, place: Place, position: int) -> BinaryIO:
    parsed = mail.parse(box.message(place.start, place.length), box.label, place.start)
    return io.BytesIO(mail.content(parsed, position, box.label, place.start))


def _copied(stream: BinaryIO, folder: Path, number: int, label: str) -> Path:
    target = folder / f"{number}{'.gz' if label.endswith('.gz') else ''}"
    with target.open("wb") as copy:
        shutil.copyfileobj(stream, copy, _COPY_BYTES)
    return target
