"""Writing: once, with history, with tombstones, and only where one may."""

from __future__ import annotations

from uuid import uuid4

import pytest

from parvis.content import actions
from parvis.content.models import Bookmark, Entry, Mention, Revision, ThreadFollow
from parvis.foundation.errors import Conflict, Forbidden, Invalid
from parvis.foundation.richtext import mention_source
from parvis.spaces import actions as spaces
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_same_id_twice_is_one_entry(world: World) -> None:
    entry_id = uuid4()
    with world.bound():
        first = actions.publish(author=world.bob, space=world.lounge, body="one", id=entry_id)
        again = actions.publish(author=world.bob, space=world.lounge, body="one", id=entry_id)
        assert first.id == again.id == entry_id
        replies = [actions.reply(author=world.bob, to=first, body="r", id=(rid := uuid4()))]
        replies += [actions.reply(author=world.bob, to=first, body="r", id=rid)]
        assert replies[0].id == replies[1].id
        first.refresh_from_db()
        assert first.reply_count == 1


@pytest.mark.parametrize("taken", ["twin post", "cellar post", "lounge post"])
def test_an_id_of_somebody_elses_entry_gets_the_same_answer_everywhere(world: World, taken: str) -> None:
    with world.bound(), pytest.raises(Invalid) as caught:
        actions.publish(author=world.bob, space=world.lounge, body="x", id=world.entries[taken].id)
    assert list(caught.value.errors) == ["id"]


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("dan", "lounge"),
        ("bob", "bulletin"),
        ("grace", "lounge"),
        ("alice", "cellar"),
        ("alice", "attic"),
        ("sam", "lounge"),
    ],
)
def test_one_posts_only_where_one_may(world: World, name: str, space: str) -> None:
    with world.bound(), pytest.raises(Forbidden):
        actions.publish(author=getattr(world, name), space=getattr(world, space), body="x")


def test_a_member_comments_where_only_hosts_post_and_a_guest_in_their_project(world: World) -> None:
    with world.bound():
        actions.reply(author=world.bob, to=world.entries["bulletin post"], body="thanks")
        actions.reply(author=world.grace, to=world.entries["project post"], body="from outside")


def test_a_guest_cannot_reply_in_an_open_space(world: World) -> None:
    with world.bound(), pytest.raises(Forbidden):
        actions.reply(author=world.grace, to=world.entries["lounge post"], body="x")


@pytest.mark.parametrize("body", ["", "   ", "\n\n"])
def test_an_empty_text_is_refused(world: World, body: str) -> None:
    with world.bound(), pytest.raises(Invalid):
        actions.publish(author=world.bob, space=world.lounge, body=body)


def test_an_edit_keeps_what_was_said_and_a_stale_one_loses_nothing(world: World) -> None:
    with world.bound():
        entry = actions.publish(author=world.bob, space=world.lounge, body="first")
        actions.edit_entry(editor=world.bob, entry=entry, body="second", expected_version=1)
        assert [revision.body for revision in Revision.objects.filter(entry=entry)] == ["first"]
        with pytest.raises(Conflict) as caught:
            actions.edit_entry(editor=world.bob, entry=entry, body="third", expected_version=1)
        assert caught.value.current.body == "second"


def test_only_the_author_edits_and_a_host_may_delete(world: World) -> None:
    with world.bound():
        entry = actions.publish(author=world.bob, space=world.lounge, body="x")
        with pytest.raises(Forbidden):
            actions.edit_entry(editor=world.alice, entry=entry, body="y", expected_version=1)
        with pytest.raises(Forbidden):
            actions.delete_entry(actor=world.max, entry=entry)
        actions.delete_entry(actor=world.alice, entry=entry)


def test_a_tombstone_holds_no_text_and_undo_brings_it_back(world: World) -> None:
    with world.bound():
        entry = actions.publish(author=world.bob, space=world.lounge, title="T", body="text **bold**")
        actions.delete_entry(actor=world.bob, entry=entry)
        row = Entry.objects.get(pk=entry.pk)
        assert (row.title, row.body, row.body_html, row.body_text) == ("", "", "", "")
        assert not Entry.objects.visible_to(world.bob).filter(pk=entry.pk).exists()
        actions.restore_entry(actor=world.bob, entry=row)
        row = Entry.objects.get(pk=entry.pk)
        assert (row.title, row.body, row.state) == ("T", "text **bold**", "published")
        assert "<strong>" in row.body_html


def test_deleting_and_restoring_a_comment_keeps_the_count_true(world: World) -> None:
    post = world.entries["lounge post"]
    with world.bound():
        comment = actions.reply(author=world.bob, to=post, body="x")
        counts = []
        for step in (None, actions.delete_entry, actions.restore_entry):
            if step is not None:
                step(actor=world.bob, entry=Entry.objects.select_related("space").get(pk=comment.pk))
            counts.append(Entry.objects.get(pk=post.pk).reply_count)
        assert counts == [2, 1, 2]


def test_only_readers_are_mentioned(world: World) -> None:
    with world.bound():
        names = [world.people[name] for name in ("bob", "dan", "alice")]
        body = " ".join(mention_source("person", person.id, person.full_name) for person in names)
        entry = actions.publish(author=world.chloe, space=world.cellar, body=body + " hello")
        assert not Mention.objects.filter(entry=entry).exists()
        assert "/people/" not in entry.body_html
        entry = actions.publish(author=world.chloe, space=world.lounge, body=body)
        assert Mention.objects.filter(entry=entry).count() == 3


def test_a_forged_name_in_a_mention_shows_the_true_one(world: World) -> None:
    with world.bound():
        entry = actions.publish(
            author=world.bob,
            space=world.lounge,
            body=mention_source("person", world.people["dan"].id, "The CEO"),
        )
        assert "The CEO" not in entry.body_html
        assert "Dan Field" in entry.body_html


@pytest.mark.parametrize("emoji", ["", "x", "<b>", "hello", "1", "😀" * 40, "' OR 1", "\x00"])
def test_only_an_emoji_is_a_reaction(world: World, emoji: str) -> None:
    with world.bound(), pytest.raises(Invalid):
        actions.react(person=world.bob, entry=world.entries["lounge post"], emoji=emoji)


@pytest.mark.parametrize("emoji", ["👍", "👩🏽‍🔧", "❤️", "1️⃣", ":tada:", "🇫🇷"])
def test_reacting_twice_is_once_and_can_be_taken_back(world: World, emoji: str) -> None:
    post = world.entries["lounge post"]
    with world.bound():
        actions.react(person=world.bob, entry=post, emoji=emoji)
        actions.react(person=world.bob, entry=post, emoji=emoji)
        assert Entry.objects.get(pk=post.pk).reaction_count == 1
        actions.take_back_reaction(person=world.bob, entry=post, emoji=emoji)
        actions.take_back_reaction(person=world.bob, entry=post, emoji=emoji)
        assert Entry.objects.get(pk=post.pk).reaction_count == 0


def test_marks_are_idempotent(world: World) -> None:
    post = world.entries["lounge post"]
    with world.bound():
        for _time in range(2):
            actions.bookmark(person=world.bob, entry=post)
            actions.mute_thread(person=world.bob, entry=post)
        assert Bookmark.objects.filter(person=world.people["bob"]).count() == 1
        assert ThreadFollow.objects.get(person=world.people["bob"], thread=post).level == "muted"
        actions.reply(author=world.bob, to=post, body="still muted")
        assert ThreadFollow.objects.get(person=world.people["bob"], thread=post).level == "muted"


def test_only_a_host_pins_and_only_roots(world: World) -> None:
    with world.bound():
        with pytest.raises(Forbidden):
            actions.pin(actor=world.bob, entry=world.entries["lounge post"])
        with pytest.raises(Forbidden):
            actions.pin(actor=world.alice, entry=world.entries["lounge comment"])
        actions.pin(actor=world.alice, entry=world.entries["lounge post"])


def test_nothing_is_written_in_an_archived_space(world: World) -> None:
    post = world.entries["attic post"]
    with world.bound():
        for attempt in (
            lambda: actions.reply(author=world.alice, to=post, body="x"),
            lambda: actions.react(person=world.alice, entry=post, emoji="👍"),
            lambda: actions.edit_entry(editor=world.alice, entry=post, body="y", expected_version=1),
        ):
            post.space = world.attic
            with pytest.raises(Forbidden):
                attempt()


def test_leaving_a_space_ends_reading_at_once(world: World) -> None:
    with world.bound():
        spaces.leave_space(person=world.bob, space=world.project)
        assert not Entry.objects.visible_to(world.bob).filter(space=world.spaces["project"]).exists()
