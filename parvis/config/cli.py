"""The `parvis` command: starts, checks, backs up and administers an installation."""

from __future__ import annotations

import argparse
import os
import sys

from parvis.config.commands.subcommand import Subcommand
from parvis.foundation.settings import WrongSetting, read

# Commands of Django and of our apps that do without the database.
_WITHOUT_DATABASE = {"check", "makemigrations", "help", "diffsettings", "compilemessages"}


def main() -> None:
    """Run one subcommand; whatever an operator can put right ends in one clear line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    from parvis.foundation.postgres.cluster import ClusterFailed

    try:
        status = _run(sys.argv[1:])
    except (WrongSetting, ClusterFailed) as problem:
        print(f"parvis: {problem}", file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    from parvis.config import commands

    parser, names = _parser(commands.ALL)
    if not arguments or arguments[0] in names or arguments[0].startswith("-"):
        chosen = parser.parse_args(arguments or ["--help"])
        return int(chosen.run(read(), chosen))
    return _other(arguments)


def _parser(all_commands: list[Subcommand]) -> tuple[argparse.ArgumentParser, set[str]]:
    parser = argparse.ArgumentParser(
        prog="parvis",
        description="Parvis, an enterprise social network on your own machine.",
        epilog="Further commands come from the apps: demo, import, events, token … Settings are environment "
        "variables PARVIS_…, described in docs/operations/settings.md.",
    )
    from parvis import __version__

    parser.add_argument("--version", action="version", version=f"parvis {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in all_commands:
        subparser = subparsers.add_parser(command.name, help=command.meaning, description=command.meaning)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser, {command.name for command in all_commands}


def _other(arguments: list[str]) -> int:
    """Run a management command of an app or of Django, with the database at hand."""
    import contextlib

    from django.core.management import execute_from_command_line

    from parvis.config import database, logs

    settings = read()
    logs.configure(settings)
    needs_database = arguments[0] not in _WITHOUT_DATABASE and "--help" not in arguments
    with database.available(settings) if needs_database else contextlib.nullcontext():
        execute_from_command_line(["parvis", *arguments])
    return 0
