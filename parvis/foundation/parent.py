"""A process that another one started for itself ends with it, however that one ends, killed included.

Whoever starts it keeps the writing end of a pipe that is its standard input, and never writes to it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable


def when_it_is_gone(do: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the process that started this one has ended; return the thread that waits for that."""

    def wait() -> None:
        # The end of the pipe is the end of who held it.
        os.read(sys.stdin.fileno(), 1)
        do()

    watching = threading.Thread(target=wait, name="parvis-parent-watch", daemon=True)
    watching.start()
    return watching
