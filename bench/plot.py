"""Draw the history of all figures: `bin/bench plot` writes bench/results/history.svg.

One small chart per figure, its value at each run in order, the required value as a line. Values of CPU are shown as
if the fixed piece of work had taken the same on the machine of each run (`machine_ms`); all others as measured, and
hollow where the machine was full of other work.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from bench.report import RESULTS
from bench.targets import TARGETS

REFERENCE_MS = 25.0
RUNS_SHOWN = 30
# The load average of a machine of two cores on which latencies contain other people's work.
FULL_LOAD = 2.0
COLUMNS, WIDTH, HEIGHT, GAP, TOP = 4, 250, 128, 18, 74
STYLE = """
    svg { --back: #fbfaf7; --ink: #1d1b18; --soft: #6b665e; --line: #0b6e62; --must: #b4472f; --grid: #e4dfd6 }
    @media (prefers-color-scheme: dark) {
      svg { --back: #161412; --ink: #ece8e1; --soft: #a49d92; --line: #5fc7b6; --must: #ef8f76; --grid: #35312c }
    }
    rect.back { fill: var(--back) } text { font: 11px system-ui, sans-serif; fill: var(--soft) }
    text.name { font-weight: 600; fill: var(--ink) } text.head { font-size: 18px; font-weight: 600; fill: var(--ink) }
    text.now { font-size: 15px; font-weight: 600; fill: var(--ink); text-anchor: end }
    polyline { fill: none; stroke: var(--line); stroke-width: 1.8; stroke-linejoin: round } circle { fill: var(--line); stroke: var(--line); stroke-width: 1.6 } circle.busy { fill: var(--back) }
    line.must { stroke: var(--must); stroke-width: 1.2; stroke-dasharray: 4 3 } line.floor { stroke: var(--grid) }
    text.must, text.over { fill: var(--must) }
"""


@dataclass
class Figure:
    """One figure and what it was at each run."""

    part: str
    world: str
    work: str
    unit: str
    clients: int | None
    values: list[float] = field(default_factory=list)
    was_busy: list[bool] = field(default_factory=list)

    @property
    def must(self) -> float | None:
        """Return the value that is required."""
        target = TARGETS.get(self.work)
        return target.must if target and target.unit == self.unit else None

    @property
    def is_cpu(self) -> bool:
        """Tell whether it counts work, and not time that passed."""
        return self.unit.startswith("CPU") or self.unit in ("MB", "kB")

    @property
    def name(self) -> str:
        """Return what it is called on the drawing."""
        return f"{self.world} · {self.work}" + (f" · {self.clients} clients" if self.clients else "")


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(prog="bin/bench plot", description=__doc__)
    parser.add_argument("--all", action="store_true", help="figures without a requirement, too")
    arguments = parser.parse_args()
    figures = [figure for figure in read(RESULTS) if arguments.all or figure.must is not None]
    target = RESULTS / ("history-all.svg" if arguments.all else "history.svg")
    target.write_text(draw(figures), encoding="utf-8")
    print(f"{target}: {len(figures)} figures")


def read(folder: Path) -> list[Figure]:
    """Return the figures of all results, in the order of their parts."""
    figures: dict[tuple[Any, ...], Figure] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            # Lines of before there was one shape for all have figures of their own.
            if "work" in row and row.get("clients") in (None, 8):
                key = (row["part"], row["world"], row["work"], row.get("unit", "CPU-ms"), row.get("clients"))
                figure = figures.setdefault(key, Figure(*key))
                figure.values.append(_comparable(row))
                figure.was_busy.append(row.get("load", 0.0) > FULL_LOAD and not figure.is_cpu)
    return list(figures.values())


def _comparable(row: dict[str, Any]) -> float:
    is_cpu = row.get("unit", "CPU-ms").startswith("CPU") and row.get("machine_ms")
    return float(row["ours"] * REFERENCE_MS / row["machine_ms"] if is_cpu else row["ours"])


def draw(figures: Sequence[Figure]) -> str:
    """Return the drawing."""
    parts: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        parts[figure.part].append(figure)
    ordered = [figure for part in parts.values() for figure in part]
    rows = -(-len(ordered) // COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP) + GAP, TOP + rows * (HEIGHT + GAP) + GAP
    charts = "\n".join(
        _chart(figure, GAP + (WIDTH + GAP) * (place % COLUMNS), TOP + (HEIGHT + GAP) * (place // COLUMNS))
        for place, figure in enumerate(ordered)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title">
<title id="title">Parvis: its benchmarks over time</title>
<style>{STYLE}</style>
<rect class="back" width="{width}" height="{height}"/>
<text class="head" x="{GAP}" y="32">Benchmarks over time</text>
<text x="{GAP}" y="52">Each run in order, newest at the right; dashed: at most this much; hollow: beside other heavy work. CPU as on a machine of {REFERENCE_MS:.0f} ms.</text>
{charts}
</svg>
"""


def _chart(figure: Figure, x: float, y: float) -> str:
    values = figure.values[-RUNS_SHOWN:]
    busy = (
        [False] * len(values) if len(figure.was_busy) < len(figure.values) else figure.was_busy[-RUNS_SHOWN:]
    )
    low, high = y + 50, y + HEIGHT - 14
    top = 1.1 * max([*values, figure.must or 0.0, 1e-9])

    def at(value: float) -> float:
        return round(high - (high - low) * value / top, 1)

    step = (WIDTH - 12) / max(len(values) - 1, 1)
    points = [
        (round(x + WIDTH - 6 - step * (len(values) - 1 - place), 1), at(value))
        for place, value in enumerate(values)
    ]
    circles = "".join(
        f'<circle{" class=" + chr(34) + "busy" + chr(34) if is_busy else ""} cx="{px}" cy="{py}" r="3"/>'
        for (px, py), is_busy in zip(points, busy, strict=True)
    )
    over = " over" if figure.must is not None and values[-1] > figure.must else ""
    must = ""
    if figure.must is not None:
        line = at(figure.must)
        must = (
            f'<line class="must" x1="{x}" x2="{x + WIDTH}" y1="{line}" y2="{line}"/>'
            f'<text class="must" x="{x}" y="{line - 4}">≤ {_number(figure.must)}</text>'
        )
    return f"""<g><title>{escape(figure.name)}: {", ".join(map(_number, values))} {figure.unit}</title>
<text class="name" x="{x}" y="{y + 12}">{escape(_short(figure.name))}</text>
<text x="{x}" y="{y + 28}">{escape(figure.part)}</text>
<text class="now{over}" x="{x + WIDTH}" y="{y + 30}">{_number(values[-1])} {escape(figure.unit)}</text>
<line class="floor" x1="{x}" x2="{x + WIDTH}" y1="{high}" y2="{high}"/>{must}
<polyline points="{" ".join(f"{px},{py}" for px, py in points)}"/>
{circles}</g>"""


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


if __name__ == "__main__":
    main()
