"""`parvis doctor`: what is well and what is not, each with what to do."""

from __future__ import annotations

import argparse

from parvis.config import checkup, database
from parvis.config.commands.subcommand import set_up
from parvis.foundation.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print one line per finding; fail when something is broken."""
    set_up(settings)
    with database.available(settings):
        findings = list(checkup.examine(settings))
    for finding in findings:
        print(f"{finding.sign}  {finding.subject}: {finding.text}")
    return 1 if any(finding.is_broken for finding in findings) else 0
