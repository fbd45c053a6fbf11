"""An administrator brings an archive in from the browser: looked through, read by a worker, published by hand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.content.models import Entry
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import StoredFile
from parvis.imports import actions, tasks
from parvis.imports.models import ImportedItem, ImportRun
from parvis.people.models import Person
from parvis.spaces.models import Space
from tests.imports.slack_export import export, message, zipped
from tests.imports.test_views import client_of
from tests.world import World

pytestmark = pytest.mark.django_db

FILES = export({"general/2024-01-02.json": [message("1704200000.000100", "rhubarb")]})
MAIL = (
    b"From a@example.org Tue Jan  2 10:00:00 2024\nFrom: Ann <a@example.org>\nSubject: Rhubarb\n"
    b"Date: Tue, 2 Jan 2024 10:00:00 +0000\nMessage-ID: <1@example.org>\n\nIt grows.\n\n"
)


@pytest.fixture
def alice(world: World) -> Client:
    return client_of(world, "alice")


def upload(client: Client, tmp_path: Path, files: dict[str, bytes] = FILES) -> int:
    data = zipped(tmp_path / "export.zip", files).read_bytes()
    return send(client, SimpleUploadedFile("export.zip", data))


def send(client: Client, file: SimpleUploadedFile, **more: str) -> int:
    posted = {"source": "slack", "privacy": "closed", "archive": file, **more}
    response = client.post("/o/atelier/imports/new", posted)
    assert response.status_code == 302, response.content.decode()
    run_pending_jobs()
    return int(response["Location"].rsplit("/", 1)[-1])


def do(client: Client, number: int, what: str) -> None:
    assert client.post(f"/o/atelier/imports/{number}/{what}").status_code == 302
    run_pending_jobs()


def state_of(world: World, number: int) -> str:
    with world.bound():
        return str(ImportRun.objects.get(number=number).state)


def seen(world: World) -> bool:
    with world.bound():
        return Entry.objects.visible_to(world.bob).filter(body="rhubarb").exists()


def test_an_archive_is_looked_through_brought_in_and_published(
    world: World, alice: Client, tmp_path: Path
) -> None:
    number = upload(alice, tmp_path)
    page = alice.get(f"/o/atelier/imports/{number}").content.decode()
    assert "What would come" in page
    # Whether on the wall or in the chat is still to be chosen.
    assert "1 message" in page
    assert "1 post" not in page
    assert "general" in page
    with world.bound():
        assert not ImportedItem.objects.exists()
    do(alice, number, "reading")
    assert state_of(world, number) == "ready"
    assert not seen(world)
    assert "nobody sees it yet" in alice.get(f"/o/atelier/imports/{number}").content.decode()
    do(alice, number, "publication")
    assert seen(world)
    with world.bound():
        run = ImportRun.objects.get(number=number)
        assert (run.state, run.archive_id, run.started_by) == ("published", None, world.alice)
        assert not StoredFile.objects.filter(name="export.zip").exists()


def test_a_mailing_list_comes_into_the_space_that_was_named(world: World, alice: Client) -> None:
    number = send(
        alice, SimpleUploadedFile("garden.mbox", MAIL), source="mbox", space="Garden", privacy="open"
    )
    do(alice, number, "reading")
    do(alice, number, "publication")
    with world.bound():
        assert Space.objects.readable_by(world.bob).filter(name="Garden").exists()


def test_an_import_that_is_ready_can_be_discarded_and_leaves_nothing(
    world: World, alice: Client, tmp_path: Path
) -> None:
    with world.bound():
        before = [model.objects.count() for model in (Person, Space, Entry, StoredFile)]
    number = upload(alice, tmp_path)
    do(alice, number, "reading")
    do(alice, number, "undoing")
    assert state_of(world, number) == "undone"
    with world.bound():
        assert [model.objects.count() for model in (Person, Space, Entry, StoredFile)] == before


def test_an_archive_can_be_discarded_before_anything_is_written(
    world: World, alice: Client, tmp_path: Path
) -> None:
    number = upload(alice, tmp_path)
    do(alice, number, "discarding")
    with world.bound():
        assert not ImportRun.objects.exists()
        assert not StoredFile.objects.filter(name="export.zip").exists()


def test_a_damaged_archive_ends_with_the_place_of_the_fault_and_leaves_nothing(
    world: World, alice: Client, tmp_path: Path
) -> None:
    number = upload(alice, tmp_path, FILES | {"general/2024-01-03.json": b'[{"ts": "17'})
    page = alice.get(f"/o/atelier/imports/{number}").content.decode()
    assert state_of(world, number) == "failed"
    assert "general/2024-01-03.json" in page
    with world.bound():
        assert not StoredFile.objects.filter(name="export.zip").exists()


def test_what_is_no_archive_is_told_so(world: World, alice: Client) -> None:
    number = send(alice, SimpleUploadedFile("../../etc/passwd.zip", b"MZ nothing of the kind"))
    assert state_of(world, number) == "failed"
    with world.bound():
        assert ImportRun.objects.get().fault


def test_a_file_over_the_limit_is_refused_on_the_form(world: World, alice: Client) -> None:
    with world.bound():
        type(world.organization).objects.filter(pk=world.organization.pk).update(upload_limit_bytes=10)
    file = SimpleUploadedFile("export.zip", b"x" * 20)
    response = alice.post("/o/atelier/imports/new", {"source": "slack", "privacy": "closed", "archive": file})
    assert response.status_code == 422
    assert "parvis import" in response.content.decode()


def test_an_import_that_is_stopped_takes_away_what_it_wrote(
    world: World, alice: Client, tmp_path: Path
) -> None:
    number = upload(alice, tmp_path)
    assert alice.post(f"/o/atelier/imports/{number}/reading").status_code == 302
    with world.bound():
        run = ImportRun.objects.get(number=number)
        # As if its worker were in the middle of it.
        actions.start_over(organization=world.organization, run=run)

    def stop(stager: object) -> None:
        with world.bound():
            if ImportRun.objects.get(pk=run.pk).state == "reading":
                actions.stop_run(actor=world.alice, run=run)

    original, tasks._give_way = tasks._give_way, stop  # type: ignore[assignment]
    try:
        run_pending_jobs()
    finally:
        tasks._give_way = original
    assert state_of(world, number) == "undone"
    with world.bound():
        assert not ImportedItem.objects.exists()


def test_a_worker_that_was_killed_is_followed_by_one_that_starts_over(
    world: World, alice: Client, tmp_path: Path
) -> None:
    number = upload(alice, tmp_path)
    assert alice.post(f"/o/atelier/imports/{number}/reading").status_code == 302
    with world.bound():
        run = ImportRun.objects.get(number=number)
        half = Person.objects.create(full_name="Half", sort_name="half", state=Person.State.STAGED)
        ImportedItem.objects.create(run=run, source="slack", kind="person", source_id="U9", object_id=half.id)
        ImportRun.objects.filter(pk=run.pk).update(process="elsewhere:1")
    run_pending_jobs()
    assert state_of(world, number) == "ready"
    with world.bound():
        assert not Person.objects.filter(pk=half.pk).exists()


@pytest.mark.parametrize("path", ["new", "1/reading", "1/publication", "1/stop", "1/discarding", "1/undoing"])
def test_only_administrators_bring_archives_in(world: World, path: str) -> None:
    with world.bound():
        ImportRun.objects.create(number=1, source="slack", label="a.zip", state="checked")
    for name in ("bob", "grace", "max"):
        response = client_of(world, name).post(f"/o/atelier/imports/{path}", {"archive": BytesIO(b"x")})
        assert response.status_code == 404


@pytest.mark.parametrize("what", ["reading", "publication", "stop"])
def test_what_comes_too_late_is_told_on_the_page(world: World, alice: Client, what: str) -> None:
    with world.bound():
        ImportRun.objects.create(number=1, source="slack", label="a.zip", state="undone")
    response = alice.post(f"/o/atelier/imports/1/{what}", follow=True)
    assert response.status_code == 200
    assert state_of(world, 1) == "undone"
