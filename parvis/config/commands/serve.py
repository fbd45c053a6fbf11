"""`parvis serve`: answer, on a database that is migrated already."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from parvis.config import database, migrating
from parvis.config.commands.subcommand import set_up
from parvis.config.server import process, siblings, welcome
from parvis.foundation.settings import Settings

# A slow statement or a lock must not hold a thread for ever; commands such as an import may take their time.
# A transaction pooler refuses such start-up parameters: there the role is given them (docs/operations).
_PATIENCE = "-c statement_timeout=60s -c lock_timeout=15s -c idle_in_transaction_session_timeout=120s"


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Serve until a signal."""
    with (
        process.bind(settings) as listening,
        database.available(settings, watch=True, meanwhile=lambda: set_up(settings)),
    ):
        migrating.require_current()
        return serve(settings, listening)


def serve(settings: Settings, listening: process.Listening) -> int:
    """Serve on a port that is taken already, with as many processes as are wanted."""
    beside = siblings.Siblings(settings, listening)

    def greet() -> None:
        welcome.greet()
        beside.start()

    print(f"parvis: starting on {welcome.address()}", file=sys.stderr)
    try:
        has_started = answer(settings, listening, on_started=greet)
    finally:
        beside.stop()
    print("parvis: stopped", file=sys.stderr)
    return 0 if has_started else 1


def answer(settings: Settings, listening: process.Listening, on_started: Callable[[], None]) -> bool:
    """Answer with this process; return whether it had started."""
    from django.db import connections

    from parvis.foundation.realtime import notifier

    # What start-up read was read on this thread, which answers nothing.
    connections.close_all()
    if settings.database_direct_url is None:
        connections.settings["default"]["OPTIONS"]["options"] = _PATIENCE
    has_started = process.serve(settings, listening, on_started=on_started)
    # What was told last goes out while the database still listens.
    notifier.stop()
    return has_started
