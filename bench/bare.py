"""The raw limits: what PostgreSQL alone takes for a statement, and what the server takes to say nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import psycopg

from bench import installation as processes
from bench.asking import Outcome, plain, run
from bench.installation import Installation
from bench.worlds import Key


def empty_answer(installation: Installation, *, count: int = 1500) -> Outcome:
    """Ask the server for an answer that is made without Django."""
    return asyncio.run(run(installation, [plain("/health/live")], count=count))


def empty_view(installation: Installation, *, count: int = 1000) -> Outcome:
    """Ask Django for a view that asks the database for the number 1."""
    return asyncio.run(run(installation, [plain("/health/ready")], count=count))


def statement(
    installation: Installation, key: Key, sql: str, parameters: Sequence[dict[str, Any]], *, count: int = 1000
) -> float:
    """Return the CPU-ms of PostgreSQL and of a bare client for one statement, prepared, under row-level security."""
    address = f"host={installation.data / 'postgres' / 'socket'} user=parvis_app dbname=parvis"
    with psycopg.connect(address, prepare_threshold=1) as connection:
        connection.execute("SELECT set_config('app.organization_id', %s, true)", [str(key.organization)])
        for number in range(20):
            connection.execute(sql, parameters[number % len(parameters)]).fetchall()
        backend = connection.info.backend_pid
        before = processes.cpu_of(backend) + own_cpu()
        for number in range(count):
            connection.execute(sql, parameters[number % len(parameters)]).fetchall()
        return 1000 * (processes.cpu_of(backend) + own_cpu() - before) / count


def own_cpu() -> float:
    """Return the CPU seconds of this process."""
    times = os.times()
    return times.user + times.system


# What the newest twenty of one's spaces cost when nothing else is asked: one statement, author and space included.
FEED = """
    SELECT e.id, e.title, e.body, e.body_html, e.reply_count, e.reaction_count, e.activity_at, a.full_name, s.name
    FROM (
        SELECT newest.id FROM spaces_membership m CROSS JOIN LATERAL (
            SELECT e.id, e.activity_at FROM content_entry e
            WHERE e.space_id = m.space_id AND e.thread_id IS NULL AND e.state = 'published'
            ORDER BY e.activity_at DESC, e.id DESC LIMIT 20
        ) newest
        WHERE m.person_id = %(viewer)s ORDER BY newest.activity_at DESC, newest.id DESC LIMIT 20
    ) wanted
    JOIN content_entry e ON e.id = wanted.id JOIN people_person a ON a.id = e.author_id
    JOIN spaces_space s ON s.id = e.space_id ORDER BY e.activity_at DESC, e.id DESC
"""

SPACE = """
    SELECT e.id, e.title, e.body, e.body_html, e.reply_count, e.reaction_count, e.activity_at, a.full_name
    FROM content_entry e JOIN people_person a ON a.id = e.author_id
    WHERE e.space_id = %(space)s AND e.thread_id IS NULL AND e.state = 'published'
    ORDER BY e.activity_at DESC, e.id DESC LIMIT 20
"""

THREAD = """
    SELECT e.id, e.body, e.body_html, e.published_at, a.full_name
    FROM content_entry e JOIN people_person a ON a.id = e.author_id
    WHERE e.id = %(thread)s OR e.thread_id = %(thread)s ORDER BY e.published_at LIMIT 50
"""
