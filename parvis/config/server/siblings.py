"""More processes that answer on the same port: one interpreter uses one processor.

    parvis run, PARVIS_PROCESSES=3 ──▶ parvis beside 5
                                   ──▶ parvis beside 5

Each takes connections from the socket that the first holds, pages and WebSockets alike, and follows events by itself;
jobs and mail stay with the first. One that dies is started again. They end with the first, however that ends: each
reads from a pipe that closes then.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading

from parvis.foundation import parent
from parvis.foundation.settings import Role, Settings

logger = logging.getLogger(__name__)

RESTART_SECONDS = 2.0
# Longer than a server waits for what it has begun to answer.
GRACE_SECONDS = 15.0
_BESIDE: dict[Role, Role] = {"all": "front", "front": "front", "web": "web", "live": "live"}


class Siblings:
    """The processes beside this one, kept alive from `start` to `stop`."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._role = _BESIDE.get(settings.role)
        self._fileno = listening.fileno()
        count = settings.processes - 1 if self._role else 0
        self._keepers = [
            threading.Thread(target=self._keep, name="parvis-sibling") for _number in range(count)
        ]
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def start(self) -> None:
        """Start them; each answers as soon as it is ready."""
        for keeper in self._keepers:
            keeper.start()

    def stop(self) -> None:
        """Let them finish what they answer, and wait for their end."""
        with self._lock:
            self._stopping.set()
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        for keeper in self._keepers:
            if keeper.is_alive():
                keeper.join()

    def _keep(self) -> None:
        while (process := self._begun()) is not None:
            status = process.wait()
            with self._lock:
                self._running.discard(process)
            if process.stdin is not None:
                process.stdin.close()
            if not self._stopping.is_set():
                logger.warning("server.sibling_ended", extra={"status": status})
                self._stopping.wait(RESTART_SECONDS)

    def _begun(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            process = subprocess.Popen(
                [sys.executable, "-m", "parvis.config", "beside", str(self._fileno)],
                stdin=subprocess.PIPE,
                pass_fds=[self._fileno],
                env={**os.environ, "PARVIS_ROLE": str(self._role), "PARVIS_PROCESSES": "1"},
                # What a terminal says to the server, e.g. Ctrl-C, it hears from the server.
                start_new_session=True,
            )
            self._running.add(process)
            return process


def end_with_the_first() -> None:
    """End this process, as if it had been told to, when the one that started it is gone."""
    parent.when_it_is_gone(lambda: os.kill(os.getpid(), signal.SIGTERM))
