"""What became of jobs: those whose worker died run again, those that failed stay visible for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from parvis.foundation.jobs.periodic import every
from parvis.foundation.jobs.queueing import RETRY_DELAYS_SECONDS

# procrastinate's workers give a sign of life every 10 seconds.
DEAD_AFTER_SECONDS = 45
FAILED_ARE_KEPT_DAYS = 30

STALLED = """
    SELECT job.id, job.attempts,
           EXISTS (SELECT FROM procrastinate_jobs AS next
                   WHERE next.queueing_lock = job.queueing_lock AND next.status = 'todo')
    FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
    FOR UPDATE OF job SKIP LOCKED
"""

FAILED = """
    SELECT job.id, job.task_name, job.attempts, job.args ->> 'organization_id',
           (SELECT max(event.at) FROM procrastinate_events AS event WHERE event.job_id = job.id)
    FROM procrastinate_jobs AS job
    WHERE job.status = 'failed'
    ORDER BY job.id DESC
    LIMIT %s
"""

FIGURES = """
    SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
           count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()),
           count(*) FILTER (WHERE status = 'doing'),
           count(*) FILTER (WHERE status = 'failed')
    FROM procrastinate_jobs
"""

FORGET = """
    DELETE FROM procrastinate_jobs AS job
    WHERE job.status IN ('failed', 'cancelled', 'aborted')
      AND NOT EXISTS (SELECT FROM procrastinate_events AS event
                      WHERE event.job_id = job.id AND event.at > now() - make_interval(days => %s))
"""


@dataclass(frozen=True, kw_only=True)
class FailedJob:
    """A job that was tried to the end; its error is in the log, under its id."""

    id: int
    name: str
    attempts: int
    organization_id: str | None
    failed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class QueueFigures:
    """How the queue stands."""

    due: int
    later: int
    running: int
    failed: int


def queue_figures() -> QueueFigures:
    """Return how many jobs wait, run and failed."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        due, later, running, failed = cursor.fetchone()
    return QueueFigures(due=due, later=later, running=running, failed=failed)


def failed_jobs(*, limit: int = 100) -> list[FailedJob]:
    """Return the newest jobs that failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED, [limit])
        return [
            FailedJob(
                id=key, name=name, attempts=attempts, organization_id=organization_id, failed_at=failed_at
            )
            for key, name, attempts, organization_id, failed_at in cursor.fetchall()
        ]


def retry_failed_job(job_id: int) -> None:
    """Queue a failed job once more, now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])


# One that died in the middle must not hold back the next: nobody else would free it.
@every(minutes=1, each_organization=False, may_overlap=True)
def retry_stalled_jobs() -> None:
    """Queue the jobs of dead workers again; one that took down its worker too often is given up.

    A turn whose successor is queued already is dropped: both cannot be queued, and the successor waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [DEAD_AFTER_SECONDS])
        for job_id, attempts, has_successor in cursor.fetchall():
            if has_successor:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', true)", [job_id])
            elif attempts >= len(RETRY_DELAYS_SECONDS):
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])
            else:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])


@every(days=1, each_organization=False)
def forget_old_failures() -> None:
    """Delete failed jobs after a month; successful ones go at once."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [FAILED_ARE_KEPT_DAYS])
