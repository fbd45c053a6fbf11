"""`parvis migrate`: bring the database to this version."""

from __future__ import annotations

import argparse

from parvis.config import database, migrating
from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Apply what is missing."""
    set_up(settings)
    with database.available(settings):
        count = migrating.migrate(settings)
    print(f"{count} migrations applied" if count else "nothing to migrate")
    return 0
