"""My working time over the API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from parvis.worktime import actions
from parvis.worktime.actions import Terms
from parvis.worktime.forms import USUAL
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


def test_hours_leave_and_when_one_is_back(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 10, tzinfo=UTC), tick=False):
        with world.bound():
            actions.set_policy(actor=world.alice, terms=Terms(week=USUAL, country="FR"), contract="Office")
            actions.assign_contract(
                actor=world.alice,
                person=world.bob,
                policy=actions.set_policy(actor=world.alice, terms=Terms(week=USUAL), contract="Office"),
            )
        bob = Caller(world, "bob")
        shown = bob("GET", "/working-time").json()
        assert (shown["is_off"], shown["policy"], shown["week"][5]) == (True, "Office", [])
        days = {"first_day": "2026-11-23", "last_day": "2026-11-24"}
        leave = bob("POST", "/working-time/leave", days).json()
        assert bob("GET", "/working-time").json()["returns_at"].startswith("2026-11-25T07:30")
        wrong = bob("POST", "/working-time/leave", {**days, "last_day": "2026-11-01"})
        assert wrong.status_code == 422
        Caller(world, "alice")("DELETE", f"/working-time/leave/{leave['id']}")
        assert len(bob("GET", "/working-time").json()["leave"]) == 1, "only one's own"
        assert bob("DELETE", f"/working-time/leave/{leave['id']}").status_code == 204
        assert bob("GET", "/working-time").json()["leave"] == []
