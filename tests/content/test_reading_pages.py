"""Pages and fragments of entries: who gets them, and what they show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parvis.content import actions
from parvis.content.models import Entry
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]

READING = ["", "/card", "/comments", "/conversation", "/history", "/reactions"]


def test_a_thread_shows_its_post_and_comments(world: World, visitor: Visit) -> None:
    page = visitor("bob").get(f"/entries/{world.entries['lounge post'].id}")
    assert page.status_code == 200
    assert "News of lounge" in text_of(page)
    assert "A walrus comment in lounge" in text_of(page)


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("dan", "project post"),  # a closed space that he is not in
        ("grace", "lounge post"),  # a guest, invited elsewhere
        ("alice", "cellar post"),  # secret, and she is only the administrator
        ("bob", "hidden post"),  # taken out of sight
        ("bob", "staged post"),  # still being imported
        ("bob", "twin post"),  # another organization's
    ],
)
def test_what_one_may_not_read_does_not_exist(
    world: World, visitor: Visit, name: str, entry: str, path: str
) -> None:
    missing = visitor(name).get("/entries/00000000-0000-7000-8000-000000000000")
    answer = visitor(name).get(f"/entries/{world.entries[entry].id}{path}")
    assert (answer.status_code, missing.status_code) == (404, 404)
    assert "walrus" not in text_of(answer)


@pytest.mark.parametrize("path", READING)
def test_a_stranger_is_sent_to_sign_in(world: World, visitor: Visit, path: str) -> None:
    answer = visitor("stranger").get(f"/entries/{world.entries['lounge post'].id}{path}")
    assert answer.status_code == 302
    assert "/account/sign-in" in answer["Location"]


def test_comments_follow_each_other_in_a_conversation(world: World, visitor: Visit) -> None:
    post, comment = world.entries["lounge post"], world.entries["lounge comment"]
    with world.bound():
        answer = actions.reply(author=world.alice, to=comment, body="Further down")
        later = actions.reply(author=world.bob, to=post, body="And later")
    page = text_of(visitor("bob").get(f"/entries/{post.id}/conversation"))
    places = [page.index(f'id="entry-{shown.id}"') for shown in (comment, answer, later)]
    assert places == sorted(places)
    assert 'class="comment__replies"' not in page
    assert f"to {comment.author.full_name}" in page
    # What refreshes it stays in line, and the address of a comment leads to that of its post.
    assert "flow=line" in page
    elsewhere = visitor("bob").get(f"/entries/{comment.id}/conversation")
    assert elsewhere["Location"] == f"/o/atelier/entries/{post.id}/conversation"


def test_a_guest_reads_what_they_were_invited_to(world: World, visitor: Visit) -> None:
    assert visitor("grace").get(f"/entries/{world.entries['project post'].id}").status_code == 200


def test_the_address_of_a_comment_leads_to_its_place_in_the_thread(world: World, visitor: Visit) -> None:
    comment = world.entries["lounge comment"]
    answer = visitor("bob").get(f"/entries/{comment.id}")
    assert answer["Location"] == f"/o/atelier/entries/{world.entries['lounge post'].id}#entry-{comment.id}"


def test_a_deleted_post_still_holds_its_comments(world: World, visitor: Visit) -> None:
    page = text_of(visitor("bob").get(f"/entries/{world.entries['deleted post'].id}"))
    assert "A deleted walrus" not in page
    assert "A comment on a deleted walrus" in page


def test_the_card_in_a_feed_shows_the_newest_comment_in_one_line(world: World, visitor: Visit) -> None:
    card = text_of(visitor("bob").get(f"/entries/{world.entries['lounge post'].id}/card", fragment=True))
    assert card.strip().startswith("<article")
    assert "A walrus comment in lounge" in card
    whole = text_of(
        visitor("bob").get(f"/entries/{world.entries['lounge post'].id}/card?place=thread", fragment=True)
    )
    assert "A walrus comment in lounge" not in whole


def test_the_page_includes_the_very_fragment_that_its_address_answers(world: World, visitor: Visit) -> None:
    bob, post = visitor("bob"), world.entries["lounge post"].id
    page = text_of(bob.get(f"/entries/{post}"))
    comments = text_of(bob.get(f"/entries/{post}/comments", fragment=True))
    assert "entry-" in comments
    for line in comments.splitlines():
        if "walrus" in line:
            assert line.strip() in page


def test_history_shows_what_went_and_what_came(world: World, visitor: Visit) -> None:
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, body="The pump is loud")
        actions.edit_entry(editor=world.bob, entry=post, body="The pump is quiet", expected_version=1)
    page = text_of(visitor("chloe").get(f"/entries/{post.id}/history"))
    assert "<del>" in page
    assert "loud" in page
    assert "<ins>" in page
    assert "quiet" in page


def test_who_reacted_is_listed_by_emoji(world: World, visitor: Visit) -> None:
    post = world.entries["lounge post"]
    with world.bound():
        actions.react(person=world.chloe, entry=post, emoji="🎉")
    page = text_of(visitor("bob").get(f"/entries/{post.id}/reactions"))
    assert "🎉" in page
    assert "Chloé Élan" in page


def test_nothing_that_was_typed_becomes_markup(world: World, visitor: Visit) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) hx-get="/x"'
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, title=hostile[:190], body=hostile)
        actions.reply(author=world.bob, to=post, body=hostile)
    for path in (f"/entries/{post.id}", "/", f"/entries/{post.id}/card"):
        page = text_of(visitor("chloe").get(path))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


def test_a_thread_of_any_depth_can_be_read(world: World, visitor: Visit) -> None:
    with world.bound():
        entry: Entry = actions.publish(author=world.bob, space=world.lounge, body="Root")
        root = entry
        for depth in range(120):
            entry = actions.reply(author=world.bob, to=entry, body=f"Depth {depth}.")
    page = visitor("chloe").get(f"/entries/{root.id}")
    assert page.status_code == 200
    assert "Depth 119." in text_of(page)
