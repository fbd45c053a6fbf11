"""A post that everybody is mailed about: `bin/bench mails` (W2: ten thousand people), with feeds asked for beside it.

A mail server on this machine takes each mail and forgets it but for whom it was. The minutes that a line may still be
read in a window are skipped: what is measured is writing and handing over, once all of it is due. Then the same for
what waits until a working day begins, at the same moment for everybody. The sweep that finds what is due comes once a
minute: its job is asked for at once here, and up to a minute is to be added. Feeds are asked for as people do, a few in
a second, before and while mails leave.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

from bench.asking import Ask, Client, Outcome, call, run
from bench.growth import post_in, want_everything
from bench.mailbox import Mailbox, taking_mails
from bench.parts import Measuring, measuring, options
from bench.post import superuser, wait_for_jobs
from bench.report import Row, show

LONGEST_SECONDS = 900
MAILBOX_PORT = 8158
READERS, PER_SECOND, BEFORE_SECONDS = 8, 1.0, 30.0
AT_ONCE, AS_THE_DAY_BEGINS = "everybody mailed at once", "everybody mailed as the day begins"
ALL_DAY, MORNING = [[0, 1439]], [[510, 1020]]
# When a feed was answered, by `time.time`, and how long that took.
Asked = list[tuple[float, float]]


def main() -> None:
    """Measure how long it takes until everybody is mailed, and what readers notice."""
    parser = options("mails", __doc__)
    parser.set_defaults(world="W2")
    arguments = parser.parse_args()
    mail_port = arguments.port + MAILBOX_PORT - 8149
    with taking_mails(mail_port) as mailbox:
        mail = {"PARVIS_MAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
        with measuring("mails", arguments, writes=True, settings=mail) as bench:
            show(asyncio.run(_measured(bench, mailbox, arguments.only)))


async def _measured(bench: Measuring, mailbox: Mailbox, only: str) -> list[Row]:
    want_everything(bench)
    _read_what_waits(bench)
    _mail_posts_at_once(bench)
    feeds = [call(bench.key, "/feed", person) for person in range(100, 900) if person % 50 != 7]
    await run(bench.installation, feeds, clients=4, count=len(feeds))
    rows = []
    if only in AT_ONCE:
        await _post(bench)
        rows.append(await _drained(bench, mailbox, feeds, AT_ONCE, _let_it_be_due))
    if only in AS_THE_DAY_BEGINS:
        await _post(bench)
        held = await asyncio.to_thread(_hold_all, bench)
        rows.append(await _drained(bench, mailbox, feeds, AS_THE_DAY_BEGINS, _begin_the_day))
        rows[-1].more["seconds to hold all of it"] = held
    return rows


async def _post(bench: Measuring) -> None:
    await run(bench.installation, [post_in(bench, str(bench.key.everyone), 3)], clients=1)
    await asyncio.to_thread(wait_for_jobs, bench)


async def _drained(
    bench: Measuring, mailbox: Mailbox, feeds: list[Ask], work: str, begin: Callable[[Measuring], int]
) -> Row:
    """Return how long it took until everybody was mailed, and what readers noticed."""
    mailbox.empty()
    ended = time.perf_counter() + BEFORE_SECONDS
    cpu = bench.installation.cpu_seconds()
    before = await _read(bench, feeds, lambda: time.perf_counter() > ended)
    each = (bench.installation.cpu_seconds() - cpu) / len(before)
    cpu, began, done = bench.installation.cpu_seconds(), time.perf_counter(), asyncio.Event()
    waiting = begin(bench)

    async def drain() -> float:
        await asyncio.to_thread(_wait_until_mailed, bench)
        done.set()
        return time.perf_counter() - began

    seconds, asked = await asyncio.gather(drain(), _read(bench, feeds, done.is_set))
    cpu = bench.installation.cpu_seconds() - cpu - each * len(asked)
    mails = mailbox.mails()
    meanwhile = [(at, span) for at, span in asked if mails[0][0] <= at <= mails[-1][0]]
    mailed = {recipient for _at, recipient in mails}
    before_ms, meanwhile_ms = _p95_ms(before), _p95_ms(meanwhile)
    more: dict[str, float] = {
        "people, without the author": len(_readers_of_the_post(bench)),
        "waiting": waiting,
        "mailed": len(mailed),
        "mailed, who should not be": len(mailed - _readers_of_the_post(bench)),
        "mailed twice": len(mails) - len(mailed),
        "seconds from the first mail to the last": mails[-1][0] - mails[0][0],
        "CPU-ms of all processes per mail": 1000 * cpu / len(mails),
        "feeds a second": READERS * PER_SECOND,
        "feeds meanwhile": len(meanwhile),
        "feed p50 before, ms": _at_ms(before, 0.5),
        "feed p50 meanwhile, ms": _at_ms(meanwhile, 0.5),
        "feed p95 before, ms": before_ms,
        "feed p95 meanwhile, ms": meanwhile_ms,
        "feed p95, ratio": meanwhile_ms / before_ms,
    }
    print(f"  {work}: in {seconds:.0f} s", *(f"{name} {value:.4g}" for name, value in more.items()), sep="; ")
    return Row("mails", bench.world, work, seconds, "s", more=more)


def _p95_ms(asked: Asked) -> float:
    return _at_ms(asked, 0.95)


def _at_ms(asked: Asked, share: float) -> float:
    return Outcome(0.0, 0.0, [span for _at, span in asked]).at_ms(share)


async def _read(bench: Measuring, feeds: list[Ask], is_over: Callable[[], bool]) -> Asked:
    """Let some people ask for their feeds, each about once a second, until it is over."""
    asked: Asked = []

    async def reader(number: int) -> None:
        client = Client(bench.installation.port)
        # Not all of them in the same moment.
        await asyncio.sleep(number / READERS / PER_SECOND)
        while not is_over():
            for ask in islice(feeds, number, None, READERS):
                began = time.perf_counter()
                await client.ask(ask)
                span = time.perf_counter() - began
                asked.append((time.time(), span))
                await asyncio.sleep(max(0.0, 1 / PER_SECOND - span))
                if is_over():
                    break
        client.close()

    await asyncio.gather(*(reader(number) for number in range(READERS)))
    return asked


def _readers_of_the_post(bench: Measuring) -> set[str]:
    """Return the addresses of those who want to hear of it: all but who wrote it."""
    with superuser(bench) as database:
        rows = database.execute(
            "SELECT p.email FROM notifications_spacelevel l JOIN people_person p ON p.id = l.person_id"
            " WHERE l.space_id = %s AND l.level = 'everything' AND p.state = 'active' AND p.id <>"
            " (SELECT author_id FROM content_entry WHERE space_id = %s AND thread_id IS NULL"
            " ORDER BY published_at DESC NULLS LAST LIMIT 1)",
            [bench.key.everyone, bench.key.everyone],
        ).fetchall()
    return {email for (email,) in rows}


def _read_what_waits(bench: Measuring) -> None:
    """Let nothing wait that no mail has told of: else the first mail of each would tell of all of it, like no other's."""
    with superuser(bench) as database:
        database.execute("UPDATE notifications_notification SET read_at = now() WHERE read_at IS NULL")


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
        due = database.execute("UPDATE delivery_turn SET due_at = now() WHERE channel = 'mail'").rowcount
        asked = {"organization_id": str(bench.key.organization), "channel_name": "mail"}
        database.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'delivery.turns.take_turns', %s)",
            [json.dumps(asked)],
        )
    return due


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
