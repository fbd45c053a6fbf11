"""`parvis run`: all that it takes, in one command."""

from __future__ import annotations

import argparse

from parvis.config import database, migrating
from parvis.config.commands.serve import serve
from parvis.config.commands.subcommand import set_up
from parvis.config.server import process
from parvis.foundation.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Start the database, migrate it, serve; stop it all in the other order."""
    with (
        process.bind(settings) as listening,
        database.available(settings, watch=True, meanwhile=lambda: set_up(settings)),
    ):
        migrating.migrate(settings)
        return serve(settings, listening)
