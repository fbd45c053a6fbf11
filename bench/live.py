"""What open windows cost, and how soon one message reaches all of them: `bin/bench live`, on a copy of a world.

A message is a post through the API, and time runs from sending the request until the last window has its frame.
Beside it, in the same run: one frame to as many windows from the same server without anything of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
import uuid
from collections.abc import Sequence

from bench import raw_frames
from bench.asking import Ask, Client, call, page
from bench.installation import Installation
from bench.parts import Measuring, measuring, options
from bench.post import threads_of_everybody
from bench.report import Row, show
from bench.sockets import Window, all_heard, open_all, windows_of
from bench.worlds import SEED, Key

WARM_UP = 3
QUIET_SECONDS = 6
# How long a page waits, by chance, before it asks for what it heard of (frontend/live/refresh.ts).
SPREAD_SECONDS = 0.15


def main() -> None:
    """Measure open windows."""
    arguments = _arguments()
    with measuring("live", arguments, writes=True) as bench:
        rows = asyncio.run(_rows(bench, arguments))
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = options("live", __doc__)
    parser.add_argument(
        "--connections", type=int, nargs="+", default=[100, 1_000, 3_000], help="in growing order"
    )
    parser.add_argument("--rounds", type=int, default=15, help="messages per figure")
    return parser.parse_args()


async def _rows(bench: Measuring, arguments: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    teller = Teller(bench)
    windows: list[Window] = []
    topics = ["home", "inbox", f"space:{bench.key.everyone}"]
    # What every process loads once is loaded before anything is weighed.
    await _warm_up(bench, topics, teller)
    for count in arguments.connections:
        before = await weight(bench.installation)
        added = windows_of(bench.key, bench.installation.port, count, topics)[len(windows) :]
        opened = await open_all(added)
        windows += added
        await asyncio.sleep(QUIET_SECONDS)
        kilobytes = (await weight(bench.installation) - before) / 1024 / len(added)
        if count >= 1_000:
            rows.append(
                Row("live", bench.world, "idle connection", kilobytes, "kB", more={"connections": count})
            )
        rows.append(Row("live", bench.world, f"opening {count:,} windows", opened, "s"))
        raw = await raw_ms(arguments, count)
        rows.append(await _message(bench, windows, teller, arguments.rounds, raw))
        if count >= 1_000:
            rows.append(await _storm(bench, windows))
    rows.append(await _to_another_window(bench, teller, arguments.rounds))
    for window in windows:
        window.cut()
    return rows


class Teller:
    """Posts to everybody, each time as somebody else."""

    def __init__(self, bench: Measuring) -> None:
        self._key, self._people = bench.key, [n for n in range(len(bench.key.tokens)) if n % 50 != 7]
        self._client, self._number = Client(bench.installation.port), 0

    async def post(self, id: str) -> None:
        """Publish a post of this id in the space of everybody."""
        self._number += 1
        await self._client.ask(post(self._key, self._people[self._number * 7 % len(self._people)], id))

    async def reply(self, thread: str, id: str) -> None:
        """Reply in a thread."""
        self._number += 1
        body = json.dumps({"id": id, "body": f"An answer of the benchmark, number {self._number}."}).encode()
        person = self._people[self._number * 7 % len(self._people)]
        await self._client.ask(
            call(self._key, f"/entries/{thread}/replies", person, method="POST", body=body, status=b"201")
        )


def post(key: Key, person: int, id: str) -> Ask:
    """Ask for a post in the space of everybody."""
    text = f"A message to everybody, with a [link](https://example.org) and the number {id}."
    body = json.dumps(
        {"id": id, "space": str(key.everyone), "kind": "post", "title": "", "body": text}
    ).encode()
    return call(key, "/entries", person, method="POST", body=body, status=b"201")


async def _warm_up(bench: Measuring, topics: Sequence[str], teller: Teller) -> None:
    windows = windows_of(bench.key, bench.installation.port, 50, topics)
    await open_all(windows)
    for _turn in range(20):
        id = str(uuid.uuid4())
        await all_heard(windows, id.encode(), lambda id=id: teller.post(id))  # type: ignore[misc]
    for window in windows:
        window.cut()
    await asyncio.sleep(2)


async def weight(installation: Installation) -> float:
    """Return the memory of the application's process, the median of three looks."""
    looks = []
    for _turn in range(3):
        looks.append(installation.own_memory_bytes())
        await asyncio.sleep(0.3)
    return statistics.median(looks)


async def _message(
    bench: Measuring, windows: Sequence[Window], teller: Teller, rounds: int, raw: float
) -> Row:
    spans, cpu = [], 0.0
    for turn in range(WARM_UP + rounds):
        id = str(uuid.uuid4())
        if turn == WARM_UP:
            cpu = bench.installation.cpu_seconds()
        spans.append(await all_heard(windows, id.encode(), lambda id=id: teller.post(id)))  # type: ignore[misc]
        await asyncio.sleep(0.3)
    cpu = bench.installation.cpu_seconds() - cpu
    last = [1000 * span[-1] for span in spans[WARM_UP:]]
    first = [1000 * span[0] for span in spans[WARM_UP:]]
    return Row(
        "live", bench.world, f"last of {len(windows):,} readers", statistics.median(last), "ms",
        raw=raw, raw_is="one raw frame to as many", median_ms=statistics.median(last), p95_ms=max(last),
        more={"first reader, ms": statistics.median(first), "µs per reader, all included": 1e6 * cpu / rounds / len(windows)},
    )  # fmt: skip


async def raw_ms(arguments: argparse.Namespace, count: int) -> float:
    """Return the median ms until the last of so many windows has a raw frame of the same server."""
    with raw_frames.running(arguments.port + 1):
        windows = [Window(arguments.port + 1) for _number in range(count)]
        await open_all(windows)

        async def tell() -> None:
            windows[0].say("tell")

        spans = [await all_heard(windows, b"content", tell) for _turn in range(WARM_UP + arguments.rounds)]
        for window in windows:
            window.cut()
    return 1000 * statistics.median(span[-1] for span in spans[WARM_UP:])


async def _storm(bench: Measuring, windows: Sequence[Window]) -> Row:
    """Cut everybody at once; all come back at once and resume where they were."""
    spans, cpu = [], bench.installation.cpu_seconds()
    for _turn in range(3):
        for window in windows:
            window.cut()
        await asyncio.sleep(0.5)
        spans.append(await open_all(windows, at_once=len(windows)))
        await asyncio.sleep(2)
    return Row(
        "live",
        bench.world,
        f"all {len(windows):,} back after a cut",
        statistics.median(spans),
        "s",
        more={
            "worst": max(spans),
            "CPU-ms of each": 1000 * (bench.installation.cpu_seconds() - cpu) / 3 / len(windows),
        },
    )


async def _to_another_window(bench: Measuring, teller: Teller, rounds: int) -> Row:
    """A reply until another window shows it: the frame, the wait by chance that pages keep, the comments again."""
    key, chance, spans = bench.key, random.Random(SEED), []
    threads = threads_of_everybody(bench)
    client = Client(bench.installation.port)
    for turn in range(rounds):
        thread, id, reader = threads[turn], str(uuid.uuid4()), 20 + turn
        window = Window(bench.installation.port, key.sessions[reader], [f"thread:{thread}"])
        await window.open()
        began = time.perf_counter()
        await all_heard([window], id.encode(), lambda thread=thread, id=id: teller.reply(thread, id))  # type: ignore[misc]
        await asyncio.sleep(
            max(0.0, window.heard_at + SPREAD_SECONDS * chance.random() - time.perf_counter())
        )
        answer = await client.ask(page(key, f"/entries/{thread}/comments", reader))
        spans.append(1000 * (time.perf_counter() - began))
        assert id.encode() in answer, "the window does not show the reply"
        window.cut()
    client.close()
    return Row(
        "live",
        bench.world,
        "reply to another window",
        statistics.median(spans),
        "ms",
        median_ms=statistics.median(spans),
        p95_ms=max(spans),
    )


if __name__ == "__main__":
    main()
