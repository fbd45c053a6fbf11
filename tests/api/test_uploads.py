"""Files in parts (tus 1.0), through the whole server but the sockets."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from parvis.api.tokens import create_token
from parvis.config.asgi import build
from parvis.foundation.files import expected_bytes
from parvis.foundation.files.storage import storage
from parvis.foundation.files.uploads import sweep_uploads
from parvis.foundation.models import StoredFile, Upload
from parvis.foundation.settings import Settings
from tests.config.asking import Answer, ask
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

PART = "application/offset+octet-stream"
DATA = bytes(range(256)) * 40


class Sender:
    """A program that brings files with one token."""

    def __init__(self, world: World, name: str = "bob") -> None:
        with world.bound():
            _token, self.secret = create_token(
                person=getattr(world, name), name="test", scopes=("read", "write")
            )
        self.application = build(Settings())

    def __call__(
        self,
        method: str,
        path: str = "/api/v1/uploads",
        *,
        body: Sequence[bytes] = (),
        leaves_early: bool = False,
        **headers: str,
    ) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            given |= {"content-type": PART, "content-length": str(sum(map(len, body)))}
        named = {"host": "localhost", "authorization": f"Bearer {self.secret}", "tus-resumable": "1.0.0"}
        return ask(
            self.application, path, method=method, headers=named | given, body=body, leaves_early=leaves_early
        )

    def begin(self, size: int, name: str = "film.bin", **more: str) -> str:
        """Announce a file and return its path."""
        answer = self("POST", upload_length=str(size), upload_metadata=metadata(filename=name, **more))
        assert answer.status == 201, answer
        assert answer.headers["tus-resumable"] == "1.0.0"
        return urlsplit(answer.headers["location"]).path

    def bring(self, path: str, offset: int, *body: bytes, **headers: Any) -> Answer:
        """Bring a part."""
        return self("PATCH", path, upload_offset=str(offset), body=body, content_type=PART, **headers)

    def offset(self, path: str) -> int:
        """Ask where an upload stands."""
        return int(self("HEAD", path).headers["upload-offset"])


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


@pytest.fixture
def sender(world: World, tmp_path: Path, settings: Any) -> Sender:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return Sender(world)


def stored(world: World) -> list[StoredFile]:
    with world.bound():
        return list(StoredFile.objects.filter(created_by_id=world.bob.id))


def test_a_file_comes_in_parts_and_is_whole(world: World, sender: Sender) -> None:
    path = sender.begin(len(DATA), sha256=hashlib.sha256(DATA).hexdigest())
    first = sender.bring(path, 0, DATA[:3000], upload_checksum=checksum(DATA[:3000]))
    assert (first.status, first.headers["upload-offset"]) == (204, "3000")
    assert sender.offset(path) == 3000
    last = sender.bring(
        path, 3000, DATA[3000:7000], DATA[7000:], upload_checksum=checksum(DATA[3000:], "sha1")
    )
    assert (last.status, last.headers["upload-offset"]) == (204, str(len(DATA)))
    described = json.loads(sender("GET", path).body)
    assert (described["file"]["name"], described["file"]["size_bytes"]) == ("film.bin", len(DATA))
    with world.bound():
        file = StoredFile.objects.get(pk=described["file"]["id"])
        assert file.sha256 == hashlib.sha256(DATA).hexdigest()
        assert expected_bytes() == 0
    # The very same request again, because its answer was lost.
    assert sender.bring(path, len(DATA)).status == 204
    assert len(stored(world)) == 1


def test_a_small_file_comes_with_its_announcement(world: World, sender: Sender) -> None:
    answer = sender("POST", upload_length="5", upload_metadata=metadata(filename="a.txt"), body=[b"hello"])
    assert (answer.status, answer.headers["upload-offset"]) == (201, "5")
    assert [file.media_type for file in stored(world)] == ["text/plain"]
    assert sender("POST", upload_length="0", upload_metadata=metadata(filename="empty")).status == 201
    assert len(stored(world)) == 2


def test_a_lost_connection_or_a_restart_loses_nothing_that_came(world: World, sender: Sender) -> None:
    path = sender.begin(len(DATA))
    sender.bring(path, 0, DATA[:4000], leaves_early=True)
    again = Sender(world)
    assert again.offset(path) == 4000
    assert again.bring(path, 3999, DATA[3999:]).status == 409
    assert again.bring(path, 4000, DATA[4000:]).status == 204
    assert [file.sha256 for file in stored(world)] == [hashlib.sha256(DATA).hexdigest()]


def test_a_part_that_changed_on_its_way_is_not_kept(world: World, sender: Sender) -> None:
    path = sender.begin(len(DATA))
    refused = sender.bring(path, 0, DATA[:100], upload_checksum=checksum(DATA[:99]))
    assert (refused.status, json.loads(refused.body)["code"]) == (460, "wrong_checksum")
    assert sender.offset(path) == 0
    sender.bring(path, 0, DATA[:100], upload_checksum=checksum(DATA), leaves_early=True)
    assert sender.offset(path) == 0
    assert sender.bring(path, 0, DATA[:100], upload_checksum="md5 x").status == 422


def test_a_whole_that_is_not_what_was_announced_is_removed(world: World, sender: Sender) -> None:
    path = sender.begin(len(DATA), sha256="0" * 64)
    assert sender.bring(path, 0, DATA).status == 460
    assert sender("HEAD", path).status == 404
    assert stored(world) == []


def test_more_than_announced_is_refused(world: World, sender: Sender) -> None:
    path = sender.begin(100)
    assert sender.bring(path, 0, DATA).status == 413
    assert sender.offset(path) == 0


@pytest.mark.parametrize("given", ["é", "AA=A", "/w=="])
def test_what_is_no_base64_is_refused(world: World, sender: Sender, given: str) -> None:
    named = sender("POST", upload_length="10", upload_metadata=f"filename {given}")
    assert (named.status, list(json.loads(named.body)["errors"])) == (422, ["Upload-Metadata"])


def test_a_checksum_that_is_no_base64_is_refused(world: World, sender: Sender) -> None:
    checked = sender.bring(sender.begin(10), 0, b"walrus", upload_checksum="sha1 é")
    assert (checked.status, list(json.loads(checked.body)["errors"])) == (422, ["Upload-Checksum"])


def test_limits_and_quotas_are_checked_before_the_first_byte(world: World, sender: Sender) -> None:
    with world.bound():
        world.organization.upload_limit_bytes = 1000
        world.organization.person_storage_limit_bytes = 1500
        world.organization.save()
    assert sender("POST", upload_length="1001").status == 413
    sender.begin(900)
    refused = sender("POST", upload_length="900", accept_language="fr")
    assert json.loads(refused.body)["code"] == "quota_exceeded"
    assert Sender(world, "chloe")("POST", upload_length="900").status == 201


def test_a_full_disk_is_said_clearly_and_leaves_nothing(
    world: World, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sender.begin(len(DATA))

    def full(descriptor: int, data: bytes, offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    refused = sender.bring(path, 0, DATA)
    assert (refused.status, json.loads(refused.body)["code"]) == (507, "disk_full")
    assert list(Path(storage().folder, "incoming").iterdir()) == []  # type: ignore[attr-defined]
    assert sender("HEAD", path).status == 404


def test_a_file_is_fetched_again_by_who_may_read_it(world: World, sender: Sender) -> None:
    sender("POST", upload_length="5", upload_metadata=metadata(filename="a.html"), body=[b"hello"])
    (file,) = stored(world)
    content = f"/api/v1/files/{file.id}/content"
    assert json.loads(sender("GET", f"/api/v1/files/{file.id}").body)["name"] == "a.html"
    whole, part = sender("GET", content), sender("GET", content, range="bytes=1-3")
    assert (whole.status, whole.body) == (200, b"hello")
    assert whole.headers["content-disposition"].startswith("attachment")
    assert (part.status, part.body) == (206, b"ell")
    assert Sender(world, "alice")("GET", content).status == 404


def test_an_upload_is_its_senders_alone(world: World, sender: Sender) -> None:
    path = sender.begin(10)
    for stranger in (Sender(world, "chloe"), Sender(world, "alice")):
        assert stranger("HEAD", path).status == 404
        assert stranger("GET", path).status == 404
        assert stranger.bring(path, 0, b"x" * 10).status == 404
        assert stranger("DELETE", path).status == 404
    assert sender("DELETE", path).status == 204
    assert sender("HEAD", path).status == 404


def test_a_forgotten_upload_goes_after_a_day(world: World, sender: Sender) -> None:
    path = sender.begin(10)
    sender.bring(path, 0, b"12345")
    with world.bound():
        Upload.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        sweep_uploads()
    assert sender("HEAD", path).status == 404
    assert list(Path(storage().folder, "incoming").iterdir()) == []  # type: ignore[attr-defined]


def test_nobody_grants_themselves_anything(world: World, sender: Sender) -> None:
    path = sender.begin(10)
    answer = sender("PATCH", path, upload_offset="0", x_parvis_receive="x", content_type="text/plain")
    assert answer.status == 415
    assert sender("PATCH", path, upload_offset="0", tus_resumable="0.2").status == 412
    assert (
        sender("POST", path, x_http_method_override="PATCH", upload_offset="0", body=[b"0123456789"]).status
        == 204
    )
    able = sender("OPTIONS")
    assert "termination" in able.headers["tus-extension"]
    assert "x-parvis-receive" not in {name.lower() for name in able.headers}
