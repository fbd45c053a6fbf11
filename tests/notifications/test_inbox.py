"""One line per person and thread; nobody hears of what they cannot read."""

from __future__ import annotations

import pytest

from parvis.content import actions as content
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.richtext import mention_source
from parvis.notifications import actions
from parvis.notifications.queries import inbox, unread_count
from parvis.spaces import actions as spaces
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet(world: World) -> World:
    """The world with nothing waiting: what its making recorded has been handled and read."""
    run_pending_jobs()
    with world.bound():
        for name in ("alice", "bob", "chloe", "dan", "max", "grace"):
            actions.mark_all_read(person=getattr(world, name))
    return world


def _mention(world: World, name: str) -> str:
    person = world.people[name]
    return mention_source("person", person.id, person.full_name)


def test_replies_to_my_thread_are_one_line_with_who_and_how_many(quiet: World) -> None:
    with quiet.bound():
        for name in ("bob", "chloe", "bob"):
            content.reply(author=getattr(quiet, name), to=quiet.entries["lounge post"], body=f"From {name}")
    run_pending_jobs()
    with quiet.bound():
        lines, _next = inbox(quiet.alice)
        assert [line.notification.unread_count for line in lines if line.notification.is_unread] == [3]
        assert [person.full_name for person in lines[0].actors] == ["Bob Dupont", "Chloé Élan"]
        assert unread_count(quiet.bob) == 1  # Chloé's reply, in a thread he took part in by then
        assert unread_count(quiet.dan) == 0


def test_a_mention_reaches_only_who_can_read(quiet: World) -> None:
    with quiet.bound():
        body = f"{_mention(quiet, 'bob')} {_mention(quiet, 'alice')} {_mention(quiet, 'dan')} look"
        content.publish(author=quiet.chloe, space=quiet.cellar, body=body)
        content.publish(author=quiet.chloe, space=quiet.lounge, body=f"{_mention(quiet, 'dan')} hello")
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.bob) == 0
        assert unread_count(quiet.alice) == 0
        assert unread_count(quiet.dan) == 1


def test_nobody_hears_of_what_they_did_themselves(quiet: World) -> None:
    with quiet.bound():
        content.reply(
            author=quiet.alice, to=quiet.entries["lounge post"], body=f"me {_mention(quiet, 'alice')}"
        )
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.alice) == 0


def test_a_muted_thread_is_silent_but_for_a_mention(quiet: World) -> None:
    post = quiet.entries["lounge post"]
    with quiet.bound():
        content.mute_thread(person=quiet.alice, entry=post)
        content.reply(author=quiet.bob, to=post, body="noise")
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.alice) == 0
        content.reply(author=quiet.bob, to=post, body=f"{_mention(quiet, 'alice')}!")
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.alice) == 1


def test_reading_in_one_window_reads_in_all_and_a_new_reply_begins_anew(quiet: World) -> None:
    post = quiet.entries["lounge post"]
    with quiet.bound():
        content.reply(author=quiet.bob, to=post, body="one")
    run_pending_jobs()
    with quiet.bound():
        actions.mark_read(person=quiet.alice, subject=f"thread:{post.id}")
        assert unread_count(quiet.alice) == 0
        content.reply(author=quiet.bob, to=post, body="two")
    run_pending_jobs()
    with quiet.bound():
        lines, _next = inbox(quiet.alice)
        assert lines[0].notification.unread_count == 1


def test_handlers_that_run_twice_count_once(quiet: World) -> None:
    from parvis.content.events import ReplyPublished
    from parvis.notifications.notifications import tell_the_thread

    post = quiet.entries["lounge post"]
    with quiet.bound():
        reply = content.reply(author=quiet.bob, to=post, body="one")
        event = ReplyPublished(
            entry_id=reply.id,
            space_id=reply.space_id,
            thread_id=post.id,
            reply_to_id=post.id,
            author_name="Bob",
            actor_id=reply.author_id,
        )
        tell_the_thread(event)
        tell_the_thread(event)
        lines, _next = inbox(quiet.alice)
        assert lines[0].notification.unread_count == 1


def test_losing_access_takes_the_line_and_its_count_away(quiet: World) -> None:
    with quiet.bound():
        content.publish(author=quiet.alice, space=quiet.project, body=f"{_mention(quiet, 'bob')} secret")
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.bob) == 1
        spaces.remove_member(actor=quiet.alice, space=quiet.project, person=quiet.bob)
        assert unread_count(quiet.bob) == 0
        assert not [line for line in inbox(quiet.bob)[0] if line.notification.is_unread]


def test_hosts_hear_of_requests_and_applicants_of_answers(quiet: World) -> None:
    with quiet.bound():
        request = spaces.request_to_join(person=quiet.dan, space=quiet.project, message="Please")
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.alice) == 1
        assert unread_count(quiet.bob) == 0
        spaces.answer_request(actor=quiet.alice, request=request, is_accepted=True)
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.dan) == 1
