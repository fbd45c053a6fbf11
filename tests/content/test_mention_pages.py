"""Whom one may mention: only people who can read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import Visitor
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def names(visitor: Visitor, space: object, text: str) -> list[str]:
    """Return who is suggested."""
    return [person["name"] for person in visitor.get(f"/entries/mentions?space={space}&q={text}").json()]


def test_members_come_first_and_accents_do_not_matter(world: World, visitor: Visit) -> None:
    lounge = world.spaces["lounge"].id
    assert names(visitor("bob"), lounge, "elan") == ["Chloé Élan"]
    assert names(visitor("bob"), lounge, "CHLO") == ["Chloé Élan"]
    everybody = names(visitor("bob"), lounge, "")
    assert everybody.index("Chloé Élan") < everybody.index("Dan Field")


def test_nobody_is_suggested_who_cannot_read_it(world: World, visitor: Visit) -> None:
    project = world.spaces["project"].id
    assert names(visitor("bob"), project, "") == ["Alice Martin", "Grace Guest"]
    for gone in ("sam", "lea", "ute"):
        assert names(visitor("bob"), world.spaces["everyone"].id, gone) == []


@pytest.mark.parametrize("space", ["cellar", "project", "twin_lounge"])
def test_a_space_that_one_cannot_read_suggests_nobody(world: World, visitor: Visit, space: str) -> None:
    assert names(visitor("dan"), world.spaces[space].id, "") == []
    assert visitor("dan").get("/entries/mentions?space=nonsense&q=%00").json() == []
