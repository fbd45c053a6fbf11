"""Much work is done in a process of its own, nicer than the server's, which ends with the work or with the worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from parvis.foundation import parent
from parvis.foundation.jobs import aside, ending, job_name, long_job

# Instead of `parvis aside`: ends when the pipe that it reads from does, or when it is told to.
CHILD = "import sys; sys.stdin.read()"


@long_job
def count_everything(organization_id: str) -> None:
    """Stand for much work."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """What a worker started."""
    found: list[list[str]] = []

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        found.append(command)
        return subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE)

    monkeypatch.setattr(aside, "_started", start)
    aside.open_()
    yield found
    aside.close()


def test_the_same_work_is_started_once_at_a_time(started: list[list[str]]) -> None:
    organization = str(uuid4())
    assert aside.start(count_everything, organization_id=organization)
    assert aside.start(count_everything, organization_id=organization)
    assert [job for job, _arguments in started] == [job_name(count_everything)]
    assert json.loads(started[0][1]) == {"organization_id": organization}
    assert aside.start(count_everything, organization_id=str(uuid4()))
    assert len(started) == 2


def test_what_runs_ends_before_its_worker_does(started: list[list[str]]) -> None:
    aside.start(count_everything, organization_id=str(uuid4()))
    (process,) = aside._running.values()
    aside.close()
    assert process.poll() is not None
    assert not aside.start(count_everything, organization_id=str(uuid4())), "there is no worker any more"


def test_it_stops_after_the_step_that_it_is_in_when_its_worker_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads, writes = os.pipe()
    with os.fdopen(reads) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        watching = parent.when_it_is_gone(ending.end)
        assert not ending.is_ending()
        os.close(writes)
        watching.join(60)
        assert ending.is_ending()
    ending.begin()


@pytest.mark.django_db
def test_it_weighs_less_than_who_answers_people_and_so_does_its_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps: list[int] = []
    nicer: dict[int, int] = {}
    monkeypatch.setattr(os, "nice", steps.append)
    monkeypatch.setattr(
        os, "setpriority", lambda _which, process, priority: nicer.update({process: priority})
    )
    monkeypatch.setattr(aside, "SESSION", tmp_path / "autogroup")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    aside.be_nice(is_own_database=False)
    assert (steps, nicer) == ([aside.NICER], {}), "elsewhere the number is another process's"
    aside.be_nice(is_own_database=True)
    assert nicer == {backend: min(os.getpriority(os.PRIO_PROCESS, backend) + aside.NICER, 19)}
    # Where Linux weighs sessions at all.
    assert not aside.SESSION.exists() or int(aside.SESSION.read_text()) <= 19
