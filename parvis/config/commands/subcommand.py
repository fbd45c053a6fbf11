"""What a subcommand consists of."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from parvis.foundation.settings import Settings


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no argument."""


@dataclass(frozen=True, kw_only=True)
class Subcommand:
    """A name, one line of meaning, and what it does; `run` returns the exit status."""

    name: str
    meaning: str
    run: Callable[[Settings, argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = no_arguments


def set_up(settings: Settings) -> None:
    """Configure logs and load the apps."""
    import django

    from parvis.config import logs

    logs.configure(settings)
    django.setup()
