"""Serve the live gateway in a process of its own: prints its port, ends with SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from types import FrameType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")

import django

django.setup()

from django.db import connections  # noqa: E402

from parvis.foundation.postgres import roles  # noqa: E402
from tests.foundation.realtime.server import serving  # noqa: E402


def main(database: str) -> None:
    roles._reconnect({**connections.settings["default"], **json.loads(database)})
    with serving() as port:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        stopping = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopping.set()

        signal.signal(signal.SIGTERM, stop)
        stopping.wait()


if __name__ == "__main__":
    main(sys.argv[1])
