"""A working day of many people: `bin/bench mix W2 --windows 3000 --minutes 15`, on a copy of a world.

Requests come when they come (a Poisson stream with a fixed seed, whether the earlier ones are answered or not) in
the proportions of people at work, posts beside them, all before open windows. Latency runs from the moment when a
request was due. Then ten times as many for a while, and how long it takes until all is as before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.asking import Ask, Client, call, page
from bench.live import SPREAD_SECONDS, post
from bench.parts import Measuring, measuring, options
from bench.post import threads_of_everybody
from bench.report import Row, show
from bench.sockets import Window, open_all, windows_of
from bench.worlds import SEED

# Who waits longer has left.
PATIENCE_SECONDS = 30
PEOPLE_AT_ONCE = 1_000
# Stands for "not within the time that was looked at": a figure that can be written and drawn.
NEVER = 999.0
NORMAL_SECONDS, LOOK_SECONDS = 60.0, 5.0
WORDS = [
    "plan",
    "quality",
    "budget",
    "safety",
    "training",
    "meeting",
    "welding",
    "paint",
    "machine",
    "customer",
]


def main() -> None:
    """Measure the mix."""
    arguments = _arguments()
    settings = {"PARVIS_PROCESSES": str(arguments.processes)}
    with measuring("mix", arguments, writes=True, settings=settings) as bench:
        rows = asyncio.run(_Day(bench, arguments).rows())
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = options("mix", __doc__)
    parser.add_argument("--processes", type=int, default=2, help="that answer: as many as processors")
    parser.add_argument("--windows", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=0.5, help="15 for the figures of the requirement")
    parser.add_argument("--rate", type=float, default=40, help="requests per second")
    parser.add_argument("--posts", type=float, default=2, help="posts and replies per second")
    parser.add_argument(
        "--warm-up-seconds",
        type=float,
        default=5,
        help="120 for the figures of the requirement: a server just started",
    )
    parser.add_argument(
        "--burst-seconds", type=float, default=10, help="60 for the figures of the requirement"
    )
    parser.add_argument("--burst", type=float, default=10, help="how many times as much; 1: no burst")
    return parser.parse_args()


@dataclass(frozen=True)
class Sample:
    """One request: when it was due, how long after that it was answered, and how."""

    due: float
    seconds: float
    work: str
    problem: str = ""


class _Day:
    def __init__(self, bench: Measuring, arguments: argparse.Namespace) -> None:
        self.bench, self.arguments, self.key = bench, arguments, bench.key
        self.chance = random.Random(SEED)
        self.idle: list[Client] = []
        self.open_requests = 0
        self.samples: list[Sample] = []
        self.on_screen: list[float] = []
        self.unseen = 0
        self.written: list[tuple[str, int, int]] = []
        self.cursors: list[str] = []
        self.audience = _Audience(bench)
        self.tasks: set[asyncio.Task[None]] = set()

    async def rows(self) -> list[Row]:
        """Let the day pass; return its figures."""
        await self._find_cursors()
        await self.audience.open(self.arguments.windows)
        await self._traffic(self.arguments.warm_up_seconds, 1)
        await self._all_answered()
        self._forget()
        cpu, began = self.bench.installation.cpu_seconds(), time.perf_counter()
        await self._traffic(60 * self.arguments.minutes, 1)
        await self._all_answered()
        cores = (self.bench.installation.cpu_seconds() - cpu) / (time.perf_counter() - began)
        rows = [self._steady(cores), self._screens(), await self.audience.row(self.bench.world)]
        rows += self._by_work()
        if self.arguments.burst > 1:
            rows += await self._burst(rows[0])
        for client in self.idle:
            client.close()
        self.audience.close()
        return rows

    async def _find_cursors(self) -> None:
        client = Client(self.bench.installation.port)
        for person in range(20, 40):
            for path in ("/", "/all"):
                answer = await client.ask(page(self.key, path, person))
                self.cursors += re.findall(r"cursor=([\w%-]+)", answer.decode(errors="replace"))[:1]
        client.close()

    def _forget(self) -> None:
        self.samples.clear()
        self.on_screen.clear()

    async def _traffic(self, seconds: float, times: float) -> None:
        """Send requests and posts when they are due, for so long."""
        began = time.perf_counter()
        await asyncio.gather(
            self._stream(began, seconds, self.arguments.rate * times, self._something),
            self._stream(began, seconds, self.arguments.posts * times, self._writing),
        )

    async def _stream(self, began: float, seconds: float, rate: float, make: Callable[[], _Due]) -> None:
        due = began
        while (due := due + self.chance.expovariate(rate)) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._spawn(self._one(due, make()))

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _all_answered(self) -> None:
        while self.tasks:
            await asyncio.wait(set(self.tasks))

    async def _one(self, due: float, wanted: _Due) -> None:
        if self.open_requests >= PEOPLE_AT_ONCE:
            self.samples.append(Sample(due, 0.0, wanted.work, "not sent: everybody waits"))
            return
        self.open_requests += 1
        client = self.idle.pop() if self.idle else Client(self.bench.installation.port)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await client.ask(wanted.ask)
        except AssertionError as error:
            self._failed(
                due, wanted, client, "status " + (re.search(r"HTTP/1.1 (\d+)", str(error)) or ["", "?"])[1]
            )
        except (OSError, TimeoutError) as error:
            self._failed(due, wanted, client, type(error).__name__)
        else:
            self.idle.append(client)
            self.samples.append(Sample(due, time.perf_counter() - due, wanted.work))
            if wanted.id:
                self._spawn(self._seen(due, wanted, answer))
        finally:
            self.open_requests -= 1

    def _failed(self, due: float, wanted: _Due, client: Client, problem: str) -> None:
        client.close()
        self.samples.append(Sample(due, time.perf_counter() - due, wanted.work, problem))

    async def _seen(self, due: float, wanted: _Due, answer: bytes) -> None:
        """Follow what was written until a window of somebody else shows it."""
        if wanted.work == "post":
            content = json.loads(answer.partition(b"\r\n\r\n")[2])
            self.written.append((wanted.id, content["version"], wanted.person))
        heard = await self.audience.heard(wanted.id)
        if heard is None:
            return
        if wanted.work == "reply":
            # The comments of an open page ask for themselves after a moment by chance.
            await asyncio.sleep(max(0.0, heard + SPREAD_SECONDS * self.chance.random() - time.perf_counter()))
            if not await self._comments_again(wanted.thread):
                return
            heard = time.perf_counter()
        self.on_screen.append(heard - due)

    async def _comments_again(self, thread: str) -> bool:
        client = Client(self.bench.installation.port)
        asked = page(self.key, f"/entries/{thread}/comments", self._somebody(), is_fragment=True)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await client.ask(asked)
        except (AssertionError, OSError, TimeoutError):
            self.unseen += 1
            return False
        finally:
            client.close()
        return True

    # What people do -----------------------------------------------------------------------------------
    def _somebody(self) -> int:
        person = self.chance.randrange(20, min(len(self.key.sessions), len(self.key.tokens)))
        return person + 1 if person % 50 == 7 else person

    def _something(self) -> _Due:
        work = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        person = self._somebody()
        return _Due(work, person, self._ask(work, person))

    def _ask(self, work: str, person: int) -> Ask:
        key, chance = self.key, self.chance
        thread = key.threads[chance.randrange(len(key.threads))]
        if work == "view":
            space = key.spaces[4 * chance.randrange(len(key.spaces) // 4)]
            return page(key, "/" if chance.random() < 0.5 else f"/spaces/{space}", person)
        if work == "scroll" and self.cursors:
            return page(key, f"/?cursor={chance.choice(self.cursors)}&shown=20", person, is_fragment=True)
        if work == "reaction":
            path = f"/entries/{thread}/reactions/{quote('👍')}"
            return call(key, path, person, method="PUT", status=b"204")
        if work == "edit" and self.written:
            return self._edit()
        if work == "search":
            return page(key, f"/search?q={chance.choice(WORDS)}", person)
        path = {"unread": "/notifications/badge", "list": "/notifications"}.get(work, f"/entries/{thread}")
        return page(key, path, person, is_fragment=work == "unread")

    def _edit(self) -> Ask:
        id, version, person = self.written.pop(self.chance.randrange(len(self.written)))
        body = json.dumps({"body": f"Said better, {self.chance.random()}.", "version": version}).encode()
        return call(self.key, f"/entries/{id}", person, method="PATCH", body=body)

    def _writing(self) -> _Due:
        id, person = str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), self._somebody()
        if self.chance.random() < 0.5:
            self.audience.expect(id)
            return _Due("post", person, post(self.key, person, id), id)
        thread = self.audience.watched_thread(self.chance)
        body = json.dumps({"id": id, "body": f"An answer with the number {id}."}).encode()
        ask = call(self.key, f"/entries/{thread}/replies", person, method="POST", body=body, status=b"201")
        self.audience.expect(id, thread)
        return _Due("reply", person, ask, id, thread)

    # Figures ------------------------------------------------------------------------------------------
    def _steady(self, cores: float) -> Row:
        good = [sample.seconds for sample in self.samples if not sample.problem]
        problems = Counter(sample.problem for sample in self.samples if sample.problem)
        for problem, count in problems.items():
            print(f"  {count} × {problem}")
        return Row(
            "mix", self.bench.world, "mean of the mix", 1000 * statistics.mean(good), "ms",
            per_second=len(self.samples) / (60 * self.arguments.minutes), median_ms=1000 * statistics.median(good),
            p95_ms=_at(good, 0.95),
            more={"p99_ms": _at(good, 0.99), "failed, %": 100 * sum(problems.values()) / len(self.samples), "requests": len(self.samples),
                  "windows": self.arguments.windows, "processes": self.arguments.processes, "minutes": self.arguments.minutes, "cores used": cores},
        )  # fmt: skip

    def _screens(self) -> Row:
        spans = self.on_screen or [0.0]
        return Row(
            "mix", self.bench.world, "written to another screen, p95", _at(spans, 0.95), "ms",
            median_ms=1000 * statistics.median(spans), p95_ms=_at(spans, 0.95), more={"seen": len(self.on_screen), "not seen": self.unseen},
        )  # fmt: skip

    def _by_work(self) -> list[Row]:
        rows = []
        for work in [*WEIGHTS, "post", "reply"]:
            spans = [sample.seconds for sample in self.samples if sample.work == work and not sample.problem]
            if spans:
                mean = 1000 * statistics.mean(spans)
                rows.append(
                    Row(
                        "mix",
                        self.bench.world,
                        f"mix: {work}",
                        mean,
                        "ms",
                        median_ms=1000 * statistics.median(spans),
                        p95_ms=_at(spans, 0.95),
                        more={"requests": len(spans)},
                    )
                )
        return rows

    async def _burst(self, steady: Row) -> list[Row]:
        self._forget()
        await self._traffic(self.arguments.burst_seconds, self.arguments.burst)
        ended = time.perf_counter()
        during = list(self.samples)
        limit = max(2 * (steady.p95_ms or 0.0), 300.0)
        await self._traffic(NORMAL_SECONDS, 1)
        await self._all_answered()
        problems = [sample for sample in during if sample.problem]
        normal = _normal_again(self.samples, ended, limit)
        more = {
            "asked for, /s": len(during) / self.arguments.burst_seconds,
            "refused or left, %": 100 * len(problems) / max(len(during), 1),
            "burst, s": self.arguments.burst_seconds,
        }
        return [Row("mix", self.bench.world, "normal after a burst", normal, "s", more=more)]


def _normal_again(samples: Sequence[Sample], ended: float, limit_ms: float) -> float:
    """Return the seconds after which whatever became due was answered as before."""
    for look in range(int(NORMAL_SECONDS / LOOK_SECONDS)):
        start = ended + look * LOOK_SECONDS
        here = [s for s in samples if start <= s.due < start + LOOK_SECONDS]
        if here and not any(s.problem for s in here) and _at([s.seconds for s in here], 0.95) <= limit_ms:
            return look * LOOK_SECONDS
    return NEVER


@dataclass(frozen=True)
class _Due:
    work: str
    person: int
    ask: Ask
    id: str = ""
    thread: str = ""


@dataclass
class _Audience:
    """The open windows: whether each hears everything once."""

    bench: Measuring
    windows: list[Window] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    last: dict[int, tuple[int, int]] = field(default_factory=dict)
    posts: Counter[int] = field(default_factory=Counter)
    doubled: int = 0
    expected: int = 0
    first_heard: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    async def open(self, count: int) -> None:
        """Open windows: on home, the space of everybody, the inbox, and a thread each."""
        key = self.bench.key
        self.threads = threads_of_everybody(self.bench)[: max(count // 10, 1)]
        self.windows = windows_of(key, self.bench.installation.port, count, ())
        for number, window in enumerate(self.windows):
            thread = self.threads[number % len(self.threads)]
            window.topics = ["home", "inbox", f"space:{key.everyone}", f"thread:{thread}"]
            window.on_frame = self._hear
        await open_all(self.windows)
        self._everyone = str(key.everyone).encode()

    def watched_thread(self, chance: random.Random) -> str:
        """Return a thread that some windows are on."""
        return chance.choice(self.threads)

    def expect(self, id: str, thread: str = "") -> None:
        """Wait for a frame about what is being written."""
        self.first_heard[id] = asyncio.get_running_loop().create_future()

    async def heard(self, id: str) -> float | None:
        """Return when the last of the windows looked at heard of it; None when none did."""
        try:
            return await asyncio.wait_for(self.first_heard[id], PATIENCE_SECONDS)
        except TimeoutError:
            return None
        finally:
            del self.first_heard[id]

    def _hear(self, window: Window, payload: bytes) -> None:
        start = payload.find(b'"position":"') + 12
        txid, _dot, number = payload[start : payload.find(b'"', start)].partition(b".")
        if number:
            position = (int(txid), int(number))
            self.doubled += position <= self.last.get(id(window), (0, 0))
            self.last[id(window)] = position
        if b"entry_published" in payload and self._everyone in payload:
            self.posts[id(window)] += 1
        start = payload.find(b'"id":"') + 6
        waiting = self.first_heard.get(payload[start : start + 36].decode())
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())

    async def row(self, world: str) -> Row:
        """Return how many frames were lost or came twice."""
        await asyncio.sleep(3)
        most = max(self.posts.values(), default=0)
        alive = [window for window in self.windows if not window.is_lost]
        lost = sum(most - self.posts[id(window)] for window in alive)
        more = {"windows closed": len(self.windows) - len(alive), "frames expected": most * len(alive)}
        return Row("mix", world, "lost or doubled", lost + self.doubled, "frames", more=more)

    def close(self) -> None:
        """Close all windows."""
        for window in self.windows:
            window.cut()


# Per active user and hour, as in production elsewhere (Mattermost); posts are a stream of their own.
WEIGHTS = {
    "view": 17.0, "scroll": 5.0, "unread": 2.6, "list": 1.6, "thread": 0.75, "reaction": 0.35, "search": 0.17,
    "edit": 0.11,
}  # fmt: skip


def _at(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main()
