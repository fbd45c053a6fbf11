"""A post that everybody is mailed about: `bin/bench mails` (W2: ten thousand people), with feeds asked for beside it.

A mail server on this machine takes each mail and forgets it but for whom it was. The minutes that a line may still be
read in a window are skipped: what is measured is writing and handing over, once all of it is due. Then the same for
what waits until a working day begins, at the same moment for everybody. Feeds are asked for as people do, a few in a
second, before and meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.asking import Ask, Client, Outcome, call, run
from bench.growth import post_in, want_everything
from bench.parts import Measuring, measuring, options
from bench.post import superuser, wait_for_jobs
from bench.report import Row, show

LONGEST_SECONDS = 900
SINK_PORT = 8158
READERS, PER_SECOND, BEFORE_SECONDS = 4, 1.0, 30.0
ALL_DAY, MORNING = [[0, 1439]], [[510, 1020]]


class Sink:
    """Counts whom mails are for."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def main() -> None:
    """Measure how long it takes until everybody is mailed, and what readers notice."""
    parser = options("mails", __doc__)
    parser.set_defaults(world="W2")
    arguments = parser.parse_args()
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=SINK_PORT)
    server.start()
    try:
        mail = {"PARVIS_MAIL_URL": f"smtp://127.0.0.1:{SINK_PORT}"}
        with measuring("mails", arguments, writes=True, settings=mail) as bench:
            show(asyncio.run(_measured(bench, sink)))
    finally:
        server.stop()


async def _measured(bench: Measuring, sink: Sink) -> list[Row]:
    people = want_everything(bench)
    _mail_posts_at_once(bench)
    feeds = [call(bench.key, "/feed", person) for person in range(100, 900) if person % 50 != 7]
    await run(bench.installation, feeds, clients=4, count=100)
    at_once = await _drained(bench, sink, feeds, "everybody mailed", people, _let_it_be_due)
    await _post(bench)
    held = await asyncio.to_thread(_hold_all, bench)
    morning = await _drained(bench, sink, feeds, "everybody mailed as the day begins", people, _begin_the_day)
    morning.more["seconds to hold all of it"] = held
    return [at_once, morning]


async def _post(bench: Measuring) -> None:
    await run(bench.installation, [post_in(bench, str(bench.key.everyone), 3)], clients=1)
    await asyncio.to_thread(wait_for_jobs, bench)


async def _drained(
    bench: Measuring, sink: Sink, feeds: list[Ask], work: str, people: int, begin: Callable[[Measuring], int]
) -> Row:
    """Return how long it took until everybody was mailed, and what readers noticed."""
    if begin is _let_it_be_due:
        await _post(bench)
    sink.recipients.clear()
    ended = time.perf_counter() + BEFORE_SECONDS
    before = await _read(bench, feeds, lambda: time.perf_counter() > ended)
    cpu, began, done = bench.installation.cpu_seconds(), time.perf_counter(), asyncio.Event()
    waiting = begin(bench)

    async def drain() -> float:
        await asyncio.to_thread(_wait_until_mailed, bench)
        done.set()
        return time.perf_counter() - began

    seconds, meanwhile = await asyncio.gather(drain(), _read(bench, feeds, done.is_set))
    cpu = bench.installation.cpu_seconds() - cpu - before.cpu_ms / 1000 * len(meanwhile.seconds)
    mailed = len(set(sink.recipients))
    doubled = len(sink.recipients) - mailed
    more: dict[str, float] = {
        "people": people,
        "waiting": waiting,
        "mailed": mailed,
        "mailed twice": doubled,
        "CPU-ms of all processes per mail": 1000 * cpu / max(mailed, 1),
        "feeds a second": READERS * PER_SECOND,
        "feeds meanwhile": len(meanwhile.seconds),
        "feed p95 before, ms": before.at_ms(0.95),
        "feed p95 meanwhile, ms": meanwhile.at_ms(0.95),
        "feed p95, ratio": meanwhile.at_ms(0.95) / before.at_ms(0.95),
    }
    print(
        f"  {work}: {mailed} of {people} in {seconds:.0f} s, {doubled} twice; feed p95 {before.at_ms(0.95):.0f} ms"
        f" before, {meanwhile.at_ms(0.95):.0f} ms meanwhile"
    )
    return Row("mails", bench.world, work, seconds, "s", more=more)


async def _read(bench: Measuring, feeds: list[Ask], is_over: Callable[[], bool]) -> Outcome:
    """Let some people ask for their feeds, each about once a second, until it is over."""
    spans: list[float] = []

    async def reader(asks: list[Ask]) -> None:
        client = Client(bench.installation.port)
        while not is_over():
            for ask in asks:
                began = time.perf_counter()
                await client.ask(ask)
                spans.append(time.perf_counter() - began)
                await asyncio.sleep(max(0.0, 1 / PER_SECOND - spans[-1]))
                if is_over():
                    break
        client.close()

    cpu = bench.installation.cpu_seconds()
    await asyncio.gather(*(reader(list(islice(feeds, number, None, READERS))) for number in range(READERS)))
    cpu = bench.installation.cpu_seconds() - cpu
    return Outcome(1000 * cpu / len(spans), 0.0, spans)


def _mail_posts_at_once(bench: Measuring) -> None:
    """Decide as an organization would that wants each post mailed: usually they wait for the digest."""
    with superuser(bench) as database:
        database.execute(
            'INSERT INTO delivery_choice (id, organization_id, channel, kind, "when")'
            " VALUES (gen_random_uuid(), %s, 'mail', 'post', 'now')",
            [bench.key.organization],
        )


def _let_it_be_due(bench: Measuring) -> int:
    with superuser(bench) as database:
        return database.execute("UPDATE delivery_turn SET due_at = now() WHERE channel = 'mail'").rowcount


def _hold_all(bench: Measuring) -> float:
    """Let nobody work now, so that all of it is held; return how long that took."""
    # The day after tomorrow, from half past eight on.
    soon = (datetime.now(UTC).weekday() + 2) % 7
    _work(bench, [MORNING if day == soon else [] for day in range(7)])
    began = time.monotonic()
    _let_it_be_due(bench)
    _wait_while(bench, "SELECT EXISTS (SELECT FROM delivery_turn WHERE channel = 'mail' AND NOT is_held)")
    return time.monotonic() - began


def _begin_the_day(bench: Measuring) -> int:
    _work(bench, [ALL_DAY] * 7)
    return _let_it_be_due(bench)


def _work(bench: Measuring, week: list[list[list[int]]]) -> None:
    with superuser(bench) as database:
        database.execute("DELETE FROM worktime_workingtimepolicy WHERE level = 'organization'")
        database.execute(
            "INSERT INTO worktime_workingtimepolicy (id, organization_id, level, name, week, country, region,"
            " own_hours, urgent, urgent_quota, changed_at)"
            " VALUES (gen_random_uuid(), %s, 'organization', '', %s, 'FR', '', 'within', 'nobody', 3, now())",
            [bench.key.organization, json.dumps(week)],
        )


def _wait_until_mailed(bench: Measuring) -> None:
    _wait_while(
        bench,
        "SELECT EXISTS (SELECT FROM delivery_turn WHERE channel = 'mail')"
        " OR EXISTS (SELECT FROM mail_sentmail WHERE state = 'leaving')",
    )


def _wait_while(bench: Measuring, question: str) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    with superuser(bench) as database:
        while database.execute(question.encode()).fetchone() != (False,):
            if time.monotonic() > deadline:
                raise TimeoutError("mails are left")
            time.sleep(0.5)


if __name__ == "__main__":
    main()
