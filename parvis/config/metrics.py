"""What Prometheus reads: requests, live connections, jobs, the outbox. No person, no path, no organization."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from parvis import __version__
from parvis.config.server.types import Application, Message, Receive, Scope, Send
from parvis.foundation.realtime import gateway

REQUESTS = Counter(
    "parvis_requests_total", "Answers, by kind of path and class of status.", ["kind", "status"]
)
SECONDS = Histogram(
    "parvis_request_seconds", "Time to the end of the answer, by kind of path.", ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
LIVE = Gauge("parvis_live_connections", "WebSockets that are open.")
VERSION = Gauge("parvis_version", "1, labelled with the version.", ["version"])
VERSION.labels(__version__).set(1)
LIVE.set_function(lambda: gateway.connection_count())

_KINDS = {"api": "api", "static": "static", "health": "health", "metrics": "health", "files": "file"}


class Measured:
    """Counts and times every answer."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started, kind = time.perf_counter(), kind_of(scope["path"])
        try:
            await self._application(scope, receive, watch)
        finally:
            REQUESTS.labels(kind, f"{status // 100}xx").inc()
            SECONDS.labels(kind).observe(time.perf_counter() - started)


def kind_of(path: str) -> str:
    """Return the kind of a path: few values, whatever is asked for."""
    parts = path.split("/")
    first = parts[3] if len(parts) > 3 and parts[1] == "o" else parts[1] if len(parts) > 1 else ""
    return _KINDS.get(first, "page")


class _Database(Collector):
    """Asked of the database when Prometheus asks us."""

    def collect(self) -> Iterator[Metric]:
        try:
            jobs, age = _jobs()
        except DatabaseError:
            yield GaugeMetricFamily("parvis_database_up", "1 when the database answers.", 0)
            return
        yield GaugeMetricFamily("parvis_database_up", "1 when the database answers.", 1)
        family = GaugeMetricFamily("parvis_jobs", "Jobs in the queue, by state.", labels=["state"])
        for state in ("todo", "doing", "failed"):
            family.add_metric([state], jobs.get(state, 0))
        yield family
        yield GaugeMetricFamily(
            "parvis_jobs_oldest_seconds", "How long the oldest due job has been waiting.", age
        )

    def describe(self) -> list[Metric]:
        return []


def _jobs() -> tuple[dict[str, int], float]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        counts = dict(cursor.fetchall())
        cursor.execute(
            "SELECT COALESCE(EXTRACT(EPOCH FROM now() - min(GREATEST(e.at, COALESCE(j.scheduled_at, e.at)))), 0)"
            " FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
            " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
        )
        (age,) = cursor.fetchone()
    return counts, float(age)


REGISTRY.register(_Database())
