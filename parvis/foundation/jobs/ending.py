"""Whether this process is about to end: long work looks between two steps, and leaves the rest where it lies."""

from __future__ import annotations

import threading

_ending = threading.Event()


def is_ending() -> bool:
    """Tell whether long work should stop after the step that it is in."""
    return _ending.is_set()


def end() -> None:
    """Ask long work to stop."""
    _ending.set()


def begin() -> None:
    """Work may take as long as it likes."""
    _ending.clear()
