"""One table on the screen and one line per figure in bench/results/: what, how much, against what limit."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import asdict, dataclass, field
from functools import cache

from bench.asking import Outcome
from bench.installation import ROOT
from bench.machine import watch
from bench.targets import TARGETS

RESULTS = ROOT / "bench" / "results"
# How many processes wanted a processor in the minute before the run: with two cores, 2 is full already.
LOAD_BEFORE = round(os.getloadavg()[0], 1)


def _processor_ticks() -> tuple[int, int]:
    """Return the time of all processors so far, and how much of it the host gave to other machines."""
    with open("/proc/stat") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return sum(ticks), ticks[7]


_TICKS_BEFORE = _processor_ticks()
_BEGAN = time.perf_counter()


def stolen_percent() -> float:
    """Return how much of the time since the start of this part the processors of this machine were lent elsewhere."""
    (before, stolen_before), (now, stolen_now) = _TICKS_BEFORE, _processor_ticks()
    return round(100 * (stolen_now - stolen_before) / max(now - before, 1), 1)


@dataclass
class Row:
    """One figure. `raw` is the limit measured in the same run: what the bare machinery costs for the same.

    `machine_ms` is what the fixed piece of work cost meanwhile, without one of its own that of the whole part.
    """

    part: str
    world: str
    work: str
    ours: float
    unit: str = "CPU-ms"
    raw: float | None = None
    raw_is: str = ""
    clients: int | None = None
    per_second: float | None = None
    median_ms: float | None = None
    p95_ms: float | None = None
    machine_ms: float | None = None
    more: dict[str, float] = field(default_factory=dict)


def row_of(part: str, world: str, work: str, outcome: Outcome, **more: object) -> Row:
    """Return the row of a series of requests."""
    return Row(
        part,
        world,
        work,
        outcome.cpu_ms,
        per_second=outcome.per_second,
        median_ms=outcome.median_ms,
        p95_ms=outcome.at_ms(0.95),
        machine_ms=outcome.machine_ms,
        **more,  # type: ignore[arg-type]
    )


def show(rows: list[Row]) -> None:
    """Print the rows and add them to the results."""
    print(
        f"\n{'':<34}{'clients':>8}{'ours':>9} {'unit':<7}{'must':>7}{'raw':>8}{'ratio':>7}{'/s':>8}{'median':>8}{'p95':>8}{'machine':>9}"
    )
    for row in rows:
        print(_line(row))
    for row in rows:
        if row.work in TARGETS and TARGETS[row.work].peers and row.clients in (None, 8):
            print(f"  {row.work}: {TARGETS[row.work].peers}")
    _keep(rows)


def _line(row: Row) -> str:
    target = TARGETS.get(row.work)
    return (
        f"{row.world + ' ' + row.work:<34}{row.clients or '':>8}{row.ours:>9.2f} {row.unit:<7}"
        f"{_number(target.must if target else None):>7}{_number(row.raw):>8}"
        f"{_number(row.ours / row.raw if row.raw else None):>7}{_number(row.per_second):>8}"
        f"{_number(row.median_ms):>8}{_number(row.p95_ms):>8}{_number(row.machine_ms):>9}"
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _keep(rows: list[Row]) -> None:
    RESULTS.mkdir(exist_ok=True)
    machine = round(watch().since(_BEGAN), 1)
    stolen = stolen_percent()
    print(
        f"  (a fixed piece of work took {machine} CPU-ms meanwhile; load before the run: {LOAD_BEFORE};"
        f" {stolen:.0f} % of the processors' time went to other machines)"
    )
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for row in rows:
        kept = {name: value for name, value in asdict(row).items() if value not in (None, "", {})}
        kept = {name: round(value, 3) if isinstance(value, float) else value for name, value in kept.items()}
        conditions = {"machine_ms": machine, "load": LOAD_BEFORE, "stolen_percent": stolen}
        line = {"at": at, "version": version(), **conditions, **kept}
        with (RESULTS / f"{row.part}.jsonl").open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


@cache
def version() -> str:
    """Return the commit that was measured."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip() or "unknown"
