"""The judge over the logs of a conversation finds what must not be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.history import History, faults

KEPT = [(1, "a"), (2, "b"), (3, "c")]
TRUE = History(KEPT, [("a", 1), ("c", 3), ("c", 3)], [KEPT, KEPT])


def test_what_can_be_true_has_no_fault() -> None:
    assert faults(TRUE) == []


@pytest.mark.parametrize(
    ("history", "fault"),
    [
        (replace(TRUE, kept=[(1, "a"), (3, "c")]), "not 1, 2, 3"),
        (replace(TRUE, kept=[*KEPT, (4, "a")]), "kept twice"),
        (replace(TRUE, acknowledged=[("d", 4)]), "acknowledged and lost"),
        (replace(TRUE, acknowledged=[("b", 3)]), "acknowledged at 3, kept at 2"),
        (replace(TRUE, shown=[[*KEPT, (3, "c")]]), "shows a message twice"),
        (replace(TRUE, shown=[[KEPT[0], KEPT[2], KEPT[1]]]), "another order"),
        (replace(TRUE, shown=[KEPT[:2]]), "misses 1"),
        (replace(TRUE, shown=[[*KEPT, (4, "x")]]), "not there"),
    ],
)
def test_each_fault_is_named(history: History, fault: str) -> None:
    assert any(fault in found for found in faults(history))
