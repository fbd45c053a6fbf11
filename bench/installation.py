"""An installation to measure: a data folder of its own, the real server on it, what its processes cost."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
ROOT = pathlib.Path(__file__).resolve().parent.parent
# Outside of the checkout: its database may run as another user. Never the folder of an installation in use.
FOLDER = pathlib.Path(os.environ.get("PARVIS_BENCH_DIR", "/var/tmp/parvis-bench"))
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Installation:
    """A data folder, and the server that runs on it."""

    data: pathlib.Path
    port: int = 8149
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    # Settings of one part, by their variable.
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of production, but for the place and the port."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        return {
            **kept,
            "PARVIS_DATA_DIR": str(self.data),
            "PARVIS_PORT": str(self.port),
            "PARVIS_LOG_LEVEL": "warning",
            **self.settings,
        }

    def start(self) -> float:
        """Start the server; return the seconds until it answers."""
        began = time.perf_counter()
        command = [str(ROOT / ".venv/bin/parvis"), "run"]
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        return time.perf_counter() - began

    def stop(self) -> None:
        """Stop the server and its database."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None

    @contextlib.contextmanager
    def running(self) -> Iterator[Installation]:
        """Run the server for a block."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def processes(self) -> list[int]:
        """Return the server's process and all below it, PostgreSQL's included."""
        assert self.process is not None
        return tree(self.process.pid)

    def cpu_seconds(self) -> float:
        """Return what all processes have used so far, those that have ended included."""
        return sum(map(cpu_of, self.processes()))

    def memory_bytes(self) -> int:
        """Return the proportional set size of all processes: shared pages are counted once."""
        return sum(map(proportional_bytes, self.processes()))

    def own_memory_bytes(self) -> int:
        """Return the proportional set size of the application's process alone."""
        assert self.process is not None
        return proportional_bytes(self.process.pid)


@contextlib.contextmanager
def scratch_copy(data: pathlib.Path, port: int) -> Iterator[Installation]:
    """Copy a data folder for a part that writes, and remove the copy at the end."""
    copy = data.with_name(f"{data.name}-scratch-{os.getpid()}")
    # cp keeps the owners, which differ when the database runs as another user.
    subprocess.run(["cp", "-a", "--reflink=auto", str(data), str(copy)], check=True)
    try:
        yield Installation(copy, port)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def wait_for(port: int, seconds: float = 120) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://{HOST}:{port}/health/live", timeout=1).close()
            return
        time.sleep(0.02)
    sys.exit("the server did not start")


def tree(root: int) -> list[int]:
    """Return a process and all its descendants."""
    below: dict[int, list[int]] = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                below.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [root]
    for process in found:
        found += below.get(process, [])
    return found


def _stat(process: int) -> list[str]:
    # The name in parentheses may hold blanks: fields are counted after it, from the state on.
    return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def cpu_of(process: int) -> float:
    """Return the time of a process and of its children that have ended: theirs passes to who waits for them."""
    try:
        user, system, children_user, children_system = map(int, _stat(process)[11:15])
    except OSError:
        return 0.0
    return (user + system + children_user + children_system) / _TICKS


def proportional_bytes(process: int) -> int:
    """Return what a process weighs, a page that it shares with others in part only."""
    with contextlib.suppress(OSError):
        for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
