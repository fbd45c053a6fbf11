"""Threads longer than a page: the newest comments first, earlier ones asked for, every comment at its own address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.content import actions, queries
from parvis.content.models import Entry
from parvis.content.queries import threads
from parvis.content.views.answers import shown_branch, top_branch
from tests.browsing import Visitor, text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db

COMMENT = re.compile(r'id="entry-([0-9a-f-]{36})"')


@pytest.fixture
def long(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """Twelve comments in the lounge, the fourth answered by the last, on pages of four."""
    monkeypatch.setattr(threads, "THREAD_PAGE", 4)
    start = timezone.now() - timedelta(hours=1)
    with world.bound():
        root = actions.publish(author=world.alice, space=world.lounge, body="A long story")
        comments: list[Entry] = []
        for number in range(12):
            to = comments[3] if number == 11 else root
            comments.append(actions.reply(author=world.bob, to=to, body=f"Comment number {number}."))
            Entry.objects.filter(pk=comments[-1].pk).update(published_at=start + timedelta(minutes=number))
    return comments


def _shown(visitor: Visitor, address: str, comments: list[Entry]) -> list[int]:
    numbers = {str(comment.id): number for number, comment in enumerate(comments)}
    found = [numbers[id] for id in COMMENT.findall(text_of(visitor.get(address))) if id in numbers]
    return sorted(found)


def _link(visitor: Visitor, address: str, label: str) -> str:
    page = text_of(visitor.get(address))
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*{label}', page, re.DOTALL)
    assert found, label
    return found[1].replace("&amp;", "&").partition("#")[0]


def test_the_newest_come_first_with_what_they_answer_and_the_rest_is_a_step_away(
    world: World, client: Client, long: list[Entry]
) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
    thread = f"/o/atelier/entries/{long[0].thread_id}"
    assert _shown(bob, thread, long) == [3, 8, 9, 10, 11]
    assert "Show later" not in text_of(bob.get(thread))
    earlier = _link(bob, thread, "Show earlier comments")
    assert _shown(bob, earlier, long) == [4, 5, 6, 7]
    first = _link(bob, earlier, "Show earlier comments")
    assert _shown(bob, first, long) == [0, 1, 2, 3]
    assert "Show earlier" not in text_of(bob.get(first))
    assert _shown(bob, _link(bob, first, "Show later comments"), long) == [4, 5, 6, 7]


def test_the_fragment_answers_as_the_page_and_refreshes_as_it_was_asked_for(
    world: World, client: Client, long: list[Entry]
) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
    fragment = f"/entries/{long[0].thread_id}/comments?around={long[5].id}"
    assert _shown(bob, fragment, long) == [3, 4, 5, 6, 7]
    assert f"comments?around={long[5].id}" in text_of(bob.get(fragment, fragment=True))


@pytest.mark.parametrize("number", [0, 5, 11])
def test_the_address_of_a_comment_leads_to_the_part_that_shows_it(
    world: World, client: Client, long: list[Entry], number: int
) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
    answer = bob.get(f"/entries/{long[number].id}")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#entry-{long[number].id}")
    assert number in _shown(bob, answer["Location"].partition("#")[0], long)


def test_a_marker_that_is_nonsense_or_of_another_thread_is_refused(
    world: World, client: Client, long: list[Entry]
) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
    thread = f"/entries/{long[0].thread_id}"
    other = world.entries["lounge comment"].id
    secret = world.entries["cellar comment"].id
    assert bob.get(f"{thread}?before=nonsense").status_code == 422
    for wrong in ("nonsense", other, secret):
        assert bob.get(f"{thread}?around={wrong}").status_code == 404


def test_a_comment_beyond_the_page_keeps_its_card_and_its_branch(world: World, long: list[Entry]) -> None:
    with world.bound():
        found = shown_branch(world.bob, queries.find_visible(world.bob, long[11].id))
        assert found is not None and found[1] == 1
        branch = top_branch(world.bob, queries.find_visible(world.bob, long[11].id))
        assert branch is not None and branch.entry.id == long[3].id


def test_a_title_keeps_the_no_break_spaces_of_french(world: World) -> None:
    with world.bound():
        post = actions.publish(
            author=world.bob, space=world.lounge, title="  Midi\u00a0:  on\nmange\u202f! ", body="x"
        )
    assert post.title == "Midi\u00a0: on mange\u202f!"
