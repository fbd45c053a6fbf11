"""The server of the journeys, for programs."""

from __future__ import annotations

import pytest
from django.db import connections

from tests.journeys.conftest import House, house, server_port
from tests.patience import nobody_answers, tireless

__all__ = ["house", "nobody_answers", "server_port", "tireless"]


@pytest.fixture
def kept_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's threads keep their connections, as in production: a new one costs more than most answers."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", None)


@pytest.fixture
def tireless_house(tireless: None, kept_connections: None, house: House) -> House:
    """The server, without a limit that a test would reach."""
    return house
