"""Threads that ask the database, and what they leave behind.

Each thread has a connection of its own. One that ends with it open leaves it to the garbage collector, and a place
in PostgreSQL taken until then.
"""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor, wait

from django.db import connections

PATIENCE_SECONDS = 2.0


def end_threads(pool: ThreadPoolExecutor, threads: int) -> None:
    """Let every thread of a pool of that many close its connections, then end the pool."""
    all_here = threading.Barrier(threads)

    def close() -> None:
        # Nobody takes a second turn before everybody has had one.
        with contextlib.suppress(threading.BrokenBarrierError):
            all_here.wait(PATIENCE_SECONDS)
        connections.close_all()

    # One that hangs in a long statement keeps the others waiting that long, no longer.
    wait([pool.submit(close) for _ in range(threads)], PATIENCE_SECONDS + 1)
    pool.shutdown(wait=False, cancel_futures=True)
