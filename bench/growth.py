"""What grows with the world and what must not: `bin/bench growth`, W1 beside W2 (or W2-tenth) in the same minutes.

Latency and statements of the same pages in both; what a post costs before more and more open windows, and in a
small space against the space of everybody; a post that notifies ten thousand people.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

from bench.asking import Ask, Outcome, call, page, run
from bench.installation import ROOT
from bench.parts import Measuring, measuring, options
from bench.post import superuser, wait_for_jobs
from bench.report import Row, show
from bench.sockets import open_all, windows_of
from bench.statements import pages_of
from bench.worlds import WORLDS

ONE_CLIENT = 1
AUDIENCES = (0, 250, 500, 1_000)


def main() -> None:
    """Measure growth."""
    arguments = _arguments()
    rows: list[Row] = []
    with contextlib.ExitStack() as stack:
        small = stack.enter_context(measuring("growth", arguments, writes=True))
        large = stack.enter_context(_beside(arguments))
        if "pages" in arguments.parts:
            rows += _pages(small, large)
        if "posts" in arguments.parts:
            rows += asyncio.run(_posts(small))
        if "everybody" in arguments.parts:
            rows += asyncio.run(_everybody(large))
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = options("growth", __doc__)
    parser.add_argument("--large", default="W2", choices=WORLDS, help="W2-tenth on a busy machine")
    parser.add_argument("--parts", nargs="+", default=["pages", "posts", "everybody"])
    return parser.parse_args()


@contextlib.contextmanager
def _beside(arguments: argparse.Namespace) -> Iterator[Measuring]:
    changed = argparse.Namespace(**{**vars(arguments), "world": arguments.large, "port": arguments.port + 1})
    with measuring("growth", changed, writes=True) as bench:
        yield bench


# Pages ------------------------------------------------------------------------------------------------
def _pages(small: Measuring, large: Measuring) -> list[Row]:
    rows = []
    statements = {bench.world: _statements(bench) for bench in (small, large)}
    names = list(pages_of(small.key))
    for name in names:
        asks = {bench.world: _asks(bench, name) for bench in (small, large)}
        outcomes: dict[str, list[Outcome]] = {small.world: [], large.world: []}
        for turn in range(6):
            # In turns, so that a neighbour's work falls on both; the first of each only warms up.
            for bench in (small, large):
                outcome = asyncio.run(
                    run(bench.installation, asks[bench.world], clients=ONE_CLIENT, count=bench.count // 4)
                )
                if turn:
                    outcomes[bench.world].append(outcome)
        medians = {
            world: statistics.median(outcome.median_ms for outcome in found)
            for world, found in outcomes.items()
        }
        rows.append(
            Row(
                "growth", large.world, f"{name}, against {small.world}", medians[large.world] / medians[small.world], "times",
                median_ms=medians[large.world], p95_ms=statistics.median(outcome.at_ms(0.95) for outcome in outcomes[large.world]),
                more={f"{small.world} ms": medians[small.world], f"statements in {small.world}": statements[small.world][name],
                      f"statements in {large.world}": statements[large.world][name]},
            )
        )  # fmt: skip
        print(
            f"  {rows[-1].work}: {rows[-1].ours:.2f} times; {statements[small.world][name]} and {statements[large.world][name]} statements"
        )
    return rows


def _asks(bench: Measuring, name: str) -> list[Ask]:
    people = [person for person in range(100, 300) if person % 50 != 7 and person < len(bench.key.sessions)]
    return [page(bench.key, _path(bench, name, person), person) for person in people or [1, 2]]


def _path(bench: Measuring, name: str, person: int) -> str:
    key = bench.key
    if name.startswith("space"):
        return f"/spaces/{key.spaces[4 * (person % 3)]}"
    if name.startswith("thread"):
        return f"/entries/{key.threads[person % len(key.threads)]}"
    return pages_of(key)[name]


def _statements(bench: Measuring) -> dict[str, int]:
    command = [sys.executable, "-m", "bench.statements", str(bench.installation.data)]
    answer = subprocess.run(
        command, env=bench.installation.environment, cwd=ROOT, capture_output=True, text=True
    )
    if answer.returncode:
        sys.exit(answer.stderr[-2000:])
    found: dict[str, int] = json.loads(answer.stdout)
    return found


# Posts ------------------------------------------------------------------------------------------------
async def _posts(bench: Measuring) -> list[Row]:
    """A post costs more for each window that hears of it, and not for members that do not."""
    rows, windows, costs = [], [], []
    for count in AUDIENCES:
        added = windows_of(bench.key, bench.installation.port, count, ["home", "inbox"])[len(windows) :]
        await open_all(added)
        windows += added
        await asyncio.sleep(3)
        costs.append(await _cost_of_posts(bench, str(bench.key.everyone)))
        rows.append(Row("growth", bench.world, f"a post before {count:,} windows", costs[-1]))
    for window in windows:
        window.cut()
    await asyncio.sleep(2)
    per_window = [(cost - costs[0]) / count for cost, count in zip(costs[1:], AUDIENCES[1:], strict=True)]
    more = {
        f"by {count:,} windows, µs": 1000 * each
        for count, each in zip(AUDIENCES[1:], per_window, strict=True)
    }
    rows.append(
        Row("growth", bench.world, "a post, each further window", 1000 * per_window[-1], "CPU-µs", more=more)
    )
    space, members = _smallest_open_space(bench)
    everyone, few = [], []
    for _turn in range(3):
        everyone.append(await _cost_of_posts(bench, str(bench.key.everyone)))
        few.append(await _cost_of_posts(bench, space))
    ratio = statistics.median(everyone) / statistics.median(few)
    more = {
        "CPU-ms with few": statistics.median(few),
        "few": members,
        "CPU-ms with all": statistics.median(everyone),
    }
    return [*rows, Row("growth", bench.world, "a post to all, against to few", ratio, "times", more=more)]


def _smallest_open_space(bench: Measuring) -> tuple[str, int]:
    with superuser(bench) as database:
        row = database.execute(
            "SELECT id, member_count FROM spaces_space WHERE privacy = 'open' AND member_count > 2 ORDER BY member_count LIMIT 1"
        ).fetchone()
    assert row is not None
    return str(row[0]), int(row[1])


async def _cost_of_posts(bench: Measuring, space: str, *, count: int = 40) -> float:
    """Return the CPU-ms of all processes per post, the work that follows it included."""
    with superuser(bench) as database:
        people = [
            row[0]
            for row in database.execute(
                "SELECT p.email FROM spaces_membership m JOIN people_person p ON p.id = m.person_id WHERE m.space_id = %s AND p.kind = 'member' LIMIT 30",
                [space],
            )
        ]
    authors = [int(email[1:].partition("@")[0]) for email in people if email.startswith("p")]
    authors = [author for author in authors if author < len(bench.key.tokens)] or [1]
    asks = [post_in(bench, space, authors[number % len(authors)]) for number in range(count)]
    await run(bench.installation, asks[:5], clients=ONE_CLIENT)
    await asyncio.to_thread(wait_for_jobs, bench)
    cpu = bench.installation.cpu_seconds()
    await run(bench.installation, asks[5:], clients=ONE_CLIENT)
    await asyncio.to_thread(wait_for_jobs, bench)
    return 1000 * (bench.installation.cpu_seconds() - cpu) / (count - 5)


def post_in(bench: Measuring, space: str, person: int) -> Ask:
    """Return what writes a post in a space."""
    content = {
        "id": str(uuid.uuid4()),
        "space": space,
        "kind": "post",
        "title": "",
        "body": f"Growth, {uuid.uuid4()}.",
    }
    return call(
        bench.key, "/entries", person, method="POST", body=json.dumps(content).encode(), status=b"201"
    )


# Everybody --------------------------------------------------------------------------------------------
async def _everybody(bench: Measuring) -> list[Row]:
    """Let everybody want to hear of the space of everybody; post there; ask for feeds meanwhile."""
    people = want_everything(bench)
    feeds = [call(bench.key, "/feed", person) for person in range(100, 900) if person % 50 != 7]
    await run(bench.installation, feeds, clients=4, count=100)
    before = await run(bench.installation, feeds, clients=4, count=200)
    began, drained = time.perf_counter(), asyncio.Event()
    seconds = [0.0]

    async def drain() -> None:
        await run(bench.installation, [post_in(bench, str(bench.key.everyone), 3)], clients=1)
        await asyncio.to_thread(wait_for_jobs, bench)
        seconds[0] = time.perf_counter() - began
        drained.set()

    async def read() -> list[Outcome]:
        found = [await run(bench.installation, feeds, clients=4, count=100)]
        while not drained.is_set():
            found.append(await run(bench.installation, feeds, clients=4, count=100))
        return found

    _nothing, during = await asyncio.gather(drain(), read())
    spans = [second for outcome in during for second in outcome.seconds]
    told = _told(bench)
    meanwhile = Outcome(0.0, 0.0, spans)
    more = {
        "people told": told,
        "people": people,
        "feed p95 before, ms": before.at_ms(0.95),
        "feed p95 meanwhile, ms": meanwhile.at_ms(0.95),
    }
    rows = [Row("growth", bench.world, "everybody notified", seconds[0], "s", more=more)]
    print(
        f"  {told} of {people} told in {seconds[0]:.1f} s; feed p95 {before.at_ms(0.95):.0f} ms before, {meanwhile.at_ms(0.95):.0f} ms meanwhile"
    )
    return rows


def want_everything(bench: Measuring) -> int:
    """Let everybody hear of each post in the space of everybody; return how many they are."""
    key = bench.key
    with superuser(bench) as database:
        database.execute(
            "INSERT INTO notifications_spacelevel (id, organization_id, person_id, space_id, level)"
            " SELECT gen_random_uuid(), %s, m.person_id, m.space_id, 'everything' FROM spaces_membership m WHERE m.space_id = %s"
            " ON CONFLICT DO NOTHING",
            [key.organization, key.everyone],
        )
        database.execute("ANALYZE notifications_spacelevel")
        row = database.execute(
            "SELECT count(*) FROM notifications_spacelevel WHERE space_id = %s", [key.everyone]
        ).fetchone()
    assert row is not None
    return int(row[0])


def _told(bench: Measuring) -> int:
    with superuser(bench) as database:
        row = database.execute(
            "SELECT count(*) FROM notifications_notification WHERE happened_at > now() - interval '10 minutes' AND read_at IS NULL AND entry_id = (SELECT id FROM content_entry ORDER BY published_at DESC NULLS LAST LIMIT 1)"
        ).fetchone()
    assert row is not None
    return int(row[0])


if __name__ == "__main__":
    main()
