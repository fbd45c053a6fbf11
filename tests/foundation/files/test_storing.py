from __future__ import annotations

import errno
import hashlib
import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from parvis.foundation.errors import QuotaExceeded, TooLarge
from parvis.foundation.files import discard, storage_used_bytes, store, sweep_orphans
from parvis.foundation.models import StoredFile
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Organization
from tests.foundation.files.pictures import picture, sideways_with_a_place


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_file_is_kept_under_its_content(organization: Organization, folder: Path) -> None:
    file = store(io.BytesIO(b"Bonjour"), name="C:\\x\\Compte rendu.txt")
    assert (file.name, file.size_bytes, file.media_type) == ("Compte rendu.txt", 7, "text/plain")
    assert file.sha256 == sha256(b"Bonjour")
    kept = folder / str(organization.id) / file.sha256[:2] / file.sha256
    assert kept.read_bytes() == b"Bonjour"
    assert contents(folder) == [file.sha256]


def test_equal_bytes_are_kept_once_and_counted_once(organization: Organization, folder: Path) -> None:
    first, second = (store(io.BytesIO(b"same"), name=name) for name in ("a.txt", "b.txt"))
    assert first.id != second.id
    assert contents(folder) == [first.sha256]
    assert storage_used_bytes() == 4


def test_organizations_share_no_bytes(organization: Organization, folder: Path) -> None:
    store(io.BytesIO(b"same"), name="a")
    other = Organization.objects.create(slug="other", name="Other")
    with organization_scope(other):
        assert storage_used_bytes() == 0
        store(io.BytesIO(b"same"), name="a")
    assert len(contents(folder)) == 2


def test_a_picture_knows_its_size_as_shown(organization: Organization) -> None:
    assert _size(store(io.BytesIO(picture((640, 480))), name="a.png")) == (640, 480)
    assert _size(store(io.BytesIO(sideways_with_a_place()), name="a.jpg")) == (300, 400)
    assert _size(store(io.BytesIO(picture()[:-40]), name="damaged.png")) == (None, None)


def _size(file: StoredFile) -> tuple[int | None, int | None]:
    return file.width, file.height


def test_what_is_too_large_leaves_nothing_behind(organization: Organization, folder: Path) -> None:
    with pytest.raises(TooLarge) as caught:
        store(io.BytesIO(b"x" * 1001), name="a", limit_bytes=1000)
    assert caught.value.limit_bytes == 1000
    assert contents(folder) == []


def test_the_quota_counts_what_is_new(organization: Organization, folder: Path) -> None:
    store(io.BytesIO(b"x" * 900), name="a", quota_bytes=1000)
    with pytest.raises(QuotaExceeded):
        store(io.BytesIO(b"y" * 101), name="b", quota_bytes=1000)
    store(io.BytesIO(b"x" * 900), name="again", quota_bytes=1000)
    assert len(contents(folder)) == 1


def test_a_cut_upload_leaves_nothing_behind(organization: Organization, folder: Path) -> None:
    class Cut(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store(Cut(), name="a")
    assert contents(folder) == []
    assert not StoredFile.objects.exists()


def test_a_full_disk_is_said_clearly(
    organization: Organization, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(QuotaExceeded, match="no room left"):
        store(io.BytesIO(b"x"), name="a")
    assert contents(folder) == []


def test_memory_stays_constant_however_large_the_file(organization: Organization) -> None:
    class Endless:
        left, largest = 50 * 1024 * 1024, 0

        def read(self, size: int = -1, /) -> bytes:
            self.largest = max(self.largest, size)
            amount = min(size, self.left)
            self.left -= amount
            return b"\0" * amount

    source = Endless()
    assert store(source, name="a").size_bytes == 50 * 1024 * 1024
    assert source.largest <= 1024 * 1024


def test_discarding_keeps_bytes_that_another_row_needs(
    organization: Organization, folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    first, second = (store(io.BytesIO(b"same"), name=name) for name in ("a", "b"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        discard(first)
    assert contents(folder) == [second.sha256]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        discard(second)
    assert contents(folder) == []


def test_orphans_go_after_a_day_and_attached_files_stay(
    organization: Organization, folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    names = ("orphan", "fresh", "attached", "not ours")
    _orphan, fresh, attached, _ = (store(io.BytesIO(name.encode()), name=name) for name in names)
    rowless = folder / str(organization.id) / "ab" / ("ab" + "0" * 62)
    rowless.parent.mkdir(exist_ok=True)
    rowless.write_bytes(b"its transaction failed")
    StoredFile.objects.filter(name="not ours").delete()
    yesterday = timezone.now() - timedelta(hours=25)
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 25 * 3600,) * 2)
    StoredFile.objects.exclude(pk=fresh.pk).update(created_at=yesterday)
    organization.logo = attached
    organization.save(update_fields=["logo"])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert sweep_orphans() == 1
    assert set(StoredFile.objects.values_list("name", flat=True)) == {"fresh", "attached"}
    assert contents(folder) == sorted([fresh.sha256, attached.sha256])
