"""Nulls in an address: no page and no operation meets one."""

from __future__ import annotations

import pytest

from tests.abuse.addresses import browser
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["people", "spaces", "search", "administration/working-time/representatives", "administration/people"],
)
def test_a_search_for_a_null_is_a_search(world: World, path: str) -> None:
    answer = browser(world, "alice").get(f"/o/atelier/{path}?q=bo%00b")
    assert answer.status_code == 200
    assert 'value="bo\ufffdb"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/people?q=bo%00b", "/topics?q=a%00", "/search?q=bo%00b"])
def test_so_it_does_over_the_api(world: World, path: str) -> None:
    assert Caller(world, "alice")("GET", path).status_code == 200
