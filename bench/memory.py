"""What everything weighs, as proportional set size: idle, and after load: `bin/bench memory`, on a copy of a world.

Pages that processes share count once, so that the sum is what the machine has to give. `--processes` says which
process weighs what, `--imports` what the application loads at its start.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

from bench.asking import Ask, call, page, run
from bench.installation import ROOT, Installation, proportional_bytes
from bench.live import post
from bench.parts import Measuring, measuring, options
from bench.report import Row, show
from bench.sockets import open_all, windows_of
from bench.worlds import Key

IDLE_SECONDS, REST_SECONDS = 12, 8
MB = 1_000_000
PEOPLE = range(100, 300)


def main() -> None:
    """Weigh an installation."""
    arguments = _arguments()
    if arguments.imports:
        print(_imports())
        return
    with measuring("memory", arguments, writes=True) as bench:
        rows = [_idle(bench, arguments), _loaded(bench, arguments)]
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = options("memory", __doc__)
    parser.add_argument("--processes", action="store_true", help="print every process with its weight")
    parser.add_argument(
        "--imports", action="store_true", help="only print the packages that a start loads, by weight"
    )
    return parser.parse_args()


def _idle(bench: Measuring, arguments: argparse.Namespace) -> Row:
    # A first page, so that what is loaded late is there.
    asyncio.run(run(bench.installation, [page(bench.key, "/", 1), page(bench.key, "/spaces", 1)], clients=1))
    time.sleep(IDLE_SECONDS)
    return _row(bench, "memory, idle", arguments)


def _loaded(bench: Measuring, arguments: argparse.Namespace) -> Row:
    asyncio.run(_load(bench, arguments.count))
    time.sleep(REST_SECONDS)
    return _row(bench, "memory, after load", arguments)


async def _load(bench: Measuring, count: int) -> None:
    """Ask for everything that people ask for, thirty-two at a time, with a hundred open windows."""
    windows = windows_of(bench.key, bench.installation.port, 100, ["home", "inbox"])
    await open_all(windows)
    people = [person for person in PEOPLE if person < len(bench.key.sessions) and person % 50 != 7] or [1, 2]
    asks = [ask for person in people for ask in _everything(bench.key, person)]
    await run(bench.installation, asks, clients=32, count=count * 5)
    for window in windows:
        window.cut()


def _everything(key: Key, person: int) -> list[Ask]:
    thread = key.threads[person % len(key.threads)]
    pages = [
        "/",
        f"/spaces/{key.spaces[4 * (person % 3)]}",
        f"/entries/{thread}",
        "/people",
        "/notifications",
        "/search?q=plan",
    ]
    calls = ["/feed", f"/entries/{thread}/thread", "/search?q=meeting"]
    return [
        *(page(key, path, person) for path in pages),
        *(call(key, path, person) for path in calls),
        post(key, person, str(uuid.uuid4())),
    ]


def _row(bench: Measuring, work: str, arguments: argparse.Namespace) -> Row:
    found = sorted(
        ((proportional_bytes(process), _name(process)) for process in bench.installation.processes()),
        reverse=True,
    )
    parts = Counter()  # type: ignore[var-annotated]
    for weight, name in found:
        parts["database" if name.startswith("postgres") else "application"] += weight / MB
        if arguments.processes:
            print(f"{weight / MB:>8.1f} MB  {name}")
    more = {**parts, "processes": len(found), "threads": _threads(bench.installation)}
    return Row("memory", bench.world, work, sum(parts.values()), "MB", more=more)


def _name(process: int) -> str:
    words = Path(f"/proc/{process}/cmdline").read_text(errors="replace").split("\0")
    return " ".join(words)[:70].strip()


def _threads(installation: Installation) -> int:
    assert installation.process is not None
    return len(list(Path(f"/proc/{installation.process.pid}/task").iterdir()))


def _imports() -> str:
    """Return how much each package adds, in the order in which a start loads them (nested ones excluded)."""
    command = [sys.executable, "-m", "bench.import_weight"]
    return subprocess.run(
        command,
        env=Installation(Path("/tmp/parvis-bench-imports")).environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


if __name__ == "__main__":
    main()
