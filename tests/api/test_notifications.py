"""The inbox and its levels over the API."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.content import actions as content
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.models import Notification
from parvis.people.actions import set_unit
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    run_pending_jobs()
    with world.bound():
        Notification.objects.all().delete()
        mine = content.publish(author=world.bob, space=world.lounge, body="Mine")
        content.reply(author=world.chloe, to=mine, body="Yours")
    run_pending_jobs()
    return Caller(world, "bob")


def test_a_line_says_why_and_how_many(bob: Caller) -> None:
    page = bob("GET", "/notifications").json()
    [line] = page["items"]
    assert (line["reason"], line["why"], line["count"], page["unread"]) == (
        "own_thread",
        "You started this conversation.",
        1,
        1,
    )
    assert bob("GET", "/notifications?mentions=true").json()["items"] == []


def test_lines_are_marked_read_and_unread(world: World, bob: Caller) -> None:
    [line] = bob("GET", "/notifications").json()["items"]
    assert bob("PUT", f"/notifications/{line['id']}/read").json()["read_at"]
    assert bob("GET", "/notifications").json()["unread"] == 0
    assert bob("DELETE", f"/notifications/{line['id']}/read").json()["read_at"] is None
    for elsewhere in ("day=2001-01-01", "day=9999-12-31"):
        assert bob("PUT", f"/notifications/read?{elsewhere}").status_code == 204
    assert bob("PUT", "/notifications/read?day=0").status_code == 422
    hidden = world.spaces["cellar"].id
    assert bob("PUT", f"/notifications/read?space={hidden}").status_code == 422
    assert bob("GET", "/notifications").json()["unread"] == 1
    lounge = world.spaces["lounge"].id
    assert bob("PUT", f"/notifications/read?space={lounge}").status_code == 204
    assert bob("GET", "/notifications").json()["unread"] == 0
    assert bob("PUT", "/notifications/read").status_code == 204
    assert bob("GET", "/notifications?unread=true").json()["items"] == []


def test_kinds_and_levels_are_chosen(world: World, bob: Caller) -> None:
    assert bob("GET", "/notifications/kinds").json()["post"] is False
    # What its description calls a boolean is one.
    assert bob("PATCH", "/notifications/kinds", {"post": 1}).status_code == 422
    chosen = bob("PATCH", "/notifications/kinds", {"post": True}).json()
    assert (chosen["post"], chosen["mention"]) == (True, True)
    level = f"/spaces/{world.spaces['lounge'].id}/notification-level"
    assert bob("GET", level).json() == {"level": None}
    assert bob("PUT", level, {"level": "nothing"}).json() == {"level": "nothing"}
    assert bob("PUT", level, {"level": None}).json() == {"level": None}
    assert bob("PUT", level, {"level": "loud"}).status_code == 422
    assert bob("GET", f"/spaces/{world.spaces['cellar'].id}/notification-level").status_code == 404


def test_a_line_is_put_off_and_brought_back(bob: Caller) -> None:
    [line] = bob("GET", "/notifications").json()["items"]
    path = f"/notifications/{line['id']}/snooze"
    until = (timezone.now() + timedelta(days=1)).isoformat()
    assert bob("PUT", path, {"until": until}).json()["snoozed_until"] is not None
    assert bob("GET", "/notifications").json()["items"] == []
    assert len(bob("GET", "/notifications?later=true").json()["items"]) == 1
    assert bob("DELETE", path).json()["snoozed_until"] is None
    for wrong in ("2001-01-01T00:00:00Z", 20_000_000_000, "1900000000"):
        assert bob("PUT", path, {"until": wrong}).status_code == 422


def test_what_leaves_the_inbox_is_chosen(bob: Caller) -> None:
    said = bob(
        "PUT", "/notifications/choices", {"channel": "push", "kind": "mention", "when": "never"}
    ).json()
    [chosen] = [one for one in said["items"] if (one["channel"], one["kind"]) == ("push", "mention")]
    assert (chosen["when"], chosen["origin"]) == ("never", "person")
    assert (
        bob("PUT", "/notifications/choices", {"channel": "x", "kind": "mention", "when": None}).status_code
        == 422
    )
    assert bob("GET", "/notifications/devices").json() == {"items": []}
    assert bob("DELETE", f"/notifications/devices/{uuid4()}").status_code == 404


def test_administrators_decide_what_is_usual(world: World, bob: Caller) -> None:
    alice = Caller(world, "alice")
    with world.bound():
        unit = set_unit(actor=world.alice, name="Pumps")
    choice = {"channel": "push", "kind": "mention", "when": "never"}

    def when(caller: Caller, path: str) -> tuple[str, str]:
        items = caller("GET", path).json()["items"]
        [row] = [one for one in items if (one["channel"], one["kind"]) == ("push", "mention")]
        return row["when"], row["origin"]

    assert alice("PUT", "/notifications/usual", {**choice, "unit": str(unit.id)}).status_code == 200
    assert when(alice, f"/notifications/usual?unit={unit.id}") == ("never", "unit")
    assert when(alice, "/notifications/usual") == ("now", "")
    assert alice("PUT", "/notifications/usual", choice).status_code == 200
    assert when(bob, "/notifications/choices") == ("never", "organization")
    assert alice("PUT", "/notifications/usual", {**choice, "unit": str(uuid4())}).status_code == 422
    usual = alice("PATCH", "/notifications/kinds/usual", {"post": True}).json()
    assert usual["post"] is True and bob("GET", "/notifications/kinds").json()["post"] is True
    for method, path, data in (
        ("GET", "/notifications/usual", None),
        ("PUT", "/notifications/usual", choice),
        ("GET", "/notifications/kinds/usual", None),
        ("PATCH", "/notifications/kinds/usual", {"post": False}),
    ):
        assert bob(method, path, data).status_code == 404


def test_silence_is_asked_for_and_ended(world: World, bob: Caller) -> None:
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    lounge, path = str(world.spaces["lounge"].id), "/notifications/pauses"
    with world.bound():
        comment = str(world.entries["lounge comment"].id)
        thread = str(world.entries["lounge comment"].root_id)
    assert bob("POST", path, {"until": until, "entry": comment}).json()["thread_id"] == thread
    assert bob("POST", path, {"until": until, "space": lounge}).status_code == 201
    everything = bob("POST", path, {"until": until}).json()
    assert len(bob("GET", path).json()["items"]) == 3
    hidden = {"until": until, "space": str(world.spaces["cellar"].id)}
    for wrong in (hidden, {"until": until, "entry": str(uuid4())}, {"until": "2001-01-01T00:00:00Z"}):
        assert bob("POST", path, wrong).status_code == 422, wrong
    assert bob("POST", path, {"until": until, "space": lounge, "entry": comment}).status_code == 422
    assert Caller(world, "alice")("DELETE", f"{path}/{everything['id']}").status_code == 404
    assert bob("DELETE", f"{path}/{everything['id']}").status_code == 204
