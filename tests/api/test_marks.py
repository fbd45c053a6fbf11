"""Bookmarks, pins, following, versions and reports through the API."""

from __future__ import annotations

import pytest

from parvis.moderation.models import Report
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    return Caller(world, "bob")


def test_an_entry_is_kept_for_later_by_oneself_alone(world: World, bob: Caller) -> None:
    post = world.entries["lounge post"].id
    assert bob("PUT", f"/entries/{post}/bookmark").status_code == 204
    assert [row["id"] for row in bob("GET", "/bookmarks").json()["items"]] == [str(post)]
    assert bob("GET", f"/entries/{post}").json()["is_bookmarked"]
    assert Caller(world, "chloe")("GET", "/bookmarks").json()["items"] == []
    assert bob("DELETE", f"/entries/{post}/bookmark").status_code == 204
    assert bob("GET", "/bookmarks").json()["items"] == []


def test_hosts_pin_and_others_are_refused(world: World, bob: Caller) -> None:
    post = world.entries["lounge post"].id
    assert bob("PUT", f"/entries/{post}/pin").status_code == 404
    alice = Caller(world, "alice")
    assert alice("PUT", f"/entries/{post}/pin").status_code == 204
    assert bob("GET", f"/entries/{post}").json()["pinned_at"]
    assert alice("DELETE", f"/entries/{post}/pin").status_code == 204
    assert bob("GET", f"/entries/{post}").json()["pinned_at"] is None


def test_a_thread_is_followed_and_muted(world: World, bob: Caller) -> None:
    post = world.entries["lounge post"].id
    assert bob("PUT", f"/entries/{post}/follow").status_code == 204
    assert bob("DELETE", f"/entries/{post}/follow").status_code == 204


def test_who_reacted_and_what_was_said_before(world: World, bob: Caller) -> None:
    made = bob("POST", "/entries", {"space": str(world.spaces["lounge"].id), "body": "First"}).json()
    path = f"/entries/{made['id']}"
    assert bob("GET", f"{path}/versions").json()["items"] == []
    bob("PATCH", path, {"version": made["version"], "body": "Second"})
    [before] = bob("GET", f"{path}/versions").json()["items"]
    assert (before["body"], before["editor"]["full_name"]) == ("First", "Bob Dupont")
    chloe = Caller(world, "chloe")
    chloe("PUT", f"{path}/reactions/👍")
    [reaction] = bob("GET", f"{path}/reactions").json()["items"]
    assert (reaction["person"]["full_name"], reaction["emoji"]) == ("Chloé Élan", "👍")
    assert bob("DELETE", path).status_code == 204
    assert bob("GET", f"{path}/versions").status_code == 404
    assert Caller(world, "dan")("PUT", f"{path}/restoration").status_code == 404
    assert bob("PUT", f"{path}/restoration").json()["body"] == "Second"


def test_what_is_wrong_is_told_to_the_moderators_once(world: World, bob: Caller) -> None:
    post, spam = world.entries["lounge post"].id, {"reason": "spam", "message": "Again"}
    chloe, lounge = world.people["chloe"].id, world.spaces["lounge"].id
    reporter = Caller(world, "dan")
    for _twice in range(2):
        assert reporter("POST", f"/entries/{post}/reports", spam).status_code == 204
    assert reporter("POST", f"/people/{chloe}/reports", {"reason": "pretending"}).status_code == 204
    assert reporter("POST", f"/spaces/{lounge}/reports", spam).status_code == 204
    assert reporter("POST", f"/spaces/{lounge}/reports", {"reason": "harassment"}).status_code == 422
    with world.bound():
        assert Report.objects.count() == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "bookmark"),
        ("PUT", "follow"),
        ("PUT", "pin"),
        ("GET", "reactions"),
        ("GET", "versions"),
        ("GET", "related"),
        ("PUT", "restoration"),
        ("DELETE", "preview"),
    ],
)
def test_what_one_may_not_read_looks_as_if_it_were_not_there(
    world: World, bob: Caller, method: str, path: str
) -> None:
    hidden = world.entries["cellar post"].id
    assert bob(method, f"/entries/{hidden}/{path}").status_code == 404
