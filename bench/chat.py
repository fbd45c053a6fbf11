"""What chat costs: `bin/bench chat`, on a copy of a world. Idle windows; one message to a thousand readers, beside a raw
frame to as many; a hundred rooms of fifty people talking; a room of ten thousand members of whom fifty are here; the
history of a room of a hundred thousand messages, near its end and in its middle.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from typing import Any

from bench.asking import Ask, Client, call
from bench.chat_rooms import TEAM, TEAMS
from bench.installation import ROOT
from bench.live import QUIET_SECONDS, WARM_UP, raw_ms, weight
from bench.parts import Measuring, measuring, options
from bench.report import Row, show
from bench.sockets import Window, all_heard, open_all, windows_of
from bench.worlds import Key

_MESSAGE = re.compile(rb'"id":"([0-9a-f-]{36})"')
READERS = 1_000
# The rate at which a message's way to the screen is timed: below what is held, so that no queue is in it.
CALM_PER_SECOND = 10


def main() -> None:
    """Measure chat."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    with measuring("chat", arguments, writes=True) as bench:
        _say("making conversations")
        rooms = _rooms(bench)
        # Each figure is kept as soon as it is there: on a busy machine somebody may lose patience.
        asyncio.run(_measure(bench, rooms, arguments))
        show(_history(bench, rooms))


def _say(text: str) -> None:
    """Say what is being done: a part takes minutes."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = options("chat", __doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[1_000, 5_000], help="in growing order")
    parser.add_argument("--rounds", type=int, default=15, help="messages per figure")
    return parser.parse_args()


def _rooms(bench: Measuring) -> dict[str, Any]:
    made = subprocess.run(
        [sys.executable, "-m", "bench.chat_rooms"],
        env=bench.installation.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def message(key: Key, person: int, room: str, id: str) -> Ask:
    """Ask for a message."""
    body = json.dumps({"id": id, "body": f"A message with *words* and the number {id}."}).encode()
    return call(key, f"/rooms/{room}/messages", person, method="POST", body=body, status=b"201")


async def _measure(bench: Measuring, rooms: dict[str, Any], arguments: argparse.Namespace) -> None:
    topics = ["rooms", f"room:{rooms['everybody']}"]
    await _talk(bench, [(3, rooms["small"])] * 40, clients=4)
    windows: list[Window] = []
    for count in arguments.connections:
        _say(f"opening {count:,} windows")
        before = await weight(bench.installation)
        added = windows_of(bench.key, bench.installation.port, count, topics)[len(windows) :]
        await open_all(added)
        windows += added
        await asyncio.sleep(QUIET_SECONDS)
        kilobytes = (await weight(bench.installation) - before) / 1024 / len(added)
        show([Row("chat", bench.world, "idle connection", kilobytes, "kB", more={"connections": count})])
    readers = windows[:READERS]
    for window in windows[READERS:]:
        window.cut()
    await asyncio.sleep(2)
    _say("one message to all readers")
    show([await _to_readers(bench, rooms["everybody"], readers, arguments)])
    _say("rooms talk")
    show(await _teams(bench, rooms["teams"], readers, arguments.count))
    for window in readers:
        window.cut()
    await asyncio.sleep(2)
    _say("a room of ten thousand")
    show([await _members(bench, rooms, arguments.count)])


async def _to_readers(
    bench: Measuring, room: str, windows: Sequence[Window], arguments: argparse.Namespace
) -> Row:
    client, spans, cpu = Client(bench.installation.port), [], 0.0
    for turn in range(WARM_UP + arguments.rounds):
        id = str(uuid.uuid4())
        if turn == WARM_UP:
            cpu = bench.installation.cpu_seconds()
        ask = message(bench.key, turn % 40, room, id)
        spans.append(await all_heard(windows, id.encode(), lambda ask=ask: client.ask(ask)))  # type: ignore[misc]
        await asyncio.sleep(0.3)
    cpu = bench.installation.cpu_seconds() - cpu
    last = [1000 * span[-1] for span in spans[WARM_UP:]]
    first = [1000 * span[0] for span in spans[WARM_UP:]]
    raw = await raw_ms(arguments, len(windows))
    return Row(
        "chat", bench.world, f"last of {len(windows):,} readers", statistics.median(last), "ms",
        raw=raw, raw_is="one raw frame to as many", median_ms=statistics.median(last), p95_ms=max(last),
        more={"first reader, ms": statistics.median(first), "CPU-ms of all": 1000 * cpu / arguments.rounds},
    )  # fmt: skip


class Screens:
    """Remembers when each message was on the last of its screens."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self.at: dict[str, float] = {}
        self.frames = 0
        for window in windows:
            window.awaited, window.on_frame = b"", self._note

    def _note(self, _window: Window, payload: bytes) -> None:
        if b'"chat.message_posted"' in payload and (found := _MESSAGE.search(payload)):
            self.frames += 1
            self.at[found[1].decode()] = time.perf_counter()


async def _teams(bench: Measuring, rooms: list[str], windows: Sequence[Window], count: int) -> list[Row]:
    """A hundred rooms of fifty, everybody at a window: as much as is held, then calmly, to see the way to the screen."""
    people = len(bench.key.sessions)
    said = [
        ((number % TEAMS) * people // TEAMS + number * 7 % TEAM, rooms[number % TEAMS])
        for number in range(count)
    ]
    said = [(person % people, room) for person, room in said]
    screens, cpu = Screens(windows), bench.installation.cpu_seconds()
    sent, began = await _talk(bench, said, clients=8), time.perf_counter()
    seconds = max(sent.values()) - min(sent.values())
    await _shown(screens, sent)
    cpu = bench.installation.cpu_seconds() - cpu
    settled = time.perf_counter() - began
    held = Row(
        "chat", bench.world, f"{TEAMS} rooms of {TEAM} talk", 1000 * cpu / count, per_second=count / seconds, clients=8,
        more={"frames per message": screens.frames / count, "last frame after the last answer, ms": 1000 * settled},
    )  # fmt: skip
    calm = await _talk(bench, said[: count // 2], clients=8, per_second=CALM_PER_SECOND)
    await _shown(screens, calm)
    ways = sorted(1000 * (screens.at[id] - at) for id, at in calm.items() if id in screens.at)
    way = Row(
        "chat", bench.world, "message to the last of 50 screens, p95", ways[int(len(ways) * 0.95)], "ms",
        median_ms=statistics.median(ways), p95_ms=ways[int(len(ways) * 0.95)], per_second=CALM_PER_SECOND,
        more={"lost": float(sum(id not in screens.at for id in [*sent, *calm]))},
    )  # fmt: skip
    return [held, way]


async def _shown(screens: Screens, sent: dict[str, float]) -> None:
    deadline = time.perf_counter() + 20
    while sent.keys() - screens.at.keys() and time.perf_counter() < deadline:
        await asyncio.sleep(0.02)
    await asyncio.sleep(1)


async def _talk(
    bench: Measuring, said: Sequence[tuple[int, str]], *, clients: int, per_second: float = 0
) -> dict[str, float]:
    """Say these, as fast as they are answered or at a rate; return when each was sent."""
    sent: dict[str, float] = {}
    turns, began = iter(enumerate(said)), time.perf_counter()

    async def one(client: Client) -> None:
        for number, (person, room) in turns:
            if per_second:
                await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            id = str(uuid.uuid4())
            sent[id] = time.perf_counter()
            await client.ask(message(bench.key, person, room, id))
        client.close()

    await asyncio.gather(*(one(Client(bench.installation.port)) for _number in range(clients)))
    return sent


async def _members(bench: Measuring, rooms: dict[str, Any], count: int) -> Row:
    """The same fifty windows; a room in which ten thousand are, and one of fifty, in turns."""
    windows = windows_of(bench.key, bench.installation.port, TEAM, ["rooms"])
    await open_all(windows)
    costs: dict[str, list[float]] = {"huge": [], "small": []}
    for turn in range(8):
        name = ("huge", "small")[turn % 2]
        cpu = bench.installation.cpu_seconds()
        await _talk(bench, [(number % TEAM, rooms[name]) for number in range(count // 4)], clients=4)
        await asyncio.sleep(1)
        # The first turn of each warms up.
        if turn > 1:
            costs[name].append(1000 * (bench.installation.cpu_seconds() - cpu) / (count // 4))
    for window in windows:
        window.cut()
    huge, small = (statistics.median(costs[name]) for name in ("huge", "small"))
    return Row(
        "chat", bench.world, "10,000 members, 50 here", huge, raw=small, raw_is="a room of these fifty",
        more={"times": huge / small},
    )  # fmt: skip


def _history(bench: Measuring, rooms: dict[str, Any]) -> list[Row]:
    room, rows = rooms["old"], []
    _say("history")
    for name, query in [
        ("newest", ""), ("before the middle", "?before=50000"), ("after the middle", "?after=50000"),
        ("around the start", "?around=40"),
    ]:  # fmt: skip
        asks = [call(bench.key, f"/rooms/{room}/messages{query}", person) for person in range(8)]
        rows += bench.work(f"history of 100,000, {name}", asks, clients=(4,))
    return rows


if __name__ == "__main__":
    main()
