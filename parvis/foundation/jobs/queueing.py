"""Declare jobs and ask for them, in the transaction of the change that needs them."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Job as QueuedJob

from parvis.foundation.realtime import notifier
from parvis.foundation.tenancy import bound_organization_id, organization_scope

QUEUE = "default"

Function = TypeVar("Function", bound=Callable[..., Any])

# Seconds before each further attempt: a hiccup is over in seconds, a full disk or a dead peer in hours.
RETRY_DELAYS_SECONDS = (2, 10, 60, 300, 1_800, 7_200, 21_600)


class Backoff(BaseRetryStrategy):  # type: ignore[misc]  # procrastinate is not followed by mypy
    """Retry after growing delays with some jitter; after the last one the job stays visible as failed."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """Return when to try again, or None to give up."""
        if job.attempts >= len(RETRY_DELAYS_SECONDS):
            return None
        delay = RETRY_DELAYS_SECONDS[job.attempts]
        return RetryDecision(retry_in={"seconds": round(delay * random.uniform(1.0, 1.3))})  # noqa: S311 - jitter


@dataclass(frozen=True, kw_only=True)
class JobRequest:
    """What one queued job says: which function, with which arguments, when."""

    name: str
    arguments: dict[str, Any]
    at: datetime | None = None
    lock: str | None = None


def job(function: Function) -> Function:
    """Declare a function as a job, retried with backoff, run in the organization that asked for it.

    It is called with the keyword arguments given to `enqueue`, inside `organization_scope` when one was
    bound at that time, and must be idempotent: a worker may die between its end and its receipt.
    """
    register(job_name(function), function)
    return function


def long_job(function: Function) -> Function:
    """Declare a job that outlives a transaction: it is given `organization_id` and opens scopes of its own.

    For what must not hold one transaction from end to end. A worker may die in the middle: it must resume.
    """
    queue.task(name=job_name(function), queue=QUEUE, retry=Backoff())(function)
    return function


def register(name: str, function: Callable[..., Any]) -> None:
    """Register `function` under `name` in the queue; `job` does so for ordinary functions."""
    queue.task(name=name, queue=QUEUE, retry=Backoff())(_in_its_organization(function))


def job_name(function: Callable[..., Any]) -> str:
    """Return the name under which a function is queued, e.g. `notifications.handlers.notify_mentioned`."""
    return f"{function.__module__.removeprefix('parvis.')}.{function.__qualname__}"


def enqueue(
    task: Callable[..., Any], *, at: datetime | None = None, lock: str | None = None, **args: Any
) -> None:
    """Ask for a job in the current transaction: it exists exactly if the transaction commits.

    `at` delays it; jobs with the same `lock` run one after the other, in order. Arguments are plain JSON
    values or UUIDs (passed as text).
    """
    enqueue_all([JobRequest(name=job_name(task), arguments=args, at=at, lock=lock)])


def enqueue_all(requests: Iterable[JobRequest]) -> None:
    """Ask for several jobs with one statement, and wake a worker once the transaction has committed."""
    organization_id = bound_organization_id()
    queued = queue.job_manager.batch_defer_jobs(
        [_as_queued(request, organization_id) for request in requests]
    )
    due = [queued_job.id for queued_job in queued if queued_job.scheduled_at is None]
    if due and due[-1] is not None:
        transaction.on_commit(functools.partial(notifier.wake_worker, due[-1]))


def _as_queued(request: JobRequest, organization_id: UUID | None) -> QueuedJob:
    arguments = {
        key: str(value) if isinstance(value, UUID) else value for key, value in request.arguments.items()
    }
    if organization_id is not None:
        arguments["organization_id"] = str(organization_id)
    return QueuedJob(
        queue=QUEUE,
        lock=request.lock,
        queueing_lock=None,
        task_name=request.name,
        task_kwargs=arguments,
        scheduled_at=request.at,
    )


def _in_its_organization(function: Callable[..., Any]) -> Callable[..., None]:
    @functools.wraps(function)
    def run(*, organization_id: str | None = None, **arguments: Any) -> None:
        if organization_id is None:
            function(**arguments)
            return
        with organization_scope(UUID(organization_id)):
            function(**arguments)

    return run
