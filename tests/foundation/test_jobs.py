"""Jobs exist with the change that asks for them, run in its organization, come back when they fail."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Job
from procrastinate.testing import InMemoryConnector

from parvis.foundation import resting
from parvis.foundation.jobs import (
    enqueue,
    every,
    failed_jobs,
    job,
    job_name,
    queue_figures,
    retry_failed_job,
    run_pending_jobs,
    trigger,
    worker,
)
from parvis.foundation.jobs.periodic import _cron, _run_for_each_organization, organization_ids
from parvis.foundation.jobs.queueing import RETRY_DELAYS_SECONDS, Backoff
from parvis.foundation.jobs.upkeep import forget_old_failures, retry_stalled_jobs
from parvis.foundation.tenancy import bound_organization_id, organization_scope
from parvis.people.models import Organization
from tests.waiting import wait_for

done: list[tuple[str, UUID | None, str]] = []
finished = threading.Event()


@job
def note(*, text: str) -> None:
    """Remember what was asked, where, and in which thread."""
    done.append((text, bound_organization_id(), threading.current_thread().name))
    finished.set()


@job
def break_down(*, text: str) -> None:
    """Fail."""
    raise ValueError(text)


@pytest.fixture(autouse=True)
def empty_queue(db: None) -> None:
    done.clear()
    finished.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_a_job_runs_in_the_organization_that_asked_for_it() -> None:
    organization = uuid4()
    with organization_scope(organization):
        enqueue(note, text="inside")
    enqueue(note, text="outside")
    assert run_pending_jobs() == 2
    assert [entry[:2] for entry in done] == [("inside", organization), ("outside", None)]


def test_a_job_of_a_rolled_back_change_does_not_exist() -> None:
    with pytest.raises(RuntimeError), organization_scope(uuid4()):  # noqa: PT012
        enqueue(note, text="never")
        raise RuntimeError
    assert run_pending_jobs() == 0


def test_a_job_for_later_waits() -> None:
    enqueue(note, text="later", at=timezone.now() + timedelta(hours=1))
    assert run_pending_jobs() == 0
    assert queue_figures().later == 1


def test_arguments_may_be_uuids() -> None:
    key = uuid4()
    enqueue(note, text=key)
    run_pending_jobs()
    assert done[0][0] == str(key)


def test_failures_come_back_later_and_later_then_stay() -> None:
    def attempt(number: int) -> float | None:
        failed = Job(queue="default", lock=None, queueing_lock=None, task_name="x", attempts=number)
        decision = Backoff().get_retry_decision(exception=ValueError(), job=failed)
        return None if decision is None else (decision.retry_at - timezone.now()).total_seconds()

    waits = [attempt(number) for number in range(len(RETRY_DELAYS_SECONDS))]
    assert waits == sorted(waits, key=float)
    assert attempt(len(RETRY_DELAYS_SECONDS)) is None


def set_status(status: str, *, worker_id: str = "NULL") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE procrastinate_jobs SET status = '{status}', worker_id = {worker_id}")


def test_a_failed_job_is_visible_and_can_be_tried_again() -> None:
    organization = uuid4()
    with organization_scope(organization):
        enqueue(note, text="again")
    set_status("failed")
    (failed,) = failed_jobs()
    assert (failed.name, failed.organization_id) == ("tests.foundation.test_jobs.note", str(organization))
    assert queue_figures().failed == 1
    retry_failed_job(failed.id)
    assert run_pending_jobs() == 1


def test_the_job_of_a_dead_worker_is_taken_up() -> None:
    enqueue(note, text="orphan")
    set_status("doing")
    retry_stalled_jobs()
    assert run_pending_jobs() == 1
    assert done[0][0] == "orphan"


def test_a_dead_turn_makes_room_for_the_next_and_holds_no_other_job_back() -> None:
    turn = Job(
        id=None, queue="default", lock="turn", queueing_lock="turn", task_name=job_name(note),
        task_kwargs={"text": "turn"},
    )  # fmt: skip
    queue.job_manager.batch_defer_jobs([turn])
    enqueue(note, text="orphan")
    set_status("doing")
    queue.job_manager.batch_defer_jobs([turn])
    retry_stalled_jobs()
    assert run_pending_jobs() == 2
    assert {text for text, _organization, _thread in done} == {"orphan", "turn"}


def test_the_job_of_a_living_worker_is_left_alone() -> None:
    enqueue(note, text="busy")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        set_status("doing", worker_id=str(cursor.fetchone()[0]))
    retry_stalled_jobs()
    assert run_pending_jobs() == 0


def test_a_job_that_keeps_killing_its_worker_is_given_up() -> None:
    enqueue(note, text="poison")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 99")
    set_status("doing")
    retry_stalled_jobs()
    assert queue_figures().failed == 1


def test_failures_are_forgotten_after_a_month() -> None:
    enqueue(note, text="old")
    set_status("failed")
    forget_old_failures()
    assert queue_figures().failed == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '31 days'")
    forget_old_failures()
    assert queue_figures().failed == 0


def test_a_turn_visits_every_organization_whatever_happens_in_one() -> None:
    known = [*organization_ids(), Organization.objects.create(slug="first-turn", name="1").pk]
    visited: list[UUID | None] = []

    def visit() -> None:
        visited.append(bound_organization_id())
        if len(visited) == 1:
            raise ValueError("this one is broken")

    with pytest.raises(ExceptionGroup, match="failed in 1 organizations"):
        _run_for_each_organization(visit)
    assert sorted(map(str, visited)) == sorted(map(str, known))


@pytest.mark.parametrize(
    ("rhythm", "cron"),
    [
        ({"minutes": 5}, "*/5 * * * *"),
        ({"minutes": 1}, "*/1 * * * *"),
        ({"hours": 6}, "17 */6 * * *"),
        ({"days": 1}, "23 3 * * *"),
    ],
)
def test_a_rhythm_is_a_plain_one(rhythm: dict[str, int], cron: str) -> None:
    assert _cron(**{"minutes": 0, "hours": 0, "days": 0, **rhythm}) == cron


@pytest.mark.parametrize(
    "rhythm", [{}, {"minutes": 7}, {"minutes": 5, "hours": 1}, {"days": 2}, {"hours": -1}]
)
def test_a_rhythm_that_cron_does_not_know_is_refused(rhythm: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        every(**rhythm)


def test_periodic_turns_are_known_to_the_queue() -> None:
    names = {name for name, _ in queue.periodic_registry.periodic_tasks}
    assert {"foundation.jobs.upkeep.retry_stalled_jobs", "foundation.realtime.pruning.prune_events"} <= names


def test_periodic_turns_are_queued_by_the_workers_own_connections() -> None:
    app = queue.with_connector(InMemoryConnector())
    turns = worker._periodic_tasks_of(app).periodic_tasks
    assert set(turns) == set(queue.periodic_registry.periodic_tasks)
    assert all(turn.task.configure().job_manager is app.job_manager for turn in turns.values())


def test_nothing_notifies_inside_the_transaction() -> None:
    assert trigger.talkative_triggers() == []


def test_jobs_share_a_connection_which_is_closed_once_it_has_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    # As without a pooler.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", None)

    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    with ThreadPoolExecutor(1) as thread:

        def run() -> int:
            return thread.submit(resting.with_kept_connections, backend).result()

        first = run()
        assert run() == first
        resting.close_rested(seconds=0)
        assert run() != first
        resting.close_rested(seconds=0)


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_jobs_in_threads_and_is_woken_at_once() -> None:
    async def run() -> float:
        await worker.start()
        await asyncio.sleep(0.6)
        began = time.monotonic()
        await asyncio.to_thread(ask)
        await asyncio.to_thread(finished.wait, 5)
        took = time.monotonic() - began
        # The job that breaks must have been tried too: one left due would break the tests that follow.
        await asyncio.to_thread(wait_until_put_off)
        await worker.stop()
        return took

    organization = uuid4()

    def ask() -> None:
        try:
            with organization_scope(organization):
                enqueue(note, text="woken")
                enqueue(break_down, text="once")
        finally:
            connections.close_all()

    def wait_until_put_off() -> None:
        patience = time.monotonic() + 10
        try:
            while queue_figures().later != 1 and time.monotonic() < patience:
                time.sleep(0.05)
        finally:
            connections.close_all()

    # Well before the worker would have polled by itself.
    try:
        assert wait_for(run()) < worker.POLL_SECONDS
        assert done[0][:2] == ("woken", organization)
        assert done[0][2] != threading.current_thread().name
        assert queue_figures().later == 1
    finally:
        # Committed, and due again in some seconds: the tests that follow must not meet it.
        with connections["default"].cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
