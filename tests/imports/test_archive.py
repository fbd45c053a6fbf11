"""Hostile and damaged archives end with the place of the fault."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from parvis.imports.archive import Limits, open_archive
from parvis.imports.faults import ArchiveFault, Reason


def written(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def fault_of(path: Path, limits: Limits | None = None) -> ArchiveFault:
    with pytest.raises(ArchiveFault) as raised:
        read_all(path, limits)
    return raised.value


def read_all(path: Path, limits: Limits | None) -> None:
    with open_archive(path, limits) as archive:
        for member in archive.members():
            with archive.open(member.path) as stream:
                while stream.read(65536):
                    pass


def test_a_zip_and_the_same_folder_read_alike(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("b/c.json", b"[]"), ("a.json", b"{}"))
    folder = tmp_path / "folder"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    for source in (path, folder):
        with open_archive(source) as archive:
            assert [member.path for member in archive.members()] == ["a.json", "b/c.json"]
            assert archive.open("b/c.json").read() == b"[]"


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../evil", "..\\evil", "C:\\evil", "a//b", "./a"]
)
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "a.zip", ("fine", b"1"), ("placeholder", b"2"))
    data = path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fine", b"1")
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        archive.writestr(info, b"2")
    fault = fault_of(path)
    assert fault.reason is Reason.TRAVERSAL
    assert fault.path.replace("\\", "/") == name.replace("\\", "/")
    assert data


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.zip", ("big.json", b"\0" * 20_000_000))
    fault = fault_of(path)
    assert (fault.reason, fault.path) == (Reason.BOMB, "big.json")


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.zip", ("big.json", b"\0" * 20_000_000))
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 1000)
    path.write_bytes(data)
    assert fault_of(path).path == "big.json"


def test_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("a", os.urandom(2000)), ("b", os.urandom(2000)))
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    path.write_bytes(data)
    assert fault_of(path).reason is Reason.OVERLAP


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(files=1), Reason.TOO_MANY_FILES),
        (Limits(archive_bytes=10), Reason.ARCHIVE_TOO_LARGE),
        (Limits(file_bytes=10), Reason.FILE_TOO_LARGE),
    ],
)
def test_an_archive_is_bounded(tmp_path: Path, limits: Limits, reason: Reason) -> None:
    path = written(tmp_path / "a.zip", ("a", b"1" * 100), ("b", b"2"))
    folder = tmp_path / "folder"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    assert fault_of(path, limits).reason is reason
    assert fault_of(folder, limits).reason is reason


def test_links_are_not_followed(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert fault_of(path).reason is Reason.LINK
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to("/etc/passwd")
    assert fault_of(folder).reason is Reason.LINK


def test_a_device_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    assert fault_of(folder).reason is Reason.SPECIAL_FILE


def test_an_encrypted_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("secret.json", b"1"))
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    fault = fault_of(path)
    assert (fault.reason, fault.path) == (Reason.ENCRYPTED, "secret.json")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    assert fault_of(written(tmp_path / "a.zip", ("a", b"1"), ("a", b"2"))).reason is Reason.DUPLICATE_NAME


def test_a_cut_zip_is_told_from_something_else(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("a", os.urandom(5000)))
    path.write_bytes(path.read_bytes()[:3000])
    assert fault_of(path).reason is Reason.TRUNCATED
    path.write_bytes(b"hello")
    assert fault_of(path).reason is Reason.NOT_AN_ARCHIVE
    assert fault_of(tmp_path / "none.zip").reason is Reason.ABSENT


def test_damaged_bytes_have_a_place(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x" * 5000)
    data = bytearray(path.read_bytes())
    data[2000] ^= 0xFF
    path.write_bytes(data)
    fault = fault_of(path)
    assert (fault.reason, fault.path) == (Reason.TRUNCATED, "a")


def test_a_name_written_in_utf8_without_saying_so_reads_right(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", ("café/1.json", b"[]"))
    data = path.read_bytes().replace("café".encode(), b"caf\xc3\xa9")
    changed = bytearray(data)
    changed[data.rindex(b"PK\x01\x02") + 9] &= ~0x08
    changed[7] &= ~0x08
    path.write_bytes(changed)
    with open_archive(path) as archive:
        assert [member.path for member in archive.members()] == ["café/1.json"]


def test_an_archive_inside_is_an_ordinary_file(tmp_path: Path) -> None:
    inner = written(tmp_path / "inner.zip", ("../evil", b"1")).read_bytes()
    with open_archive(written(tmp_path / "a.zip", ("inner.zip", inner))) as archive:
        assert archive.open("inner.zip").read() == inner


def test_a_fault_reads_as_one_line_without_control_characters() -> None:
    text = str(ArchiveFault("a\x1b[31m\nb", Reason.SYNTAX, line=12, detail="x\ny"))
    assert "12" in text
    assert text.isprintable()
