"""Search through the API: the same rights, a cursor that neither repeats nor skips."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.content import actions as content
from parvis.search.actions import index_organization
from tests.api.callers import Caller
from tests.world import World

# The same in every worker: the tests are named after it.
UNKNOWN = "0190a000-0000-7000-8000-000000000000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    with world.bound():
        index_organization()
    return Caller(world, "bob")


def test_each_kind_is_answered_in_its_place(world: World, bob: Caller) -> None:
    found = bob("GET", "/search?q=lounge walrus").json()
    assert found["entries"][0]["id"] == found["hits"][0]["entry_id"]
    assert "<mark>walrus</mark>" in found["hits"][0]["snippet"].lower()
    assert [space["name"] for space in bob("GET", "/search?q=lounge&kind=spaces").json()["spaces"]] == [
        "Lounge"
    ]
    assert [person["full_name"] for person in bob("GET", "/search?q=fild").json()["people"]] == ["Dan Field"]
    assert bob("GET", "/search?q=walruss").json()["corrected"] == "walrus"


def test_pages_neither_repeat_nor_skip_while_more_is_written(world: World, bob: Caller) -> None:
    with world.bound():
        written = {
            str(content.publish(author=world.bob, space=world.lounge, body=f"zeppelin {n}").id)
            for n in range(7)
        }
    seen: list[str] = []
    cursor = ""
    while True:
        page = bob("GET", f"/search?q=zeppelin&kind=entries&limit=3&cursor={cursor}").json()
        seen += [entry["id"] for entry in page["entries"]]
        cursor = page["next"]
        if not cursor:
            break
        with world.bound():
            content.publish(author=world.bob, space=world.lounge, body="zeppelin, later")
    assert len(seen) == len(set(seen)) and set(seen) == written


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=x&cursor=nonsense", 422),
        ("q=x&cursor=MXwy", 422),
        ("q=x&since=soon", 422),
        ("q=x&since=477730", 422),
        ("q=", 422),
        (f"q={'a' * 201}", 422),
        ("q=x&kind=<b>", 422),
        (f"q=x&space={UNKNOWN}", 404),
        (f"q=x&author={UNKNOWN}", 200),
        ("q=x&since=2020-01-01T00:00:00&until=2030-01-01T00:00:00Z&has_file=true", 200),
        ("q=%00", 200),
        ("q=%22%22%20-%20-", 200),
    ],
)
def test_what_is_asked_wrongly_is_said(bob: Caller, query: str, status: int) -> None:
    assert bob("GET", f"/search?{query}").status_code == status


def test_a_space_that_is_not_mine_is_not_there(world: World, bob: Caller) -> None:
    def ask(name: str) -> Any:
        return bob("GET", f"/search?q=walrus&space={world.spaces[name].id}")

    assert ask("lounge").status_code == 200
    assert ask("cellar").status_code == 404


def test_a_search_is_kept_found_while_typing_and_forgotten(world: World) -> None:
    bob = Caller(world, "bob")
    kept = bob("POST", "/searches", {"name": "Pumps", "q": "pump", "has_file": True, "since": "2026-01-31"})
    assert kept.status_code == 201
    assert kept.json()["query"] == "q=pump&since=2026-01-31&has_file=on"
    assert [row["name"] for row in bob("GET", "/searches").json()["items"]] == ["Pumps"]
    assert Caller(world, "chloe")("GET", "/searches").json()["items"] == []
    suggested = bob("GET", "/search/suggestions?q=pum").json()
    assert [row["name"] for row in suggested["saved"]] == ["Pumps"]
    assert bob("POST", "/searches", {"name": " "}).status_code == 422
    for _twice in range(2):
        assert bob("DELETE", f"/searches/{kept.json()['id']}").status_code == 204
    assert bob("GET", "/searches").json()["items"] == []
