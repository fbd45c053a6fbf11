"""What the parts share: their options, a world with a running server, and measuring the same thing several times."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.asking import Ask, Outcome, run
from bench.installation import Installation, scratch_copy
from bench.machine import watch
from bench.report import Row, row_of
from bench.worlds import WORLDS, Key, prepare

CLIENTS = (1, 8, 32)


@dataclass
class Measuring:
    """A running server and the keys to its world."""

    part: str
    world: str
    installation: Installation
    key: Key
    count: int
    clients: tuple[int, ...]

    def work(
        self,
        name: str,
        asks: Sequence[Ask],
        *,
        raw: float | None = None,
        raw_is: str = "",
        clients: tuple[int, ...] | None = None,
    ) -> list[Row]:
        """Measure one kind of request at each number of clients, after a warm-up."""
        asyncio.run(run(self.installation, asks, clients=8, count=max(len(asks) // 10, 100)))
        rows = []
        for number in clients or self.clients:
            outcome = self.median(asks, number)
            rows.append(row_of(self.part, self.world, name, outcome, raw=raw, raw_is=raw_is, clients=number))
        return rows

    def median(self, asks: Sequence[Ask], clients: int) -> Outcome:
        """Return the median, by cost, of three series: the machine may be busy with something else."""
        series = [
            asyncio.run(run(self.installation, asks, clients=clients, count=self.count)) for _turn in range(3)
        ]
        return sorted(series, key=lambda outcome: outcome.cpu_ms)[1]


def options(part: str, description: str | None) -> argparse.ArgumentParser:
    """Return the options that the parts have in common."""
    parser = argparse.ArgumentParser(prog=f"bin/bench {part}", description=description)
    parser.add_argument("world", nargs="?", default="W1", choices=WORLDS)
    parser.add_argument("--count", type=int, default=400, help="requests per series; three series are made")
    parser.add_argument("--clients", type=int, nargs="+", default=list(CLIENTS))
    parser.add_argument("--only", default="", help="measure only the works whose name contains this")
    parser.add_argument("--port", type=int, default=8149)
    return parser


@contextlib.contextmanager
def measuring(
    part: str, arguments: argparse.Namespace, *, writes: bool = False, settings: dict[str, str] | None = None
) -> Iterator[Measuring]:
    """Start the server on a world, on a copy of it when the part writes."""
    data, key = prepare(arguments.world)
    folder = (
        scratch_copy(data, arguments.port)
        if writes
        else contextlib.nullcontext(Installation(data, arguments.port))
    )
    watch()
    with folder as installation:
        installation.settings |= settings or {}
        with installation.running():
            yield Measuring(
                part, arguments.world, installation, key, arguments.count, tuple(arguments.clients)
            )
