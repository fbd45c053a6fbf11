"""The server of the journeys, for programs."""

from __future__ import annotations

import dataclasses

import pytest
from django.conf import LazySettings

from tests.journeys.conftest import House, house, server_port

__all__ = ["house", "server_port"]


@pytest.fixture
def tireless_house(house: House, settings: LazySettings) -> House:
    """The server, without a limit that a test would reach."""
    settings.PARVIS = dataclasses.replace(settings.PARVIS, api_calls_per_minute=1_000_000)
    return house
