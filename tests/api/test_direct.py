"""Reads that pass Django by say what Django says, or nothing."""

from __future__ import annotations

import pytest

from parvis.api import direct
from parvis.api.tokens import revoke_token
from tests.api.callers import Caller
from tests.api.directly import scope_of
from tests.world import World

pytestmark = pytest.mark.django_db


def answer(caller: Caller, path: str, **headers: str) -> direct.Answer | None:
    """Ask past Django."""
    asked = direct.asked_by(scope_of(path, **{"secret": caller.secret, **headers}))
    return direct.answer_to(asked) if asked is not None else None


def paths(world: World) -> list[str]:
    """Return every read that may pass Django by, for everything there is."""
    entries = [f"/entries/{entry.id}" for entry in world.entries.values()]
    spaces = [f"/spaces/{space.id}/entries?limit=3" for space in world.spaces.values()]
    threads = [f"{entry}/thread" for entry in entries]
    return ["/feed", "/feed?limit=2", "/feed?scope=all&limit=100", *spaces, *entries, *threads]


@pytest.mark.parametrize("name", ["alice", "bob", "chloe", "dan", "grace"])
def test_both_ways_give_one_answer(world: World, name: str) -> None:
    caller = Caller(world, name)
    for path in paths(world):
        plain = caller("GET", f"/o/atelier/api/v1{path}")
        direct_answer = answer(caller, path)
        if plain.status_code != 200:
            assert direct_answer is None, path
            continue
        assert direct_answer is not None, path
        assert direct_answer.status == 200
        assert direct.msgspec.json.decode(direct_answer.body) == plain.json(), path


def test_a_page_leads_to_the_next_in_either_way(world: World) -> None:
    caller = Caller(world, "alice")
    following = caller("GET", "/o/atelier/api/v1/feed?limit=1").json()["next"]
    plain = caller("GET", f"/o/atelier/api/v1/feed?limit=1&cursor={following}").json()
    direct_answer = answer(caller, f"/feed?limit=1&cursor={following}")
    assert direct_answer is not None
    assert direct.msgspec.json.decode(direct_answer.body) == plain


def test_an_answer_that_is_known_is_not_sent_again_and_says_what_is_left(world: World) -> None:
    caller = Caller(world, "bob")
    first = answer(caller, "/feed")
    assert first is not None
    headers = dict(first.headers)
    assert b"ratelimit" in headers
    again = answer(caller, "/feed", **{"if-none-match": headers[b"etag"].decode()})
    assert again is not None
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/feed?limit=0", "/feed?limit=101", "/feed?scope=other", "/feed?more=1", "/feed?cursor=%00", "/me"],
)
def test_what_is_odd_is_left_to_django(world: World, path: str) -> None:
    assert answer(Caller(world, "bob"), path) is None


def test_who_may_not_is_left_to_django(world: World) -> None:
    caller = Caller(world, "bob")
    assert answer(caller, "/feed", secret="parvis_nothing") is None
    assert answer(caller, "/feed", secret="") is None
    assert answer(caller, "/feed", slug="jumeau") is None
    assert answer(caller, "/feed", slug="nowhere") is None
    assert answer(caller, "/feed", **{"x-parvis-organization": "jumeau"}) is None
    assert answer(Caller(world, "bob", scopes=("write",)), "/feed") is None


def test_a_revoked_token_opens_nothing_from_the_next_request_on(world: World) -> None:
    caller = Caller(world, "bob")
    assert answer(caller, "/feed") is not None
    with world.bound():
        revoke_token(person=world.bob, token=caller.token)
    assert answer(caller, "/feed") is None
