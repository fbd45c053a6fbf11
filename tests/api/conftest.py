"""The server of the journeys, for programs."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import House, house, server_port
from tests.patience import nobody_answers, tireless

__all__ = ["house", "nobody_answers", "server_port", "tireless"]


@pytest.fixture
def tireless_house(tireless: None, house: House) -> House:
    """The server, without a limit that a test would reach."""
    return house
