"""The report for staff representatives: totals of groups of five or more, of a month that is over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from parvis.content import actions as content
from parvis.foundation.tenancy import new_id
from parvis.people.actions import set_unit
from parvis.people.models import Person
from parvis.worktime import actions, report, urgency
from parvis.worktime.actions import Terms
from parvis.worktime.forms import USUAL
from parvis.worktime.models import GroupFigures
from tests.browsing import text_of, visit
from tests.world import World


def id_of(number: int) -> UUID:
    return UUID(int=number + 1)


@given(st.lists(st.integers(-1, 11), max_size=60), st.data())
def test_groups_do_not_overlap_and_are_five_or_more(units: list[int], data: st.DataObject) -> None:
    above = {unit: data.draw(st.integers(-1, unit - 1)) for unit in range(12)}
    parents = {id_of(unit): id_of(up) if up >= 0 else None for unit, up in above.items()}
    people = {id_of(100 + place): id_of(unit) if unit >= 0 else None for place, unit in enumerate(units)}
    groups = report.groups_of(people, parents)
    members = [person for group in groups.values() for person in group]
    assert all(len(group) >= report.SMALLEST_GROUP for group in groups.values())
    assert len(members) == len(set(members))
    assert set(members) == (set(people) if len(people) >= report.SMALLEST_GROUP else set())


@pytest.mark.django_db
def test_a_month_is_counted_once_when_it_is_over(world: World, client: Client) -> None:
    saturday, december = datetime(2026, 11, 21, 10, tzinfo=UTC), datetime(2026, 12, 2, 10, tzinfo=UTC)
    november = date(2026, 11, 1)
    with world.bound():
        with time_machine.travel(saturday, tick=False):
            terms = Terms(week=USUAL, urgent="everybody")
            actions.set_policy(actor=world.alice, terms=terms)
            content.publish(author=world.bob, space=world.lounge, body="On a Saturday")
            urgency.mark_urgent(sender=world.bob, about_id=new_id(), reason="The hall is flooding")
            report.count_held([(world.bob, 1), (world.bob, 1)])
            report.count_held([(world.chloe, 3)])
            report.close_month(november)
            assert not GroupFigures.objects.exists(), "it is not over"
        with time_machine.travel(december, tick=False):
            # One alone in a unit is counted with the others.
            unit = set_unit(actor=world.alice, name="Pumps")
            Person.objects.filter(pk=world.bob.pk).update(unit=unit)
            report.close_month(november)
            [figures] = report.figures_of(november)
            assert (figures.group, figures.people) == ("Others", 5)
            assert (figures.urgent_calls, figures.held_back) == (1, 5)
            outside = figures.written_outside
            assert outside >= 1
            content.publish(author=world.bob, space=world.lounge, body="Later")
            report.close_month(november)
            assert [row.written_outside for row in report.figures_of(november)] == [outside]
    assert visit(world, "bob", client).get("/working-time/report").status_code == 404
    with world.bound():
        actions.name_representative(actor=world.alice, person=world.chloe)
    chloe = visit(world, "chloe", client)
    assert "novembre 2026" in text_of(chloe.get("/working-time/report"))
    sheet = text_of(chloe.get("/working-time/report.csv?month=2026-11"))
    assert f"Others,5,{outside},1,5" in sheet and "Bob" not in sheet
