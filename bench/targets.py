"""What quality.md asks for, and what others cost in the same world: facts that stand beside our figures.

The peers' figures are CPU-milliseconds of all their processes per request in W1 on two cores, measured in
November 2026 on such a machine; they are quoted, not measured again by each run.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One row of the table."""

    work: str
    peers: str
    must: float
    near: float | None = None
    unit: str = "CPU-ms"


TARGETS = {
    target.work: target
    for target in (
        Target("home feed, HTML", "NodeBB 48-60, Odoo 23+43, HumHub 33+330", 6, 3.2),
        Target("home feed, JSON", "Synapse 9-22, Zulip 13-18, NodeBB 11-19, Odoo 64-78, HumHub 118-165", 4, 2.1),
        Target("space, JSON", "Synapse 9-22, Zulip 13-18, NodeBB 11-19, Odoo 64-78, HumHub 118-165", 4, 2.1),
        Target("thread, JSON", "NodeBB 6-8", 3, 1.5),
        Target("create a post", "Synapse 18-46, NodeBB 21-33, Zulip 43-55, Odoo 51, HumHub 76-100", 9),
        Target("search", "NodeBB 21-28, Zulip 22-28, Synapse 34-42, Odoo 68-72, HumHub 260-350", 7),
        Target("last of 1,000 readers", "Odoo 1,800-2,600, Zulip 2,700-2,900, Synapse 7,900-8,400, NodeBB 9,200", 200, 22, "ms"),
        Target("last of 100 readers", "NodeBB 78", 50, None, "ms"),
        Target("idle connection", "NodeBB 22, Synapse 48, Odoo 51, Zulip 62", 24, 15, "kB"),
        Target("memory, idle", "HumHub 260, NodeBB 800, Zulip 2,700", 250, None, "MB"),
        Target("memory, after load", "Synapse 600, HumHub 800, Odoo 1,000, NodeBB 1,100, Zulip 3,200", 400, None, "MB"),
        Target("first start", "", 60, 13, "s"),
        Target("second start", "", 4, 2.2, "s"),
        Target("all 1,000 back after a cut", "", 30, None, "s"),
        Target("all 3,000 back after a cut", "", 30, None, "s"),
        Target("reply to another window", "", 500, None, "ms"),
        Target("mean of the mix", "", 100, None, "ms"),
        Target("written to another screen, p95", "", 500, None, "ms"),
        Target("normal after a burst", "", 60, None, "s"),
        Target("lost or doubled", "", 0, None, "frames"),
        Target("everybody notified", "", 300, None, "s"),
        Target("everybody mailed", "", 300, None, "s"),
    )
}  # fmt: skip
