"""The organization chart: renamed, moved, merged and removed without losing anybody."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.foundation.errors import Forbidden, Invalid
from parvis.people import actions
from parvis.people.models import Person, Unit
from parvis.people.queries import units_with_people
from tests.browsing import text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db


def _chart(world: World) -> dict[str, Unit]:
    """Plant > Foundry > Casting, and Office; Bob casts, Chloé is in the foundry, Dan in the office."""
    alice = world.alice
    units: dict[str, Unit] = {}
    for name, above in (("Plant", ""), ("Foundry", "Plant"), ("Casting", "Foundry"), ("Office", "")):
        units[name] = actions.set_unit(actor=alice, name=name, parent=units.get(above))
    for name, unit in (("bob", "Casting"), ("chloe", "Foundry"), ("dan", "Office")):
        Person.objects.filter(pk=world.people[name].pk).update(unit=units[unit])
    return units


def _counts() -> dict[str, tuple[int, int]]:
    return {place.unit.name: (place.own_count, place.total_count) for place in units_with_people()}


def test_each_unit_counts_its_people_and_those_below(world: World) -> None:
    with world.bound():
        _chart(world)
        assert _counts() == {"Plant": (0, 2), "Foundry": (1, 2), "Casting": (1, 1), "Office": (1, 1)}


def test_a_unit_is_renamed_and_moved_with_what_is_below(world: World, client: Client) -> None:
    with world.bound():
        units = _chart(world)
        alice = visit(world, "alice", client)
    path = f"/administration/units/{units['Foundry'].id}"
    assert 'value="Foundry"' in text_of(alice.get(path))
    answer = alice.post(path, {"name": " Forge ", "parent": str(units["Office"].id)})
    assert answer.status_code == 302
    with world.bound():
        assert _counts() == {"Plant": (0, 0), "Office": (1, 3), "Forge": (1, 2), "Casting": (1, 1)}
    trail = text_of(alice.get("/administration/audit"))
    assert "The unit Foundry is now called Forge." in trail


@pytest.mark.parametrize("target", ["Foundry", "Casting"])
def test_a_unit_is_never_part_of_itself(world: World, client: Client, target: str) -> None:
    with world.bound():
        units = _chart(world)
        for act in (actions.change_unit, actions.merge_unit):
            names = {"name": "Foundry", "parent": units[target]} if act is actions.change_unit else {}
            with pytest.raises(Invalid):
                act(actor=world.alice, unit=units["Foundry"], **(names or {"into": units[target]}))
        alice = visit(world, "alice", client)
    path = f"/administration/units/{units['Foundry'].id}"
    answer = alice.post(path, {"name": "Typed name", "parent": str(units[target].id)})
    assert answer.status_code == 422
    assert "Typed name" in text_of(answer)


def test_two_units_do_not_share_a_name(world: World) -> None:
    with world.bound():
        units = _chart(world)
        with pytest.raises(Invalid):
            actions.change_unit(actor=world.alice, unit=units["Office"], name="FOUNDRY", parent=None)
        actions.change_unit(actor=world.alice, unit=units["Office"], name="OFFICE", parent=None)


def test_merging_takes_everybody_along(world: World, client: Client) -> None:
    with world.bound():
        units = _chart(world)
        alice = visit(world, "alice", client)
    path = f"/administration/units/{units['Foundry'].id}/merger"
    for wrong in ("", "nonsense", str(units["Casting"].id)):
        assert alice.post(path, {"into": wrong}).status_code == 422
    assert alice.post(path, {"into": str(units["Office"].id)}).status_code == 302
    with world.bound():
        assert _counts() == {"Plant": (0, 0), "Office": (2, 3), "Casting": (1, 1)}


def test_removing_a_unit_gives_its_people_to_the_one_above(world: World, client: Client) -> None:
    with world.bound():
        units = _chart(world)
        alice = visit(world, "alice", client)
    assert alice.post(f"/administration/units/{units['Foundry'].id}/removal").status_code == 302
    with world.bound():
        assert _counts() == {"Plant": (1, 2), "Casting": (1, 1), "Office": (1, 1)}
        actions.remove_unit(actor=world.alice, unit=units["Office"])
        assert world.dan.unit is None
    assert alice.get(f"/administration/units/{units['Foundry'].id}").status_code == 404


def test_only_administrators_change_the_chart(world: World, client: Client) -> None:
    with world.bound():
        units = _chart(world)
        for act, more in (
            (actions.change_unit, {"name": "X", "parent": None}),
            (actions.merge_unit, {"into": units["Office"]}),
            (actions.remove_unit, {}),
        ):
            with pytest.raises(Forbidden):
                act(actor=world.bob, unit=units["Foundry"], **more)
        bob = visit(world, "bob", client)
    for path in ("", "/merger", "/removal"):
        assert bob.post(f"/administration/units/{units['Foundry'].id}{path}").status_code == 404
