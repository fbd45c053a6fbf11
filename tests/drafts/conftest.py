"""Pages asked for as somebody of the cast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.browsing import Visitor, visit
from tests.world import World


@pytest.fixture
def visitor(world: World) -> Callable[[str], Visitor]:
    """Somebody of the cast with a browser: `visitor("bob").get("/")`."""
    return lambda name: visit(world, name, Client(SERVER_NAME="localhost"))
