"""The `parvis` command."""

from __future__ import annotations

import os
import sys

from parvis.foundation.settings import WrongSetting


def main() -> None:
    """Run one subcommand; a wrong setting ends in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    try:
        _django(sys.argv)
    except WrongSetting as problem:
        print(f"parvis: {problem}", file=sys.stderr)
        sys.exit(2)


def _django(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)
