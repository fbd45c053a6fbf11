"""`parvis files move`: uploaded files from the data folder to the S3 store, or back."""

from __future__ import annotations

import argparse
import sys

from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Copy what is missing; what was copied may then be removed by hand."""
    set_up(settings)
    from parvis.foundation.files.moving import copy_all

    if settings.files_s3_bucket is None:
        print(
            "parvis: PARVIS_FILES_S3_BUCKET is not set: there is no store to move to or from", file=sys.stderr
        )
        return 1
    copied, size = copy_all(to_bucket=arguments.to == "s3")
    print(
        f"{copied} files copied, {size:,} bytes; those that were there already were left. Nothing was removed."
    )
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="move")
    move = verbs.add_parser("move", help="copy what is missing; run it again before and after the switch")
    move.add_argument("--to", choices=("s3", "disk"), required=True)
