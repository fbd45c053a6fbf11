"""Open a foreign zip, folder or file without trusting it: bounded, streamed, nothing outside it.

A zip tells its own sizes; they are checked before anything is unpacked, and counted again while it is, for
they may lie. Nothing is ever written under a name taken from an archive, and an archive inside an archive is
an ordinary file.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from parvis.imports.faults import ArchiveFault, Reason

READABLE_COMPRESSION = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
# Below this size a high ratio is ordinary (JSON full of nulls); above it, it is an attack.
RATIO_MATTERS_FROM_BYTES = 8 * 1024 * 1024
UTF8_NAME_FLAG = 0x800
ENCRYPTED_FLAG = 0x1


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much an archive may be; a large company's export fits, a bomb does not."""

    files: int = 500_000
    file_bytes: int = 4 * 1024**3
    archive_bytes: int = 200 * 1024**3
    ratio: int = 200


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of an archive, named as it should be read by people: relative, with slashes."""

    path: str
    size: int


class Archive(Protocol):
    """What a reader may do with an archive."""

    label: str

    def members(self) -> list[Member]:
        """Return the files, sorted by path."""
        ...

    def has(self, path: str) -> bool:
        """Tell whether there is a file of this name."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Return a bounded stream over one file."""
        ...


@contextmanager
def open_archive(
    path: str | os.PathLike[str], limits: Limits | None = None, *, lone: tuple[str, ...] = ()
) -> Iterator[Archive]:
    """Open a zip or a folder; anything hostile or damaged raises ArchiveFault with its place.

    A file that ends in one of `lone` is an archive of itself alone.
    """
    limits = limits or Limits()
    source = Path(path)
    if not source.exists():
        raise ArchiveFault(str(path), Reason.ABSENT)
    if source.is_dir():
        yield Folder(source, limits)
        return
    if source.name.endswith(lone) and not _starts_like_a_zip(source):
        yield LoneFile(source, limits)
        return
    if not zipfile.is_zipfile(source):
        raise ArchiveFault(
            source.name, Reason.TRUNCATED if _starts_like_a_zip(source) else Reason.NOT_AN_ARCHIVE
        )
    with _opened_zip(source) as opened:
        yield Zip(opened, source.name, source.stat().st_size, limits)


class Folder:
    """An unpacked archive. Links and devices are refused: they reach outside."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.label = root.name
        self._root = root
        self._limits = limits
        self._members = {member.path: member for member in self._walk()}

    def members(self) -> list[Member]:
        """Return the files, sorted by path."""
        return sorted(self._members.values(), key=lambda member: member.path)

    def has(self, path: str) -> bool:
        """Tell whether there is a file of this name."""
        return path in self._members

    def open(self, path: str) -> BinaryIO:
        """Return a bounded stream over one file."""
        if path not in self._members:
            raise ArchiveFault(path, Reason.MISSING_FILE)
        try:
            # The file may have been swapped for a link since the walk.
            handle = os.open(self._root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            raise ArchiveFault(path, Reason.UNREADABLE, detail=error.strerror or "") from error
        return _bounded(os.fdopen(handle, "rb"), path, self._limits.file_bytes)

    def _walk(self) -> Iterator[Member]:
        total = count = 0
        for folder, _, names in os.walk(self._root, followlinks=False, onerror=self._refuse):
            for name in names:
                member = self._member(Path(folder) / name)
                total, count = total + member.size, count + 1
                if count > self._limits.files:
                    raise ArchiveFault(self.label, Reason.TOO_MANY_FILES, limit=self._limits.files)
                if total > self._limits.archive_bytes:
                    raise ArchiveFault(self.label, Reason.ARCHIVE_TOO_LARGE, limit=self._limits.archive_bytes)
                yield member

    def _member(self, path: Path) -> Member:
        name = path.relative_to(self._root).as_posix()
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise ArchiveFault(name, Reason.LINK)
        if not stat.S_ISREG(status.st_mode):
            raise ArchiveFault(name, Reason.SPECIAL_FILE)
        if status.st_size > self._limits.file_bytes:
            raise ArchiveFault(name, Reason.FILE_TOO_LARGE, limit=self._limits.file_bytes)
        return Member(path=name, size=status.st_size)

    def _refuse(self, error: OSError) -> None:
        raise ArchiveFault(str(error.filename), Reason.UNREADABLE, detail=error.strerror or "") from error


class LoneFile:
    """One file that was not packed."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.label = path.name
        self._path = path
        self._limits = limits
        self._size = path.stat().st_size

    def members(self) -> list[Member]:
        """Return the file."""
        return [Member(path=self.label, size=self._size)]

    def has(self, path: str) -> bool:
        """Tell whether it is called so."""
        return path == self.label

    def open(self, path: str) -> BinaryIO:
        """Return a bounded stream over it."""
        if path != self.label:
            raise ArchiveFault(path, Reason.MISSING_FILE)
        return _bounded(self._path.open("rb"), path, self._limits.file_bytes)


class Zip:
    """A zip file whose table of contents was checked before anything is read from it."""

    def __init__(self, opened: zipfile.ZipFile, label: str, size: int, limits: Limits) -> None:
        self.label = label
        self._opened = opened
        self._limits = limits
        self._infos = _checked_table(opened, label, size, limits)

    def members(self) -> list[Member]:
        """Return the files, sorted by path."""
        return [Member(path=path, size=info.file_size) for path, info in sorted(self._infos.items())]

    def has(self, path: str) -> bool:
        """Tell whether there is a file of this name."""
        return path in self._infos

    def open(self, path: str) -> BinaryIO:
        """Return a bounded stream over one file."""
        if path not in self._infos:
            raise ArchiveFault(path, Reason.MISSING_FILE)
        info = self._infos[path]
        try:
            stream = self._opened.open(info)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            ValueError,
        ) as error:
            raise ArchiveFault(path, Reason.TRUNCATED, offset=info.header_offset) from error
        return _bounded(stream, path, min(info.file_size, self._limits.file_bytes))


class _Guarded(io.RawIOBase):
    """Counts what really comes out of a stream, and gives damage a place."""

    def __init__(self, stream: IO[bytes], path: str, limit: int) -> None:
        self._stream = stream
        self._path = path
        self._limit = limit
        self._read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise ArchiveFault(self._path, Reason.TRUNCATED, offset=self._read_so_far) from error
        self._read_so_far += len(data)
        if self._read_so_far > self._limit:
            raise ArchiveFault(self._path, Reason.FILE_TOO_LARGE, limit=self._limit, offset=self._limit)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _bounded(stream: IO[bytes], path: str, limit: int) -> BinaryIO:
    return io.BufferedReader(_Guarded(stream, path, limit), buffer_size=64 * 1024)


@contextmanager
def _opened_zip(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        opened = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise ArchiveFault(source.name, Reason.TRUNCATED, detail=str(error)) from error
    with opened:
        yield opened


def _starts_like_a_zip(source: Path) -> bool:
    with source.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _checked_table(
    opened: zipfile.ZipFile, label: str, size: int, limits: Limits
) -> dict[str, zipfile.ZipInfo]:
    infos = opened.infolist()
    if len(infos) > limits.files:
        raise ArchiveFault(label, Reason.TOO_MANY_FILES, limit=limits.files)
    if sum(info.file_size for info in infos) > limits.archive_bytes:
        raise ArchiveFault(label, Reason.ARCHIVE_TOO_LARGE, limit=limits.archive_bytes)
    _refuse_overlaps(infos, size)
    table: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for info in infos:
        name = _safe_name(info)
        if info.is_dir():
            continue
        _refuse_hostile(info, name, limits)
        key = unicodedata.normalize("NFC", name)
        if key in folded:
            raise ArchiveFault(name, Reason.DUPLICATE_NAME)
        folded.add(key)
        table[name] = info
    return table


def _safe_name(info: zipfile.ZipInfo) -> str:
    name = _decoded_name(info).replace("\\", "/")
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or ":" in parts[0] or any(part in {"", ".", ".."} for part in parts):
        raise ArchiveFault(name, Reason.TRAVERSAL)
    return name


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Return the name; many tools write UTF-8 without saying so, which zipfile then reads as cp437."""
    if info.flag_bits & UTF8_NAME_FLAG:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _refuse_hostile(info: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveFault(name, Reason.LINK)
    if info.flag_bits & ENCRYPTED_FLAG:
        raise ArchiveFault(name, Reason.ENCRYPTED)
    if info.compress_type not in READABLE_COMPRESSION:
        raise ArchiveFault(name, Reason.COMPRESSION)
    if info.file_size > limits.file_bytes:
        raise ArchiveFault(name, Reason.FILE_TOO_LARGE, limit=limits.file_bytes)
    if info.file_size > RATIO_MATTERS_FROM_BYTES and info.file_size > limits.ratio * max(
        info.compress_size, 1
    ):
        raise ArchiveFault(name, Reason.BOMB, limit=limits.ratio)


def _refuse_overlaps(infos: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse files that share their bytes: the way to a bomb whose every ratio looks ordinary."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ArchiveFault(info.filename, Reason.OVERLAP, offset=info.header_offset)
        end = info.header_offset + info.compress_size
        if end > size:
            raise ArchiveFault(info.filename, Reason.TRUNCATED, offset=info.header_offset)
