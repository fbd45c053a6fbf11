"""The drawing of all benchmarks is drawn from whatever results there are."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from bench import plot

ROWS = [
    {
        "part": "live",
        "world": "W1",
        "work": "idle connection",
        "unit": "kB",
        "ours": 14.2,
        "machine_ms": 22.0,
    },
    {
        "part": "live",
        "world": "W1",
        "work": "idle connection",
        "unit": "kB",
        "ours": 15.0,
        "machine_ms": 44.0,
    },
    {"part": "api", "world": "W1", "work": "home feed, JSON", "ours": 8.0, "machine_ms": 50.0, "clients": 8},
    {"part": "api", "world": "W1", "work": "home feed, JSON", "ours": 9.0, "machine_ms": 50.0, "clients": 32},
    {"connections": 300, "kB per idle connection": 14.17},
]


def test_each_figure_has_its_values_in_order_and_cpu_as_on_one_machine(tmp_path: Path) -> None:
    (tmp_path / "all.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS))
    weight, feed = plot.read(tmp_path)
    assert (weight.values, weight.must) == ([14.2, 15.0], 24)
    assert (feed.values, feed.must) == ([8.0 * plot.REFERENCE_MS / 50.0], 4)


def test_the_drawing_is_well_formed_and_names_every_figure() -> None:
    figures = [
        plot.Figure("mix", "W2", "a < b", "ms", None, [1.0, 2.0]),
        plot.Figure("live", "W1", "idle connection", "kB", None, [3.0]),
    ]
    drawing = ElementTree.fromstring(plot.draw(figures))
    shown = " ".join(drawing.itertext())
    assert "a < b" in shown and "idle connection" in shown and "≤ 24" in shown
