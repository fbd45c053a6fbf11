"""Database connections of threads outside of requests: kept from one piece of work to the next, then closed.

A new connection costs some six milliseconds of processor (a process of PostgreSQL, its catalogue, its plans), more
than most jobs and questions; one that is never closed costs eight megabytes while nothing happens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Result = TypeVar("Result")

IDLE_SECONDS = 5.0

_lock = threading.Lock()
# Connections that nothing uses now, and since when.
_resting: dict[BaseDatabaseWrapper, float] = {}


def with_kept_connections(work: Callable[[], Result]) -> Result:
    """Do some work; its thread's connections rest afterwards, for the next work or for `close_rested`."""
    with _lock:
        for connection in connections.all(initialized_only=True):
            _resting.pop(connection, None)
    # One that broke meanwhile is noticed before it is used.
    close_old_connections()
    try:
        return work()
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
