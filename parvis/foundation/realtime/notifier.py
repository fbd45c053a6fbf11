"""The notifier: one thread per process that tells the bus, shortly after commits, what there is to read.

Never NOTIFY inside the business transaction: it holds a lock through the commit's flush and cuts writes to
a quarter. A notification lost here loses nothing: listeners poll.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading

import psycopg

from parvis.foundation.realtime.bus import EVENT_CHANNEL, JOB_CHANNEL, Bus, PostgresBus

logger = logging.getLogger(__name__)

# Commits that come this close together are told at once.
COALESCE_SECONDS = 0.008
FLUSH_AT_EXIT_SECONDS = 1.0
# While the bus does not answer.
WAITING_SIGNALS = 2_000


def tell_event(position: str) -> None:
    """Say that the outbox holds an event at `position`, from the transaction that just committed."""
    _notifier().put(EVENT_CHANNEL, position)


def wake_worker(job_id: int) -> None:
    """Say that the queue holds a job, from the transaction that just committed."""
    _notifier().put(JOB_CHANNEL, f'{{"type": "job_inserted", "job_id": {job_id}}}')


def shout(signal: str) -> None:
    """Send a signal to all processes, heard now or never."""
    _notifier().shout(signal)


def stop() -> None:
    """Send what is waiting and end the thread; the next notification starts another one."""
    global _current
    with _lock:
        notifier, _current = _current, None
    if notifier is not None:
        notifier.stop()


class Notifier:
    """Keeps the newest payload per channel and sends them together, on a connection of its own."""

    def __init__(self) -> None:
        self.process_id = os.getpid()
        self._waiting: dict[str, str] = {}
        self._signals: list[str] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._bus: Bus = PostgresBus()
        self._thread = threading.Thread(target=self._run, name="parvis-notifier", daemon=True)
        self._thread.start()

    def put(self, channel: str, payload: str) -> None:
        """Remember the newest payload of a channel and wake the thread."""
        with self._lock:
            previous = self._waiting.get(channel)
            self._waiting[channel] = payload if previous is None else _newer(channel, previous, payload)
        self._wake.set()

    def shout(self, signal: str) -> None:
        """Keep a signal, and wake the thread."""
        with self._lock:
            if len(self._signals) < WAITING_SIGNALS:
                self._signals.append(signal)
        self._wake.set()

    def stop(self) -> None:
        """Send the rest and end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(FLUSH_AT_EXIT_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            self._stopping.wait(COALESCE_SECONDS)
            self._wake.clear()
            self._flush()
        self._flush()
        self._bus.close()

    def _flush(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            signals, self._signals = self._signals, []
        try:
            if waiting:
                self._bus.publish(waiting)
            if signals:
                self._bus.shout(signals)
        except (psycopg.Error, OSError) as error:
            # Listeners and workers poll: told late is not lost.
            logger.warning("live.notification_lost", extra={"error": str(error)})
            self._bus.close()


def _newer(channel: str, previous: str, payload: str) -> str:
    if channel != EVENT_CHANNEL:
        return payload
    return max(previous, payload, key=lambda position: tuple(map(int, position.split("."))))


_lock = threading.Lock()
_current: Notifier | None = None


def _notifier() -> Notifier:
    global _current
    with _lock:
        # A forked child inherits the object but not its thread.
        if _current is None or _current.process_id != os.getpid():
            _current = Notifier()
        return _current


atexit.register(stop)
