"""`parvis backup FILE`."""

from __future__ import annotations

import argparse
import pathlib
import sys

from parvis.config import backups, database, dumps
from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write the archive."""
    set_up(settings)
    target: pathlib.Path = arguments.file.absolute()
    try:
        with database.available(settings):
            backups.backup(settings, target)
    except (dumps.CannotDump, OSError) as problem:
        print(f"parvis: no backup was made: {problem}", file=sys.stderr)
        return 1
    print(f"{target}: {target.stat().st_size:,} bytes. It holds secrets and private content: keep it closed.")
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=pathlib.Path, help="the archive to write")
