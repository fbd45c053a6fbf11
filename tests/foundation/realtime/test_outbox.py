"""The outbox hands every committed event over once and in order, whatever commits when."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from parvis.foundation.events import record
from parvis.foundation.realtime import outbox
from parvis.foundation.realtime.outbox import Listener, Position, Told
from parvis.foundation.realtime.pruning import prune_events
from parvis.foundation.tenancy import organization_scope, system_scope
from tests.foundation.realtime.conftest import NoteLeft
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SPACE = uuid4()


class Undone(Exception):
    """Makes a transaction roll back."""


def write(organization_id: UUID, *, count: int = 1, pause: float = 0.0, commit: bool = True) -> None:
    """Record events in one transaction, holding it open for a while."""
    try:
        with organization_scope(organization_id):
            for number in range(count):
                record(NoteLeft(space_id=SPACE, thread_id=uuid4(), number=number))
            time.sleep(pause)
            if not commit:
                raise Undone
    except Undone:
        pass


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def positions_written() -> list[Position]:
    with system_scope(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.txid::text, event.id FROM foundation_domain_event AS event ORDER BY event.txid, event.id"
        )
        return [Position(int(txid), event_id) for txid, event_id in cursor.fetchall()]


@pytest.fixture(autouse=True)
def empty_outbox() -> None:
    """What the world recorded while it was made is not of interest here."""
    with system_scope(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM foundation_domain_event")


def listen_while(work: Callable[[], None], *, patience: float = 8.0) -> list[Told]:
    """Follow the outbox while `work` runs in a thread, until everything written has been heard."""

    async def run() -> list[Told]:
        heard: list[Told] = []
        listener = Listener(heard.extend)
        await listener.start()
        thread = in_thread(work)
        await asyncio.to_thread(thread.join)
        wanted = await asyncio.to_thread(_in_other_thread, positions_written)
        deadline = time.monotonic() + patience
        while len(heard) < len(wanted) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        await listener.stop()
        return heard

    return wait_for(run())


def _in_other_thread(function: Callable[[], list[Position]]) -> list[Position]:
    try:
        return function()
    finally:
        connections.close_all()


@pytest.mark.parametrize("seed", range(4))
def test_concurrent_writers_lose_and_double_nothing(seed: int) -> None:
    chance = random.Random(seed)
    organizations = [uuid4(), uuid4()]

    def writer(plan: list[tuple[int, float, bool]]) -> Callable[[], None]:
        def work() -> None:
            for count, pause, commit in plan:
                write(organizations[count % 2], count=count, pause=pause, commit=commit)

        return work

    def everybody() -> None:
        plans = [
            [
                (chance.randint(1, 4), chance.choice([0, 0.002, 0.03]), chance.random() > 0.2)
                for _ in range(12)
            ]
            for _ in range(5)
        ]
        # An import: one long transaction around all the short ones.
        threads = [in_thread(lambda: write(organizations[0], count=20, pause=0.8))]
        threads += [in_thread(writer(plan)) for plan in plans]
        for thread in threads:
            thread.join()

    heard = [event.position for event in listen_while(everybody)]
    assert heard == sorted(set(heard))
    assert heard == positions_written()


def test_a_long_transaction_delays_what_comes_after_it_but_loses_nothing() -> None:
    organization = uuid4()
    moments: list[float] = []

    def work() -> None:
        long = in_thread(lambda: write(organization, pause=0.6))
        time.sleep(0.15)
        write(organization)
        moments.append(time.monotonic())
        long.join()

    heard = listen_while(work)
    assert [event.position for event in heard] == positions_written()
    assert len(heard) == 2


def test_transaction_ids_are_ordered_as_numbers() -> None:
    organization = uuid4()
    write(organization, count=3)
    with organization_scope(organization), connection.cursor() as cursor:
        for number, position in enumerate(positions_written()):
            txid = ["99", "100", "9"][number]
            cursor.execute(
                "UPDATE foundation_domain_event SET txid = %s::xid8 WHERE id = %s", [txid, position.id]
            )
        read = outbox.read_between(Position(0, 0), Position(1_000, 0), organization, limit=10)
    assert [event.position.txid for event in read] == [9, 99, 100]


def test_what_is_rolled_back_is_never_told() -> None:
    organization = uuid4()

    def work() -> None:
        write(organization, commit=False)
        write(organization)

    heard = listen_while(work)
    assert len(heard) == 1


def test_a_lost_notification_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.foundation.realtime.notifier.tell_event", lambda position: None)
    assert len(listen_while(lambda: write(uuid4()))) == 1


def test_the_listener_survives_the_end_of_its_connection() -> None:
    def work() -> None:
        write(uuid4())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parvis-listener'"
                " AND datname = current_database()"
            )
            assert cursor.rowcount
        for _ in range(5):
            write(uuid4())

    heard = listen_while(work)
    assert [event.position for event in heard] == positions_written()
    assert len(heard) == 6


def test_old_events_are_pruned_and_the_horizon_remembered() -> None:
    organization = uuid4()
    write(organization, count=3)
    old = positions_written()[-1]
    with organization_scope(organization), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_domain_event SET occurred_at = now() - interval '9 days'")
    write(organization)
    prune_events()
    assert len(positions_written()) == 1
    assert not outbox.is_resumable(Position(old.txid - 1, 0))
    assert outbox.is_resumable(positions_written()[0])


def test_a_position_of_another_clusters_life_is_not_resumable() -> None:
    assert not outbox.is_resumable(Position(2**60, 1))


def test_what_a_restored_dump_brought_from_another_cluster_is_forgotten() -> None:
    organization = uuid4()
    write(organization)
    with organization_scope(organization), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_domain_event SET txid = '9000000000'::xid8")
        cursor.execute("INSERT INTO foundation_event_horizon VALUES (1, '8000000000'::xid8)")
    heard = listen_while(lambda: write(organization))
    assert [event.position for event in heard] == positions_written()
    assert len(heard) == 1
    assert outbox.is_resumable(heard[0].position)


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "a.b", "-1.2", "1.2.3", "1" * 50, "٣.٤", None, 7])
def test_a_position_is_two_numbers(text: object) -> None:
    assert outbox.parse_position(text) is None
    assert str(outbox.parse_position("812.7")) == "812.7"
