"""A whole installation for tests: a data folder, a port, and the processes on them."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

PARVIS = [sys.executable, "-m", "parvis.config"]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """A data folder, a port, and the processes on them."""

    def __init__(self, folder: pathlib.Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PARVIS_", "DJANGO_", "PYTHON"))
        }
        self.environment = {**kept, "PARVIS_DATA_DIR": str(folder), "PARVIS_PORT": str(self.port), **settings}
        self.process: subprocess.Popen[str] | None = None
        self.log = folder.with_suffix(".log")

    def command(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.environment, **settings}
        return subprocess.run(
            [*PARVIS, *arguments], env=environment, capture_output=True, text=True, timeout=300
        )

    def start(self) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*PARVIS, "run"], env=self.environment, stdout=log, stderr=log, text=True
            )
        deadline = time.monotonic() + 240  # a busy machine migrates slowly
        while self.get("/health/ready") != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def end(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(timeout=60)
        self.process = None
        return status

    def postgres_processes(self) -> list[str]:
        lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout.splitlines()
        return [line for line in lines if f"{self.folder}/postgres/data" in line]
