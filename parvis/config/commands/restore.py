"""`parvis restore FILE`."""

from __future__ import annotations

import argparse
import pathlib
import sys

from parvis.config import backups, database, dumps
from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Read the archive back, on this host or another."""
    source = arguments.file.absolute()
    try:
        # For what is no backup, nothing is started and no folder made.
        backups.read_manifest(source)
        set_up(settings)
        with database.available(settings):
            manifest = backups.restore(settings, source, force=arguments.force)
    except (backups.CannotRestore, dumps.CannotDump) as problem:
        print(f"parvis: nothing was restored: {problem}", file=sys.stderr)
        return 1
    print(f"restored what version {manifest['version']} held on {manifest['made_at']}")
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=pathlib.Path, help="the archive to read")
    parser.add_argument("--force", action="store_true", help="replace what is already here")
