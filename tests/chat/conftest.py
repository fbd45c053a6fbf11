"""The cast in conversation."""

from __future__ import annotations

import pytest

from tests.chat.cast import Talk, make_talk
from tests.world import World


@pytest.fixture
def talk(world: World) -> Talk:
    """The conversations of the cast."""
    with world.bound():
        return make_talk(world)
