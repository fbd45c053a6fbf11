"""What writing costs: `bin/bench post W1`, on a copy of the world. The work that follows a post is counted in.

Every post is asked for again by its author at once, outside of the measured time: it must be in the space.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

import psycopg

from bench import bare
from bench.asking import Ask, Client, call, run
from bench.parts import Measuring, measuring, options
from bench.report import Row, row_of, show

BODY = "A **post** of the benchmark with a [link](https://example.org) and some words to read, number {number}.\n\nAnd more."


def main() -> None:
    """Measure posts."""
    arguments = options("post", __doc__).parse_args()
    with measuring("post", arguments, writes=True) as bench:
        rows = [row_of("post", bench.world, "empty answer", bare.empty_answer(bench.installation), clients=8)]
        commit = _bare_commit(bench)
        for clients in bench.clients:
            rows.append(_posts(bench, clients, commit))
        rows.append(_idle(bench))
        show(rows)


def _posts(bench: Measuring, clients: int, raw: float) -> Row:
    first = clients * 17
    authors = [person for person in range(len(bench.key.tokens)) if person % 50 != 7]
    asks = [_post(bench, authors[(first + number) % len(authors)], number) for number in range(bench.count)]
    asyncio.run(run(bench.installation, asks[:50], clients=8))
    wait_for_jobs(bench)
    cpu = bench.installation.cpu_seconds()
    outcome = asyncio.run(run(bench.installation, asks[50:], clients=clients))
    alone = outcome.cpu_ms
    wait_for_jobs(bench)
    outcome.cpu_ms = 1000 * (bench.installation.cpu_seconds() - cpu) / (len(asks) - 50)
    asyncio.run(_check_visible(bench, authors[5]))
    return row_of(
        "post", bench.world, "create a post", outcome, clients=clients, raw=raw, raw_is="bare commit of one row",
        more={"until answered": alone},
    )  # fmt: skip


def _post(bench: Measuring, person: int, number: int) -> Ask:
    content = {"id": str(uuid.uuid4()), "space": str(bench.key.everyone), "kind": "post", "title": ""}
    body = json.dumps({**content, "body": BODY.format(number=number)}).encode()
    return call(bench.key, "/entries", person, method="POST", body=body, status=b"201")


async def _check_visible(bench: Measuring, person: int) -> None:
    client = Client(bench.installation.port)
    written = await client.ask(_post(bench, person, -1))
    id = json.loads(written.partition(b"\r\n\r\n")[2])["id"]
    listed = await client.ask(call(bench.key, f"/spaces/{bench.key.everyone}/entries", person))
    client.close()
    assert id.encode() in listed, "the author does not see the post"


def superuser(bench: Measuring) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect past the policies."""
    socket = bench.installation.data / "postgres" / "socket"
    return psycopg.connect(f"host={socket} user=parvis_cluster dbname=parvis", autocommit=True)


def threads_of_everybody(bench: Measuring) -> list[str]:
    """Return threads of the space in which everybody may answer."""
    with superuser(bench) as database:
        rows = database.execute(
            "SELECT id FROM content_entry WHERE space_id = %s AND thread_id IS NULL AND state = 'published'"
            " AND reply_count BETWEEN 3 AND 20 ORDER BY activity_at DESC, id LIMIT 300",
            [bench.key.everyone],
        )
        return [str(row[0]) for row in rows]


def wait_for_jobs(bench: Measuring, *, seconds: float = 300) -> None:
    """Wait until the queue is empty, but for what waits for its hour."""
    deadline = time.monotonic() + seconds
    with superuser(bench) as database:
        while left := database.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND scheduled_at IS NULL"
        ).fetchall():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(left)} jobs are left, {left[0][0]} among them")
            time.sleep(0.2)


def _bare_commit(bench: Measuring) -> float:
    """Return what PostgreSQL and a bare client take to insert and commit one row, durably."""
    from bench import installation as processes

    with superuser(bench) as database:
        database.execute("CREATE TABLE bench_row (id uuid PRIMARY KEY, body text)")
        backend, count = database.info.backend_pid, 500
        before = processes.cpu_of(backend) + bare.own_cpu()
        for number in range(count):
            database.execute(
                "INSERT INTO bench_row VALUES (%s, %s)", [uuid.uuid4(), BODY.format(number=number)]
            )
        spent = processes.cpu_of(backend) + bare.own_cpu() - before
        database.execute("DROP TABLE bench_row")
    return 1000 * spent / count


def _idle(bench: Measuring) -> Row:
    """Return what a server costs that nobody asks anything."""
    time.sleep(3)
    seconds, cpu = 20, bench.installation.cpu_seconds()
    time.sleep(seconds)
    return Row(
        "post",
        bench.world,
        "idle server, per second",
        1000 * (bench.installation.cpu_seconds() - cpu) / seconds,
    )


if __name__ == "__main__":
    main()
