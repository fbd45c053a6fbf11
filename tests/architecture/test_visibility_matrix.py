"""Every person × every item × every read path, compared with a naive oracle."""

from __future__ import annotations

import pytest

from parvis.content.models import Entry
from tests.architecture import page_paths  # noqa: F401 - its paths join the list
from tests.architecture.oracle import (
    VIEWERS,
    may_know_space,
    may_read_entry,
    may_read_space,
    may_read_unpublished,
)
from tests.architecture.read_paths import COMPLETE, ENTRY_PATHS, SPACE_PATHS
from tests.world import World

pytestmark = pytest.mark.django_db

# These show names of closed spaces too, which is all that the oracle's second rule allows.
SHOW_NAMES = {"spaces to discover", "search for spaces", "reporting a space", "suggested spaces"}
SHOW_A_PART = {"my spaces", "reporting a space", "suggested spaces"}


@pytest.mark.parametrize("viewer_name", VIEWERS)
@pytest.mark.parametrize("path_name", ENTRY_PATHS)
def test_no_path_shows_an_entry_that_the_viewer_may_not_read(
    world: World, path_name: str, viewer_name: str
) -> None:
    with world.bound():
        viewer = _viewer(world, viewer_name)
        shown = ENTRY_PATHS[path_name](world, viewer)
        allowed = {entry.id for entry in world.entries.values() if may_read_entry(world, viewer, entry)}
        known = {entry.id for entry in world.entries.values()}
    assert (shown & known) <= allowed
    if path_name in COMPLETE:
        assert (shown & known) == allowed


@pytest.mark.parametrize("viewer_name", VIEWERS)
@pytest.mark.parametrize("path_name", SPACE_PATHS)
def test_no_path_shows_a_space_that_the_viewer_may_not_know(
    world: World, path_name: str, viewer_name: str
) -> None:
    with world.bound():
        viewer = _viewer(world, viewer_name)
        rule = may_know_space if path_name in SHOW_NAMES else may_read_space
        allowed = {space.id for space in world.spaces.values() if rule(world, viewer, space)}
        shown = SPACE_PATHS[path_name](world, viewer)
    assert shown <= allowed
    if path_name not in SHOW_A_PART:
        assert shown == allowed


def _viewer(world: World, name: str) -> object:
    person = world.people[name]
    if person.organization_id == world.organization.id:
        return getattr(world, name)
    return person


def test_the_world_is_varied_enough_to_prove_something(world: World) -> None:
    with world.bound():
        reading = {
            name: frozenset(
                key
                for key, entry in world.entries.items()
                if may_read_entry(world, _viewer(world, name), entry)
            )
            for name in VIEWERS
        }
    assert len(set(reading.values())) >= 5
    assert not reading["sam"]
    assert not reading["lea"]
    assert not reading["twin_bob"]
    assert "cellar post" not in reading["alice"]
    assert "cellar post" in reading["chloe"]
    assert reading["grace"] == {"project post", "project comment"}


@pytest.mark.parametrize("viewer_name", VIEWERS)
def test_what_is_not_published_is_its_authors_alone(world: World, viewer_name: str) -> None:
    with world.bound():
        viewer = _viewer(world, viewer_name)
        shown = {entry.id for entry in Entry.objects.unpublished_for(viewer)}
        entries = world.entries.values()
        assert shown == {entry.id for entry in entries if may_read_unpublished(world, viewer, entry)}
