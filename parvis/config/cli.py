"""The `parvis` command: starts, checks, backs up and administers an installation."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib import import_module

from parvis import __version__
from parvis.config.commands import MEANINGS
from parvis.foundation.settings import WrongSetting, read

# Commands of Django and of our apps that do without the database.
_WITHOUT_DATABASE = {"check", "makemigrations", "help", "diffsettings"}
_ON_ANY_VERSION = {"showmigrations", "sqlmigrate", "dbshell"}
_EPILOG = (
    "Further commands come from the apps: demo, import, events, token … (parvis help lists them). "
    "Settings are environment variables PARVIS_…, described in docs/operations/settings.md."
)


def main() -> None:
    """Run one subcommand; whatever an operator can put right ends in one clear line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    from parvis.foundation.postgres.cluster import ClusterFailed

    # Whoever ends a command, in whatever moment, gets the database stopped and half-made files removed.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        status = _run(sys.argv[1:])
    except (WrongSetting, ClusterFailed) as problem:
        print(f"parvis: {problem}", file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] not in MEANINGS and not arguments[0].startswith("-"):
        return _other(arguments)
    chosen = _parser(arguments[0] if arguments else "").parse_args(arguments or ["--help"])
    return int(chosen.run(read(), chosen))


def _parser(wanted: str) -> argparse.ArgumentParser:
    """Return a parser that knows all names, and the arguments of the wanted command."""
    parser = argparse.ArgumentParser(
        prog="parvis", description="Parvis, an enterprise social network of your own.", epilog=_EPILOG
    )
    parser.add_argument("--version", action="version", version=f"parvis {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, meaning in MEANINGS.items():
        subparser = subparsers.add_parser(name, help=meaning, description=meaning)
        if name == wanted:
            command = import_module(f"parvis.config.commands.{name}")
            subparser.set_defaults(run=command.run)
            if hasattr(command, "add_arguments"):
                command.add_arguments(subparser)
    return parser


def _other(arguments: list[str]) -> int:
    """Run a management command of an app or of Django, with the database at hand."""
    from django.core.management import execute_from_command_line

    from parvis.config import database, logs, migrating
    from parvis.config.commands.subcommand import set_up

    settings = read()
    if arguments[0] in _WITHOUT_DATABASE or "--help" in arguments:
        logs.configure(settings)
        execute_from_command_line(["parvis", *arguments])
        return 0
    set_up(settings)
    with database.available(settings):
        if arguments[0] not in _ON_ANY_VERSION:
            migrating.make_current(settings)
        execute_from_command_line(["parvis", *arguments])
    return 0
