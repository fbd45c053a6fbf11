"""The database connections of the worker's threads: kept from one job to the next, closed when nothing comes.

A new connection costs as much as several jobs (a process of PostgreSQL, its catalogue, its plans); one that is
never closed costs memory for as long as nobody writes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper

IDLE_SECONDS = 10.0

_lock = threading.Lock()
# Connections that no job uses now, and since when.
_resting: dict[BaseDatabaseWrapper, float] = {}


def with_kept_connections(job: Callable[[], Any]) -> Any:
    """Run a job; its thread's connections rest afterwards, for the next job or for `close_rested`."""
    with _lock:
        for connection in connections.all(initialized_only=True):
            _resting.pop(connection, None)
    # One that broke meanwhile is noticed before it is used.
    close_old_connections()
    try:
        return job()
    finally:
        with _lock:
            _resting.update(dict.fromkeys(connections.all(initialized_only=True), time.monotonic()))


def close_rested(*, seconds: float = IDLE_SECONDS) -> None:
    """Close the connections that have rested for so long, whichever thread they belong to."""
    limit = time.monotonic() - seconds
    with _lock:
        for connection in [connection for connection, since in _resting.items() if since <= limit]:
            del _resting[connection]
            connection.inc_thread_sharing()
            try:
                connection.close()
            finally:
                connection.dec_thread_sharing()
