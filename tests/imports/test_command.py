"""`parvis import` as an operator meets it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from parvis.content.models import Entry
from parvis.imports.models import ImportRun
from parvis.people.models import Person
from parvis.spaces.models import Space
from tests.imports.slack_export import BOARD, export, message, zipped
from tests.world import World

pytestmark = pytest.mark.django_db

DAYS = {
    "general/2024-01-02.json": [message("1704200000.000100"), message("1.2", "x", subtype="channel_join")]
}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("import", *arguments, stdout=output)
    return output.getvalue()


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    errors = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import", *arguments, stderr=errors)
    assert ended.value.code == 1
    return errors.getvalue()


def test_a_dry_run_says_what_would_come_and_what_not_and_writes_nothing(world: World, tmp_path: Path) -> None:
    with world.bound():
        before = [model.objects.count() for model in (Person, Space, Entry, ImportRun)]
    path = zipped(tmp_path / "a.zip", export(DAYS, groups=[BOARD]))
    said = run("slack", str(path), "--organization", "atelier", "--dry-run")
    assert "Would come: 3 people, 2 spaces, 1 post." in said
    assert "general (open): 2 members, 1 message" in said
    assert "board (secret): 1 member, 0 messages" in said
    assert "Notices such as 'has joined the channel': 1" in said
    with world.bound():
        assert [model.objects.count() for model in (Person, Space, Entry, ImportRun)] == before


def test_it_imports_lists_and_undoes(world: World, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", export(DAYS))
    assert "Import 1: 3 people, 1 space, 1 post." in run("slack", str(path), "--organization", "atelier")
    assert "Import 2: nothing new." in run("slack", str(path), "--organization", "atelier")
    listed = run("list")
    assert "a.zip  Published  3 people" in listed
    assert "Import 1: undone." in run("undo", "1")
    with world.bound():
        assert not Space.objects.filter(name="general").exists()


def test_mail_comes_into_the_space_that_is_named(world: World, tmp_path: Path) -> None:
    path = tmp_path / "team.mbox"
    path.write_text("From a\nFrom: a@x.org\nSubject: Plan\nMessage-ID: <1@x>\n\nhello\n")
    run("mbox", str(path), "--organization", "atelier", "--space", "Team", "--privacy", "secret")
    with world.bound():
        space = Space.objects.get(name="Team")
        assert space.privacy == Space.Privacy.SECRET
        assert Entry.objects.get(space=space).title == "Plan"


def test_it_speaks_the_language_of_the_shell(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    path = zipped(tmp_path / "a.zip", export(DAYS))
    assert "Serait repris : 3 personnes, 1 espace" in run(
        "slack", str(path), "--organization", "atelier", "--dry-run"
    )


def test_a_damaged_archive_ends_in_one_line_with_the_place(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(tmp_path / "a.zip", export({"general/2024-01-02.json": b'[\n{"ts": "1'}))
    said = refusal(capsys, "slack", str(path), "--organization", "atelier")
    assert said.startswith("parvis: general/2024-01-02.json, line 2: The file ends too early")
    assert "Nothing was imported." in said


@pytest.mark.parametrize(
    "arguments",
    [["slack", "x.zip", "--organization", "nowhere"], ["undo", "99"], ["list", "--organization", "nowhere"]],
)
def test_what_is_not_there_is_said(
    world: World, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert refusal(capsys, *arguments).startswith("parvis: There is no ")
