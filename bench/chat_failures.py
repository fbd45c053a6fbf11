"""Talk through failures: `bin/bench chat_failures`. Two processes of the application on one database are killed in turns
with SIGKILL, PostgreSQL too, while people talk and read at both; then the judge reads all logs (bench/history.py).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from bench.history import Conversation, faults
from bench.installation import FOLDER, ROOT, Installation
from bench.report import Row, show

# Of messages between two blows.
BREATH = 30


def main() -> None:
    """Talk, kill, judge."""
    arguments = _arguments()
    with _two_nodes(arguments.port) as nodes:
        rows = _rows(nodes, arguments)
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench chat_failures", description=__doc__)
    parser.add_argument("--rounds", type=int, default=4, help="each kills both processes and PostgreSQL once")
    parser.add_argument("--talkers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--port", type=int, default=8149)
    return parser.parse_args()


@contextlib.contextmanager
def _two_nodes(port: int) -> Iterator[list[Installation]]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.chmod(0o755)
    with tempfile.TemporaryDirectory(prefix="failures-", dir=FOLDER, ignore_cleanup_errors=True) as folder:
        pathlib.Path(folder).chmod(0o711)
        nodes = [Installation(pathlib.Path(folder) / "data", port + number) for number in range(2)]
        nodes[0].start()
        create = ["organization", "create", "bench", "--name", "Bench", "--admin", "ada@bench.example"]
        subprocess.run(
            [str(ROOT / ".venv/bin/parvis"), *create],
            env=nodes[0].environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        nodes[1].start()
        try:
            yield nodes
        finally:
            for node in reversed(nodes):
                node.stop()
        shutil.rmtree(folder, ignore_errors=True)


def cast_for(environment: dict[str, str], slug: str, count: int) -> dict[str, object]:
    """Make people and a conversation in an installation."""
    command = [sys.executable, "-m", "bench.cast", slug, str(count)]
    made = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, object] = json.loads(made.stdout)
    return found


def kill_database(data: pathlib.Path) -> None:
    """Kill PostgreSQL as a fault of the machine would; its supervisor starts it again."""
    os.kill(int((data / "postgres/data/postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


def _kill(node: Installation) -> None:
    assert node.process is not None
    node.process.kill()
    node.process.wait(20)
    node.start()


def _rows(nodes: list[Installation], arguments: argparse.Namespace) -> list[Row]:
    cast = cast_for(nodes[0].environment, "bench", max(arguments.talkers, arguments.readers))
    talk = Conversation(
        cast, [node.port for node in nodes], talkers=arguments.talkers, readers=arguments.readers, pause=0.1
    )
    blows: list[tuple[str, Callable[[], None]]] = [
        ("app process", lambda: _kill(nodes[0])),
        ("other app process", lambda: _kill(nodes[1])),
        ("PostgreSQL", lambda: kill_database(nodes[0].data)),
    ]
    silences: dict[str, list[float]] = {name: [] for name, _blow in blows}
    talk.begin()
    talk.wait_for_more(BREATH)
    for _round in range(arguments.rounds):
        for name, blow in blows:
            began = time.monotonic()
            blow()
            # A blow counts until people are talking again as before.
            talk.wait_for_more(BREATH)
            silences[name].append(time.monotonic() - began)
    history = talk.end()
    found = faults(history)
    for fault in found[:20]:
        print(f"  FAULT {fault}")
    gaps = [gap for reader in talk.readers for gap in reader.gaps]
    repeated = sum(len(reader.repeated) for reader in talk.readers)
    more: dict[str, float] = {
        "messages": len(history.kept),
        "acknowledged": len(history.acknowledged),
        "tries": sum(talker.tries for talker in talk.talkers),
        "cuts": sum(reader.cuts for reader in talk.readers),
        "reloads": sum(reader.reloads for reader in talk.readers),
        "gaps in frames": len(gaps),
        "frames twice": repeated,
        "unanswered": sum(len(talker.unanswered) for talker in talk.talkers),
    }
    print("  " + ", ".join(f"{name}: {number}" for name, number in more.items()))
    longest = max(talker.longest_seconds for talker in talk.talkers)
    return [
        Row("chat_failures", "two nodes", "lost, doubled or out of order", len(found), "faults", more=more),
        Row("chat_failures", "two nodes", "longest wait of a sender", longest, "s"),
        *(
            Row("chat_failures", "two nodes", f"{BREATH} messages after {name}", max(spans), "s")
            for name, spans in silences.items()
        ),
    ]


if __name__ == "__main__":
    main()
