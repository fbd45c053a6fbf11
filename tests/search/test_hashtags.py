"""A hashtag finds what carries it."""

from __future__ import annotations

import pytest

from parvis.content import actions
from parvis.search.queries import find_entries
from tests.world import World


@pytest.mark.django_db
def test_a_hashtag_finds_what_carries_it(world: World) -> None:
    with world.bound():
        bob = world.people["bob"]
        entry = actions.publish(
            author=bob, space=world.spaces["lounge"], title="", body="Vive le #télétravail !"
        )
        assert [found.id for found in find_entries(bob, "#télétravail")] == [entry.id]
