"""`parvis beside`: one more process that answers on a port, started by the first (config/server/siblings.py)."""

from __future__ import annotations

import argparse
import socket

from parvis.config import database, migrating
from parvis.config.commands.serve import answer
from parvis.config.commands.subcommand import set_up
from parvis.config.server import siblings
from parvis.foundation.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the socket."""
    parser.add_argument(
        "listening", type=int, help="the number of the open socket that the first process listens on"
    )


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Answer until a signal, or until the first process is gone."""
    listening = socket.socket(fileno=arguments.listening)
    with database.available(settings, meanwhile=lambda: set_up(settings)):
        # An upgrade may lie on disk already while the server of before still runs.
        migrating.require_current()
        siblings.end_with_the_first()
        return 0 if answer(settings, listening, on_started=lambda: None) else 1
