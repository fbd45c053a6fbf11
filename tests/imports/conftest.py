"""Import small exports into the test world."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.imports.actions import run_import
from parvis.imports.archive import open_archive
from parvis.imports.models import ImportRun
from parvis.imports.slack.reader import SlackExport
from tests.imports.slack_export import zipped
from tests.world import World

ImportSlack = Callable[[dict[str, bytes]], ImportRun]


@pytest.fixture
def import_slack(world: World, tmp_path: Path) -> ImportSlack:
    """Import the files of a Slack export into the first organization."""

    def run(files: dict[str, bytes]) -> ImportRun:
        with open_archive(zipped(tmp_path / "slack.zip", files)) as archive:
            return run_import(organization=world.organization, source=SlackExport(archive))

    return run
