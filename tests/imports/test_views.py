"""Imports in the browser: for administrators only, true while they run, with a way back."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.content.models import Entry
from parvis.imports import tasks
from parvis.imports.models import ImportRun
from tests.imports.conftest import ImportSlack
from tests.imports.slack_export import export, message
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

FILES = export(
    {
        "general/2024-01-02.json": [
            message("1704200000.000100"),
            message("1.2", "joined", subtype="channel_join"),
        ]
    }
)


def client_of(world: World, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    with world.bound():
        person = getattr(world, name)
    sign_in(client, person)
    return client


@pytest.mark.parametrize("path", ["imports", "imports/1"])
@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("bob", 404), ("grace", 404), ("max", 404)])
def test_only_administrators_see_imports(
    world: World, import_slack: ImportSlack, path: str, name: str, status: int
) -> None:
    import_slack(FILES)
    assert client_of(world, name).get(f"/o/atelier/{path}").status_code == status


def test_the_page_says_what_came_and_what_was_left_out_and_why(
    world: World, import_slack: ImportSlack
) -> None:
    import_slack(FILES)
    client = client_of(world, "alice")
    assert "1 post" in client.get("/o/atelier/imports").content.decode()
    page = client.get("/o/atelier/imports/1").content.decode()
    assert "Notices such as" in page
    assert "Nobody said them" in page
    assert "Undo this import" in page


def test_a_run_of_another_version_can_still_be_read(world: World) -> None:
    with world.bound():
        left_out = [{"what": "of-a-later-version", "count": 2, "examples": []}]
        ImportRun.objects.create(
            number=1, source="slack", label="a.zip", state="published", left_out=left_out
        )
    assert client_of(world, "alice").get("/o/atelier/imports/1").status_code == 200


def test_a_run_that_nobody_rehearsed_is_watched(world: World) -> None:
    with world.bound():
        ImportRun.objects.create(number=1, source="slack", label="a.zip", items_read=3)
    page = client_of(world, "alice").get("/o/atelier/imports/1")
    assert page.status_code == 200 and "3 items read so far" in page.content.decode()


def test_it_speaks_french(world: World, import_slack: ImportSlack) -> None:
    import_slack(FILES)
    with world.bound():
        type(world.alice).objects.filter(pk=world.alice.pk).update(language="fr")
    page = client_of(world, "alice").get("/o/atelier/imports/1").content.decode()
    assert "Annuler cet import" in page
    assert "Undo" not in page


def test_the_list_refreshes_itself_while_an_import_is_at_work_and_no_longer(world: World) -> None:
    client = client_of(world, "alice")
    with world.bound():
        run = ImportRun.objects.create(number=1, source="slack", label="a.zip", items_read=1200)
    shown = client.get("/o/atelier/imports", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in shown
    assert "<html" not in shown
    with world.bound():
        ImportRun.objects.filter(pk=run.pk).update(state="failed", fault="day.json, line 3: broken")
    page = client.get("/o/atelier/imports").content.decode()
    assert "every 2s" not in page
    assert "day.json, line 3: broken" in page


def test_undoing_takes_it_out_of_sight_at_once_and_a_worker_removes_it(
    world: World, import_slack: ImportSlack
) -> None:
    run = import_slack(FILES)
    assert client_of(world, "bob").post("/o/atelier/imports/1/undoing").status_code == 404
    assert client_of(world, "alice").post("/o/atelier/imports/1/undoing").status_code == 302
    with world.bound():
        run.refresh_from_db()
        assert run.state == ImportRun.State.UNDOING
        assert not Entry.objects.visible_to(world.bob).filter(body="hello").exists()
    tasks.remove_undone(organization_id=str(world.organization.id), run_id=str(run.id))
    with world.bound():
        run.refresh_from_db()
        assert run.state == ImportRun.State.UNDONE
        assert not Entry.objects.filter(body="hello").exists()
