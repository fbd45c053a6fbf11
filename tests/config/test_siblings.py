"""Several processes on one port: started, kept alive, ended with the first."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator

import pytest

from parvis.config.server.siblings import Siblings
from parvis.foundation.settings import Role, Settings
from tests.config.installation import Installation
from tests.foundation.realtime.server import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]


@pytest.fixture
def installation() -> Iterator[Installation]:
    path = pathlib.Path(tempfile.mkdtemp(prefix="parvis-siblings-", dir="/tmp"))
    path.chmod(0o711)
    installation = Installation(path / "one", PARVIS_PROCESSES="2")
    installation.start()
    yield installation
    if installation.process is not None:
        installation.end(signal.SIGTERM)
    shutil.rmtree(path, ignore_errors=True)


def siblings_of(installation: Installation) -> list[int]:
    """Return the processes beside the first that listen on its port."""
    listing = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout.splitlines()
    beside = [int(line.split()[0]) for line in listing if "parvis.config beside" in line]
    return [pid for pid in beside if f"PARVIS_PORT={installation.port}".encode() in environment_of(pid)]


def environment_of(pid: int) -> bytes:
    try:
        return pathlib.Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def test_one_that_dies_is_started_again_and_all_end_with_the_first(installation: Installation) -> None:
    wait_until(lambda: bool(siblings_of(installation)), seconds=60)
    [first] = siblings_of(installation)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: bool(set(siblings_of(installation)) - {first}), seconds=60)
    assert {installation.get("/health/ready") for _number in range(10)} == {200}
    assert installation.process is not None
    # Killed, it can tell nobody; its own end is what they notice.
    installation.process.kill()
    installation.process.wait()
    installation.process = None
    wait_until(lambda: not siblings_of(installation), seconds=60)
    wait_until(lambda: not installation.postgres_processes(), seconds=60)


def test_all_stop_when_the_first_is_told_to(installation: Installation) -> None:
    wait_until(lambda: bool(siblings_of(installation)), seconds=60)
    assert installation.end(signal.SIGTERM) == 0
    assert siblings_of(installation) == []
    assert installation.postgres_processes() == []


@pytest.mark.parametrize(
    ("role", "count"), [("all", 2), ("front", 2), ("web", 2), ("live", 2), ("worker", 0)]
)
def test_workers_have_none(role: Role, count: int) -> None:
    class Listening:
        def fileno(self) -> int:
            return 3

    beside = Siblings(Settings(role=role, processes=3), Listening())  # type: ignore[arg-type]
    assert len(beside._keepers) == count
