"""`parvis settings`: the documentation of the settings, as Markdown or as they are here."""

from __future__ import annotations

import argparse

from parvis.config import settings_documentation
from parvis.foundation.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the page, or the values in force without secrets."""
    if arguments.markdown:
        print(settings_documentation.markdown(), end="")
    else:
        print(settings_documentation.in_force(settings), end="")
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="print docs/operations/settings.md")
