"""How fast this machine is while something is measured: a fixed piece of work, again and again beside it.

Neighbours on the same processor make all that is measured cost up to twice as much, for seconds at a time: one look
before or after says little. Run as a module it prints what it measures, a line each, until its reader is gone.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
import time
from functools import cache

from bench.installation import ROOT

_PARTS = 4
_PAUSE_SECONDS = 0.5


def machine_ms() -> float:
    """Return the CPU-ms of a fixed piece of work in Python: busy neighbours make every figure of a run larger.

    the figures of two runs compare once each is divided by its own.
    """
    return sum(_part() for _number in range(_PARTS))


def _part() -> float:
    began = time.process_time()
    for number in range(40 // _PARTS):
        json.loads(json.dumps([{"number": number, "text": "x" * 40, "more": [1, 2, 3]}] * 250))
    return 1000 * (time.process_time() - began)


class Watch:
    """A process of its own that does a quarter of the piece twice a second: two hundredths of one processor."""

    def __init__(self) -> None:
        self._samples: list[tuple[float, float]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.machine"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._process.kill)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._samples.append((time.perf_counter(), float(line)))

    def since(self, began: float) -> float:
        """Return the mean since a moment of `time.perf_counter`; measured now if nothing was meanwhile."""
        taken = [sample for at, sample in self._samples if at >= began]
        return sum(taken) / len(taken) if taken else machine_ms()


@cache
def watch() -> Watch:
    """Return the one that watches for as long as this process lives."""
    return Watch()


def _print_samples() -> None:
    while True:
        print(_PARTS * _part(), flush=True)
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    _print_samples()
