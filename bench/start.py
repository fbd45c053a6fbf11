"""How soon somebody sees the first page: `bin/bench start`; `--first` from an empty folder and empty caches too.

A second start is measured on a world that exists. A first start installs everything from the package registries
into a copy of the checkout, so that its figure holds the network too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.installation import HOST, ROOT, Installation, cpu_of, scratch_copy, tree
from bench.report import Row, show
from bench.worlds import WORLDS, prepare

PATIENCE_SECONDS = 300


def main() -> None:
    """Measure starts."""
    arguments = _arguments()
    rows = [_second(arguments)]
    if arguments.first:
        rows.append(_first(arguments.port))
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench start", description=__doc__)
    parser.add_argument("world", nargs="?", default="W1", choices=WORLDS)
    parser.add_argument("--first", action="store_true", help="install from the registries, into empty caches")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--port", type=int, default=8149)
    return parser.parse_args()


def _second(arguments: argparse.Namespace) -> Row:
    data, _key = prepare(arguments.world)
    with scratch_copy(data, arguments.port) as installation:
        spans, stops, costs = [], [], []
        # The first of them may migrate, and is not counted.
        for turn in range(arguments.turns + 1):
            command = [str(ROOT / ".venv/bin/parvis"), "run"]
            seconds, stopped, cpu = _until_a_page(command, ROOT, installation.environment, arguments.port)
            if turn:
                spans.append(seconds)
                stops.append(stopped)
                costs.append(cpu)
    more = {"worst": max(spans), "to stop": statistics.median(stops), "CPU-s": statistics.median(costs)}
    return Row("start", arguments.world, "second start", statistics.median(spans), "s", more=more)


def _first(port: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="parvis-first-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "parvis")], check=True)
        caches = {
            "UV_CACHE_DIR": folder / "uv", "PIP_CACHE_DIR": folder / "pip", "XDG_CACHE_HOME": folder / "cache",
            "npm_config_cache": folder / "npm",
        }  # fmt: skip
        environment = Installation(folder / "data", port).environment | {
            key: str(path) for key, path in caches.items()
        }
        environment.pop("VIRTUAL_ENV", None)
        seconds, _stopped, _cpu = _until_a_page(["bin/run"], folder / "parvis", environment, port)
        weight = sum(
            file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()
        )
        shutil.rmtree(folder / "data", ignore_errors=True)
    return Row(
        "start", "nothing", "first start", seconds, "s", more={"MB on disk, caches included": weight / 1e6}
    )


def _until_a_page(
    command: list[str], folder: Path, environment: dict[str, str], port: int
) -> tuple[float, float, float]:
    """Return the seconds until the page to sign in is there, until all has ended again, and the CPU of the former."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                raise TimeoutError(f"{command} did not start")
            time.sleep(0.02)
        seconds, cpu = time.perf_counter() - began, sum(map(cpu_of, tree(process.pid)))
    finally:
        ended = time.perf_counter()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(60)
    return seconds, time.perf_counter() - ended, cpu


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5) as answer:
            return answer.status == 200 and b"</html>" in answer.read()
    except OSError:
        return False


if __name__ == "__main__":
    main()
