"""Run jobs: in a thread with its own event loop and its own pool, so that no job can freeze the web."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from procrastinate import PsycopgConnector
from procrastinate.app import App
from procrastinate.contrib.django import app as queue
from procrastinate.periodic import PeriodicRegistry, PeriodicTask
from procrastinate.worker import Worker
from psycopg import AsyncConnection

from parvis.foundation import resting
from parvis.foundation.jobs import aside, ending, trigger
from parvis.foundation.realtime import database

logger = logging.getLogger(__name__)

CONCURRENCY: int = settings.PARVIS.worker_threads
POLL_SECONDS = 2.0
GRACE_SECONDS = 10.0
RESTART_SECONDS = 2.0


async def start() -> None:
    """Start this process's worker; jobs queued before run first."""
    await asyncio.to_thread(_start)


async def stop() -> None:
    """Let running jobs end, then stop; what a job had begun in its transaction is kept or undone whole."""
    await asyncio.to_thread(_stop)


def run_until(stopping: threading.Event) -> None:
    """Work in the foreground until `stopping` is set: the process whose only role is worker."""
    _start()
    stopping.wait()
    _stop()


def run_pending_jobs(*, limit: int = 1_000) -> int:
    """Run every due job now, in this thread and transaction; raise what a job raises. For tests."""
    for count in range(limit):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, task_name, args FROM procrastinate_fetch_job_v2(NULL, NULL)")
            row = cursor.fetchone()
        if row is None or row[0] is None:
            return count
        _run_here(*row)
    raise RuntimeError(f"Still jobs to do after {limit}: does one queue itself?")


def _run_here(job_id: int, name: str, arguments: str) -> None:
    with transaction.atomic():
        queue.tasks[name].func(**json.loads(arguments))
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job_id])


class WorkerThread:
    """Owns the thread; starts the worker again when its connection to PostgreSQL was lost."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._worker: Worker | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="parvis-worker", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the worker to end and wait for the jobs that run."""
        self._stopping.set()
        ending.end()
        if self._worker is not None:
            self._worker.stop()
        self._thread.join(GRACE_SECONDS + 2)

    def _run(self) -> None:
        asyncio.run(self._keep_working())

    async def _keep_working(self) -> None:
        # Few threads, which keep what they have opened: the loop's own would be as many as it likes.
        threads = ThreadPoolExecutor(CONCURRENCY + 1, thread_name_prefix="parvis-job")
        asyncio.get_running_loop().set_default_executor(threads)
        closing = asyncio.create_task(_close_rested_forever())
        while not self._stopping.is_set():
            try:
                await self._work()
            except Exception:
                logger.exception("jobs.worker_interrupted")
            if not self._stopping.is_set():
                await asyncio.sleep(RESTART_SECONDS)
        closing.cancel()
        await asyncio.to_thread(resting.close_rested, seconds=0)

    async def _work(self) -> None:
        connector = PsycopgConnector(
            kwargs={**database.direct_parameters(), "application_name": "parvis-worker"},
            min_size=1,
            max_size=CONCURRENCY + 1,
            configure=_prepare,
        )
        app: App = queue.with_connector(connector)
        app.periodic_registry = _periodic_tasks_of(app)
        async with app.open_async():
            self._worker = _make_worker(app)
            if not self._stopping.is_set():
                await self._worker.run()
            self._worker = None


def _periodic_tasks_of(app: App) -> PeriodicRegistry:
    """Return what is periodic, queued by this app's connector.

    By the tasks' own app it would be queued by Django's connection of a thread that nobody looks after: once
    PostgreSQL was started again, that one stays closed, and nothing periodic would ever run again.
    """
    registry = PeriodicRegistry()
    for key, periodic in queue.periodic_registry.periodic_tasks.items():
        task = copy.copy(periodic.task)
        task.blueprint = app
        registry.periodic_tasks[key] = PeriodicTask(
            task=task,
            cron=periodic.cron,
            periodic_id=periodic.periodic_id,
            configure_kwargs=periodic.configure_kwargs,
        )
    return registry


def _make_worker(app: App) -> Worker:
    return app._worker(
        concurrency=CONCURRENCY,
        fetch_job_polling_interval=POLL_SECONDS,
        shutdown_graceful_timeout=GRACE_SECONDS,
        delete_jobs="successful",
        install_signal_handlers=False,
        task_middleware=[_with_kept_connections],
    )


async def _prepare(direct: AsyncConnection[Any]) -> None:
    for statement in database.preparation():
        await direct.execute(statement)
    await direct.commit()


def _with_kept_connections(call_next: Any, context: Any, worker: Worker) -> Any:
    return resting.with_kept_connections(call_next)


async def _close_rested_forever() -> None:
    while True:
        await asyncio.sleep(resting.IDLE_SECONDS / 2)
        await asyncio.to_thread(resting.close_rested)


_current: WorkerThread | None = None


def _start() -> None:
    global _current
    if _current is None:
        _warn_of_talkative_trigger()
        ending.begin()
        aside.open_()
        _current = WorkerThread()
        _current.start()


def _stop() -> None:
    global _current
    if _current is not None:
        _current.stop()
        aside.close()
        _current = None
        ending.begin()


def _warn_of_talkative_trigger() -> None:
    try:
        names = trigger.talkative_triggers()
    finally:
        connections.close_all()
    if names:
        logger.warning("jobs.trigger_is_back", extra={"triggers": names})
