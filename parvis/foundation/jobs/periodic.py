"""Jobs that come back: sweepers, reminders, digests. State lives in rows, so a missed turn loses nothing."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from procrastinate.contrib.django import app as queue

from parvis.foundation.jobs.queueing import QUEUE, job_name
from parvis.foundation.tenancy import organization_scope

logger = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[[], Any])


def every(
    *,
    minutes: int = 0,
    hours: int = 0,
    days: int = 0,
    each_organization: bool = True,
    may_overlap: bool = False,
) -> Callable[[Function], Function]:
    """Run the function again and again, in the scope of each organization in turn.

    Give exactly one of `minutes` (a divisor of 60), `hours` (a divisor of 24) or `days` (1: at night).
    One organization's failure does not stop the others; two turns of the same function never overlap, unless
    `may_overlap` says that it does no harm.
    With `each_organization=False` it runs once per turn, without any organization.
    """
    cron = _cron(minutes=minutes, hours=hours, days=days)

    def decorate(function: Function) -> Function:
        name = job_name(function)
        run = functools.partial(_run_for_each_organization if each_organization else _run_once, function)
        lock = None if may_overlap else name
        task = queue.task(name=name, queue=QUEUE, lock=lock, queueing_lock=lock)(run)
        queue.periodic(cron=cron)(task)
        return function

    return decorate


def organization_ids() -> Iterator[UUID]:
    """Return the ids of all organizations, oldest first."""
    organizations = apps.get_model("people", "Organization")._default_manager
    yield from organizations.order_by("id").values_list("id", flat=True)


def _run_for_each_organization(function: Callable[[], Any], timestamp: int = 0) -> None:
    failures: list[Exception] = []
    for organization_id in list(organization_ids()):
        try:
            with organization_scope(organization_id):
                function()
        except Exception as error:
            logger.exception(
                "jobs.turn_failed", extra={"job": job_name(function), "organization": organization_id}
            )
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{job_name(function)} failed in {len(failures)} organizations", failures)


def _run_once(function: Callable[[], Any], timestamp: int = 0) -> None:
    function()


def _cron(*, minutes: int, hours: int, days: int) -> str:
    if sum(map(bool, (minutes, hours, days))) != 1 or min(minutes, hours, days) < 0:
        raise ValueError("Give one of minutes, hours and days.")
    if minutes and 60 % minutes == 0:
        return f"*/{minutes} * * * *"
    if hours and 24 % hours == 0:
        return f"17 */{hours} * * *"
    if days == 1:
        return "23 3 * * *"
    raise ValueError("Turns must divide the hour or the day: cron knows no other rhythm.")
