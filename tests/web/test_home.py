"""Home: what matters to me, and all that I may read."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable
from uuid import UUID

import pytest

from parvis.content.actions import publish
from parvis.content.streaming import FIRST_CARDS
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def test_home_shows_the_threads_of_my_spaces(visitor: Visit) -> None:
    page = visitor("bob").get("/")
    assert page.status_code == 200
    assert "News of lounge" in text_of(page)
    assert "News of cellar" not in text_of(page)


@pytest.mark.parametrize("path", ["/", "/all", "/bookmarks", "/notifications", "/suggestions"])
@pytest.mark.parametrize("name", ["alice", "dan", "grace"])
def test_every_page_of_home_answers(visitor: Visit, path: str, name: str) -> None:
    assert visitor(name).get(path).status_code == 200


def test_a_stranger_is_sent_to_sign_in(visitor: Visit) -> None:
    answer = visitor("stranger").get("/")
    assert answer.status_code == 302
    assert "/account/sign-in" in answer["Location"]


MOST_ELEMENTS, MOST_ICONS, MOST_BYTES = 1_000, 130, 20_000


def test_home_of_a_full_house_stays_light_for_a_phone(world: World, visitor: Visit) -> None:
    """What a page holds is laid out before its first card is seen: eight cards come at once, the rest is fetched."""
    with world.bound():
        for number in range(12):
            publish(author=world.chloe, space=world.lounge, title=f"Title {number}", body="Some words. " * 30)
    page = visitor("bob").get("/").content.decode()
    # What only browsers without scripts read, others take for a text.
    shown = re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)
    assert shown.count("data-card") == FIRST_CARDS
    assert len(re.findall(r"<[a-z]", shown)) <= MOST_ELEMENTS
    assert shown.count("<use") <= MOST_ICONS
    assert len(gzip.compress(page.encode())) <= MOST_BYTES


def test_the_second_page_of_home_is_longer_and_nothing_is_left_out(world: World, visitor: Visit) -> None:
    with world.bound():
        written = {
            publish(author=world.chloe, space=world.lounge, body=f"Words {number}").id for number in range(30)
        }
    bob, found = visitor("bob"), []
    address = "/"
    while address:
        page = bob.get(address).content.decode()
        found += re.findall(r'id="entry-([0-9a-f-]{36})" data-card', page)
        following = re.search(r'<div class="more"><a[^>]* href="([^"]+)"', page)
        address = (
            html.unescape(following[1]).removeprefix(f"/o/{world.organization.slug}") if following else ""
        )
    assert len(found) == len(set(found))
    assert written <= {UUID(id) for id in found}
