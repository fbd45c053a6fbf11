"""Announcements through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.foundation.jobs import run_pending_jobs
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


def test_one_is_announced_acknowledged_and_followed(world: World) -> None:
    alice, bob, dan = (Caller(world, name) for name in ("alice", "bob", "dan"))
    payload = {
        "space": str(world.spaces["everyone"].id),
        "title": "Gloves",
        "body": "Wear **them**.",
        "audience": [{"location": "lyon"}],
        "deadline": (timezone.now() + timedelta(days=3)).isoformat(),
        "reminder_days": [2, 5],
    }
    assert bob("POST", "/announcements", payload).status_code == 404
    made = alice("POST", "/announcements", payload)
    assert made.status_code == 201, made.content
    with world.bound():
        run_pending_jobs()
    entry = made.json()["entry"]
    [waiting] = bob("GET", "/announcements/waiting").json()["items"]
    assert waiting["is_for_me"] and waiting["acknowledgement"] is None and waiting["progress"] is None
    assert dan("GET", "/announcements/waiting").json() == {"items": []}
    address = f"/entries/{entry['id']}"
    kept = bob("PUT", f"{address}/acknowledgement", {"version": entry["version"]}).json()
    assert (kept["channel"], kept["version"]) == ("api", entry["version"])
    assert bob("PUT", f"{address}/acknowledgement", {"version": entry["version"]}).json() == kept
    assert dan("PUT", f"{address}/acknowledgement", {"version": entry["version"]}).status_code == 404
    assert alice("GET", f"{address}/announcement").json()["progress"] == {"acknowledged": 1, "total": 2}
    first = alice("GET", f"{address}/acknowledgements?limit=1").json()
    second = alice("GET", f"{address}/acknowledgements?limit=1&cursor={first['next']}").json()
    names = [page["items"][0]["person"]["full_name"] for page in (first, second)]
    assert names == ["Bob Dupont", "Chloé Élan"] and second["next"] == ""
    missing = alice("GET", f"{address}/acknowledgements?state=missing").json()["items"]
    assert [one["person"]["full_name"] for one in missing] == ["Chloé Élan"]
    for caller in (bob, dan):
        assert caller("GET", f"{address}/acknowledgements").status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"audience": [{"location": "Atlantis"}]}, "audience"),
        ({"deadline": "2020-01-01T08:00:00+01:00"}, "deadline"),
        ({"title": ""}, "title"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_remains(
    world: World, more: dict[str, object], field: str
) -> None:
    alice = Caller(world, "alice")
    payload = {"space": str(world.spaces["lounge"].id), "title": "Gloves", "body": "x", **more}
    answer = alice("POST", "/announcements", payload)
    assert answer.status_code == 422 and field in answer.json()["errors"]
    assert alice("GET", "/announcements/waiting").json() == {"items": []}
