"""A whole installation: first start, stop, kill -9, second start, backup, restore, wrong settings."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import signal
import tarfile
import tempfile
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from bench.chat_failures import cast_for, kill_database
from bench.history import Conversation, Place, Reader, faults
from tests.config.installation import Installation
from tests.foundation.realtime.server import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]


@pytest.fixture(scope="module")
def home() -> Iterator[pathlib.Path]:
    path = pathlib.Path(tempfile.mkdtemp(prefix="parvis-life-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def installation(home: pathlib.Path) -> Iterator[Installation]:
    installation = Installation(home / "one")
    yield installation
    with contextlib.suppress(AssertionError):
        installation.end()


@pytest.fixture
def installed(installation: Installation) -> Installation:
    """The installation, running, whichever test ran before."""
    if installation.process is None:
        installation.start()
    return installation


@pytest.fixture(scope="module")
def organization(installation: Installation) -> str:
    """What was said when its organization was made."""
    if installation.process is None:
        # Broad fixtures come first: whichever test runs first, there is a database to write to.
        installation.start()
    made = installation.command(
        "organization", "create", "acme", "--name", "Acme", "--admin", "ada@example.org"
    )
    assert made.returncode == 0, made.stderr
    return made.stdout


@pytest.fixture(scope="module")
def archive(installation: Installation, organization: str, home: pathlib.Path) -> pathlib.Path:
    """A backup of the installation."""
    (installation.folder / "files" / "kept").write_text("content")
    made = installation.command("backup", str(home / "all.tar"))
    assert made.returncode == 0, made.stderr
    return home / "all.tar"


def test_the_first_start_makes_everything_and_says_the_one_time_link(installed: Installation) -> None:
    assert "/setup?token=" in installed.log.read_text()
    assert installed.get("/health/live") == 200
    secrets = list((installed.folder / "secrets").iterdir())
    assert secrets
    assert all(file.stat().st_mode & 0o077 == 0 for file in secrets)


def test_a_second_process_joins_the_running_database(installed: Installation, organization: str) -> None:
    assert "/o/acme/" in organization
    assert installed.get("/o/acme/health/ready") == 200


def test_a_taken_port_is_said_in_one_line(installed: Installation) -> None:
    refused = installed.command("run")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert refused.stderr.startswith("parvis: PARVIS_PORT: ")


def test_doctor_finds_nothing_broken_but_what_was_not_built(installed: Installation) -> None:
    told = installed.command("doctor").stdout
    assert "serving as parvis_app" in told
    assert all("front end" in line for line in told.splitlines() if line.startswith("✗")), told


def test_a_killed_database_comes_back_by_itself(installed: Installation) -> None:
    pid = int((installed.folder / "postgres/data/postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 40
    time.sleep(0.5)
    while installed.get("/health/ready") != 200:
        assert time.monotonic() < deadline, installed.log.read_text()
        time.sleep(0.3)


@pytest.fixture
def second(installed: Installation, organization: str) -> Iterator[Installation]:
    """Another process of the application on the same database."""
    second = Installation(installed.folder)
    second.log = installed.folder.with_name("second.log")
    second.start()
    yield second
    if second.process is not None:
        second.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def cast(installation: Installation, organization: str) -> dict[str, Any]:
    """Four people, and a conversation of theirs."""
    return cast_for(installation.environment, "acme", 4)


def test_who_is_removed_from_a_conversation_hears_nothing_more_at_another_process_either(
    installed: Installation, second: Installation, cast: dict[str, Any]
) -> None:
    host, removed, other = (
        Place([port], "acme", cast["tokens"][number], cast["room"])
        for port, number in ((installed.port, 0), (second.port, 3), (second.port, 1))
    )
    windows = [Reader(removed), Reader(other)]
    for window in windows:
        window.start()
        assert window.is_open.wait(60)
    host.insist("DELETE", f"/rooms/{cast['room']}/members/{cast['people'][3]}")
    assert windows[0].has_heard_of_leaving.wait(60)
    said = host.insist(
        "POST", f"/rooms/{cast['room']}/messages", {"id": str(uuid.uuid4()), "body": "without you"}
    )
    wait_until(lambda: windows[1].last == said["seq"], seconds=60)
    assert windows[0].last < said["seq"]
    assert removed.ask(second.port, "GET", f"/rooms/{cast['room']}/messages")[0] == 404
    for window in windows:
        window.stopping.set()


def test_nothing_said_is_lost_doubled_or_out_of_order_when_processes_and_the_database_are_killed(
    installed: Installation, second: Installation, cast: dict[str, Any]
) -> None:
    talk = Conversation(cast, [installed.port, second.port], talkers=3, readers=3, pause=0.1)
    talk.begin()
    talk.wait_for_more(9)
    second.end(signal.SIGKILL)
    talk.wait_for_more(9)
    kill_database(installed.folder)
    talk.wait_for_more(9)
    history = talk.end()
    assert faults(history) == []
    assert len(history.acknowledged) >= 27
    assert [reader.gaps for reader in talk.readers] == [[], [], []]


def test_a_backup_is_made_while_serving(installed: Installation, archive: pathlib.Path) -> None:
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        manifest = opened.extractfile("manifest.json")
        assert manifest is not None
        assert json.load(manifest)["format"] == 1
    assert {"database.dump", "files/kept", "secrets/key"} <= set(names)
    assert archive.stat().st_mode & 0o077 == 0


def test_a_running_installation_is_not_restored_over(installed: Installation, archive: pathlib.Path) -> None:
    refused = installed.command("restore", str(archive), "--force")
    assert refused.returncode == 1
    assert "stop it first" in refused.stderr


def test_ctrl_c_stops_everything(installed: Installation) -> None:
    before = len(installed.log.read_text())
    assert installed.end(signal.SIGINT) == 0
    assert installed.postgres_processes() == []
    said = installed.log.read_text()[before:]
    assert said.endswith("parvis: stopped\n")
    assert "Traceback" not in said


def test_after_kill_9_the_next_start_recovers(installed: Installation, organization: str) -> None:
    installed.end(signal.SIGKILL)
    installed.start()
    assert installed.get("/o/acme/health/ready") == 200
    assert installed.end(signal.SIGTERM) == 0
    assert installed.postgres_processes() == []


def test_a_backup_is_restored_elsewhere_and_never_over_something(
    home: pathlib.Path, archive: pathlib.Path
) -> None:
    other = Installation(home / "two")
    restored = other.command("restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert (other.folder / "files/kept").read_text() == "content"
    assert (other.folder / "secrets/key").read_text() == (home / "one/secrets/key").read_text()
    other.start()
    assert other.get("/o/acme/health/ready") == 200
    assert "/setup?token=" not in other.log.read_text()
    other.end()
    refused = other.command("restore", str(archive))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert other.command("restore", str(archive), "--force").returncode == 0
    assert other.postgres_processes() == []


def test_what_is_no_backup_is_refused(home: pathlib.Path) -> None:
    (home / "letter").write_text("hello")
    refused = Installation(home / "three").command("restore", str(home / "letter"))
    assert refused.returncode == 1
    assert "not a backup" in refused.stderr
    assert not (home / "three").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PARVIS_PORT", "http"),
        ("PARVIS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"),
        ("PARVIS_HOST", "203.0.113.77"),
        ("PARVIS_POSTGRES_BIN", "/nowhere"),
        ("PARVIS_TRUSTED_PROXIES", "proxy.example.org"),
    ],
)
def test_a_wrong_setting_ends_in_one_line_that_names_it(
    home: pathlib.Path, variable: str, value: str
) -> None:
    refused = Installation(home / "four").command("run", **{variable: value})
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"parvis: {variable}: ")
    assert refused.stderr.count("\n") == 1, refused.stderr
