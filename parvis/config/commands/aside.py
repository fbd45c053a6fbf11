"""`parvis aside`: what the worker starts for much work that nobody waits for (foundation/jobs/aside.py)."""

from __future__ import annotations

import argparse

from parvis.config import database, migrating
from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the name of a job and what it is called with."""
    parser.add_argument("job", help="its name in the queue")
    parser.add_argument("arguments", help="what it is called with, as JSON")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Do the work."""
    with database.available(settings, meanwhile=lambda: set_up(settings)):
        from parvis.foundation.jobs import aside
        from parvis.foundation.realtime import notifier

        # An upgrade may lie on disk already while the server of before still runs.
        migrating.require_current()
        aside.work(arguments.job, arguments.arguments)
        # What was told last goes out while the database still listens.
        notifier.stop()
    return 0
