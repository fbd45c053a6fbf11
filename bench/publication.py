"""How long an import of many messages takes to be published and undone: `bin/bench publication`.

On an embedded PostgreSQL and a data folder of its own. What matters is the longest transaction: while one
runs, live listeners everywhere wait for it (they read the outbox below the oldest one).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="bin/bench publication", description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--channels", type=int, default=40)
    arguments = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="parvis-bench-", dir="/tmp"))
    data.chmod(0o755)
    os.environ |= {"PARVIS_DATA_DIR": str(data / "var"), "PARVIS_LOG_LEVEL": "warning"}
    try:
        figures = _measure(data, arguments.messages, arguments.channels)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    _report(figures, arguments)


def _measure(data: Path, messages: int, channels: int) -> dict[str, float]:
    import django

    from bench.slack_archive import write
    from parvis.config import database, migrating
    from parvis.foundation.settings import read

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    django.setup()
    write(data / "first.zip", messages, channels)
    write(data / "second.zip", messages + messages // 10, channels)
    settings = read()
    with database.available(settings):
        migrating.migrate(settings, dump_first=False)
        return _import_and_undo(data)


def _import_and_undo(data: Path) -> dict[str, float]:
    from parvis.foundation.tenancy import organization_scope
    from parvis.imports import actions
    from parvis.people.actions import create_organization

    organization, _administrator = create_organization(
        slug="bench", name="Bench", administrator_email="bench@example.org"
    )
    figures: dict[str, float] = {}
    runs = []
    for name in ("first", "second"):
        run, seconds = _staged(organization, data / f"{name}.zip")
        figures[f"{name}: reading, s"] = seconds
        with organization_scope(organization):
            figures[f"{name}: publishing, s"] = _seconds(lambda run=run: actions.publish(run=run))
        runs.append(run)
    figures["undoing the first, s"] = _seconds(
        lambda: actions.undo_import(organization=organization, run=runs[0])
    )
    return figures


def _staged(organization: Any, path: Path) -> tuple[Any, float]:
    from parvis.foundation.tenancy import organization_scope
    from parvis.imports import actions
    from parvis.imports.archive import open_archive
    from parvis.imports.slack.reader import SlackExport

    with organization_scope(organization):
        run = actions.new_run(source="slack", label=path.name, started_by=None, state="reading")
    with open_archive(path) as archive:
        source = SlackExport(archive)
        seconds = _seconds(lambda: actions.stage_run(organization=organization, run=run, source=source))
    return run, seconds


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)


def _report(figures: dict[str, float], arguments: argparse.Namespace) -> None:
    for name, seconds in figures.items():
        print(f"{name:30} {seconds:>9.3f}")
    row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "messages": arguments.messages, **figures}
    with (ROOT / "bench/results/publication.jsonl").open("a", encoding="utf-8") as results:
        results.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
