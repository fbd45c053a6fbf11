"""Much work that nobody waits for: in a process of its own, which is nicer than those that answer people.

    aside.start(take_turns, organization_id=…)    in the worker ──▶ `parvis aside take_turns '{…}'` ──▶ take_turns(…)

Ten thousand mails are two minutes of a processor. In a thread of the server they hold the interpreter that answers
pages, in another process of the same rank half of the machine; both were measured (docs/adr/0039). Here the scheduler
gives them what is left over, and so it does with the embedded PostgreSQL's process that works for them.

The process ends with its work, or after the step that it is in when its worker ends, however that ends: it reads from
a pipe that closes then. What it leaves undone is still due, as when a worker is killed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pathlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app as queue

from parvis.foundation import parent
from parvis.foundation.jobs import ending
from parvis.foundation.jobs.queueing import job_name

logger = logging.getLogger(__name__)

# Ten steps nicer weighs a tenth: where nobody asks for anything, that is no slower.
NICER = 10
# As long as the worker waits for its jobs: a mail server may keep one mail for a moment.
GRACE_SECONDS = 10.0
SESSION = pathlib.Path("/proc/self/autogroup")

_lock = threading.Lock()
_running: dict[str, subprocess.Popen[bytes]] = {}
_is_open = False


def open_() -> None:
    """Let work be done aside from now on: this process is a worker, and is told when it ends."""
    global _is_open
    _is_open = True


def close() -> None:
    """Let what runs end after the step that it is in, and wait for that."""
    global _is_open
    with _lock:
        _is_open = False
        running = list(_running.values())
    for process in running:
        _let_end(process)
    for process in running:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(job: Callable[..., None], **arguments: str) -> bool:
    """Do a long job aside, once at a time; False where this process starts none, and has to do it itself."""
    command = [job_name(job), json.dumps(arguments, sort_keys=True)]
    with _lock:
        if not _is_open:
            return False
        if " ".join(command) in _running:
            return True
        try:
            process = _started(command)
        except OSError:
            logger.exception("jobs.not_started_aside", extra={"job": command[0]})
            return False
        _running[" ".join(command)] = process
    threading.Thread(target=_wait_for, args=(process, command), name="parvis-aside", daemon=True).start()
    return True


def work(name: str, arguments: str) -> None:
    """Do it, in the process that was started for it."""
    be_nice(is_own_database=settings.PARVIS.database_url is None)
    signal.signal(signal.SIGTERM, lambda _number, _frame: ending.end())
    parent.when_it_is_gone(ending.end)
    queue.tasks[name].func(**json.loads(arguments))


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "parvis.config", "aside", *command],
        stdin=subprocess.PIPE,
        # What a terminal says to the server, e.g. Ctrl-C, it hears from the server.
        start_new_session=True,
    )


def _wait_for(process: subprocess.Popen[bytes], command: list[str]) -> None:
    status = process.wait()
    with _lock:
        _running.pop(" ".join(command), None)
    if process.stdin is not None:
        process.stdin.close()
    if status:
        logger.warning("jobs.aside_failed", extra={"job": command[0], "status": status})


def _let_end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        process.terminate()


def be_nice(*, is_own_database: bool) -> None:
    """Weigh less than who answers people, and let the database's process that works for this one weigh as little."""
    os.nice(NICER)
    # Where Linux weighs sessions before processes, a session of one's own would weigh as much as the whole server.
    with contextlib.suppress(OSError, ValueError):
        of_the_worker = int(pathlib.Path(f"/proc/{os.getppid()}/autogroup").read_text().rpartition(" ")[2])
        SESSION.write_text(str(min(of_the_worker + NICER, 19)))
    if is_own_database:
        # Of a database elsewhere the number would be another process's.
        connection.ensure_connection()
        backend = connection.connection.info.backend_pid
        with contextlib.suppress(OSError):
            os.setpriority(
                os.PRIO_PROCESS, backend, min(os.getpriority(os.PRIO_PROCESS, backend) + NICER, 19)
            )
