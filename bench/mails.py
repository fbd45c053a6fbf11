"""A post that everybody is mailed about: `bin/bench mails` (W2: ten thousand people), with feeds asked for beside it.

A mail server on this machine takes each mail and forgets it but for whom it was. The minutes that a line may still be
read in a window are skipped: what is measured is writing and handing over, once all of it is due.
"""

from __future__ import annotations

import asyncio
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.asking import Outcome, call, run
from bench.growth import post_in, want_everything
from bench.parts import Measuring, measuring, options
from bench.post import superuser, wait_for_jobs
from bench.report import Row, show

LONGEST_SECONDS = 900
SINK_PORT = 8158


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
            show([asyncio.run(_everybody(bench, sink))])
    finally:
        server.stop()


async def _everybody(bench: Measuring, sink: Sink) -> Row:
    people = want_everything(bench)
    _mail_posts_at_once(bench)
    feeds = [call(bench.key, "/feed", person) for person in range(100, 900) if person % 50 != 7]
    await run(bench.installation, feeds, clients=4, count=100)
    await run(bench.installation, [post_in(bench, str(bench.key.everyone), 3)], clients=1)
    await asyncio.to_thread(wait_for_jobs, bench)
    before = await run(bench.installation, feeds, clients=4, count=200)
    cpu, began, done = bench.installation.cpu_seconds(), time.perf_counter(), asyncio.Event()
    waiting = _let_it_be_due(bench)
    seconds = [0.0]

    async def drain() -> None:
        await asyncio.to_thread(_wait_until_mailed, bench)
        seconds[0] = time.perf_counter() - began
        done.set()

    async def read() -> list[Outcome]:
        found = [await run(bench.installation, feeds, clients=4, count=100)]
        while not done.is_set():
            found.append(await run(bench.installation, feeds, clients=4, count=100))
        return found

    _nothing, during = await asyncio.gather(drain(), read())
    meanwhile = Outcome(0.0, 0.0, [second for outcome in during for second in outcome.seconds])
    mailed = len(set(sink.recipients))
    doubled = len(sink.recipients) - mailed
    more = {
        "people": people,
        "waiting": waiting,
        "mailed": mailed,
        "mailed twice": doubled,
        "feeds meanwhile": len(meanwhile.seconds),
        "CPU-s of all processes, feeds included": bench.installation.cpu_seconds() - cpu,
        "feed p95 before, ms": before.at_ms(0.95),
        "feed p95 meanwhile, ms": meanwhile.at_ms(0.95),
    }
    print(
        f"  {mailed} of {people} mailed in {seconds[0]:.0f} s, {doubled} twice; feed p95 {before.at_ms(0.95):.0f} ms"
        f" before, {meanwhile.at_ms(0.95):.0f} ms meanwhile"
    )
    return Row("mails", bench.world, "everybody mailed", seconds[0], "s", more=more)


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


def _wait_until_mailed(bench: Measuring) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    with superuser(bench) as database:
        while database.execute(
            "SELECT EXISTS (SELECT FROM delivery_turn WHERE channel = 'mail')"
            " OR EXISTS (SELECT FROM mail_sentmail WHERE state = 'leaving')"
        ).fetchone() != (False,):
            if time.monotonic() > deadline:
                raise TimeoutError("mails are left")
            time.sleep(0.5)


if __name__ == "__main__":
    main()
