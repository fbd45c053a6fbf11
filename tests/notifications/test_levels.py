"""People hear of what they want to hear of: by kind, by space, by thread; and the inbox says why."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.richtext import mention_source
from parvis.notifications import actions, notifications
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine, inbox, unread_count
from parvis.notifications.sentences import days_of, item_of
from parvis.people.models import Person
from parvis.spaces.models import Membership
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet(world: World) -> World:
    """The world with nothing in any inbox."""
    run_pending_jobs()
    with world.bound():
        Notification.objects.all().delete()
    return world


def mention(world: World, name: str) -> str:
    person = world.people[name]
    return mention_source("person", person.id, person.full_name)


def post(world: World, author: str = "bob", body: str = "News") -> Entry:
    with world.bound():
        return content.publish(author=getattr(world, author), space=world.lounge, body=body)


def answer(world: World, author: str, to: Entry, body: str = "Yes") -> Entry:
    with world.bound():
        return content.reply(author=getattr(world, author), to=to, body=body)


def lines_of(world: World, name: str) -> list[InboxLine]:
    run_pending_jobs()
    with world.bound():
        return inbox(getattr(world, name))[0]


def reasons_of(world: World, name: str) -> list[str]:
    return [line.notification.reason for line in lines_of(world, name)]


def sentences_of(world: World, name: str) -> list[str]:
    with world.bound():
        return [str(item_of(line).text) for line in lines_of(world, name)]


def level(world: World, name: str, chosen: str) -> None:
    with world.bound():
        actions.set_space_level(person=getattr(world, name), space=world.lounge, level=chosen)


@pytest.mark.parametrize(
    ("chosen", "hears_post", "hears_comment"),
    [("everything", True, True), ("posts", True, False), ("replies", False, False), ("", False, False)],
)
def test_a_space_is_heard_as_much_as_one_chose(
    quiet: World, chosen: str, hears_post: bool, hears_comment: bool
) -> None:
    level(quiet, "dan", chosen)
    news = post(quiet)
    assert reasons_of(quiet, "dan") == (["space"] if hears_post else [])
    with quiet.bound():
        actions.mark_all_read(person=quiet.dan)
    answer(quiet, "chloe", news)
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.dan) == int(hears_comment)


def test_many_are_told_in_turns_each_once_and_nobody_is_left_out(
    quiet: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "PEOPLE_AT_ONCE", 2)
    hearers = ["alice", "chloe", "dan", "max"]
    for name in hearers:
        level(quiet, name, "everything")
    news = post(quiet)
    run_pending_jobs()
    answer(quiet, "bob", news)
    run_pending_jobs()
    with quiet.bound():
        told = {name: unread_count(getattr(quiet, name)) for name in [*hearers, "bob"]}
        lines = Notification.objects.filter(subject=f"thread:{news.id}", unread_count=2)
        assert (told, lines.count()) == ({**dict.fromkeys(hearers, 1), "bob": 0}, 4)


def test_a_silent_space_is_silent_even_when_one_is_mentioned(quiet: World) -> None:
    level(quiet, "dan", "nothing")
    post(quiet, body=f"{mention(quiet, 'dan')}!")
    assert lines_of(quiet, "dan") == []


def test_a_level_brings_nothing_of_a_space_that_one_can_no_longer_read(quiet: World) -> None:
    with quiet.bound():
        Membership.objects.create(space=quiet.cellar, person=quiet.dan)
        actions.set_space_level(person=quiet.dan, space=quiet.cellar, level="everything")
        Membership.objects.filter(space=quiet.cellar, person=quiet.dan).delete()
        content.publish(author=quiet.chloe, space=quiet.cellar, body="Hush")
    assert lines_of(quiet, "dan") == []
    with quiet.bound(), pytest.raises(NotFound):
        actions.set_space_level(person=quiet.dan, space=quiet.cellar, level="posts")
    with quiet.bound(), pytest.raises(Invalid):
        actions.set_space_level(person=quiet.dan, space=quiet.lounge, level="loud")


def test_a_kind_that_is_turned_off_is_silent_and_on_again_is_heard(quiet: World) -> None:
    with quiet.bound():
        actions.choose_kind(person=quiet.dan, kind="mention", is_on=False)
    post(quiet, body=f"{mention(quiet, 'dan')}!")
    assert lines_of(quiet, "dan") == []
    with quiet.bound():
        actions.choose_kind(person=quiet.dan, kind="mention", is_on=True)
    post(quiet, body=f"{mention(quiet, 'dan')}!")
    assert reasons_of(quiet, "dan") == ["mention"]


def test_the_organization_decides_for_whoever_has_not_chosen(quiet: World) -> None:
    with quiet.bound():
        with pytest.raises(Forbidden):
            actions.set_default(actor=quiet.bob, kind="post", is_on=True)
        actions.set_default(actor=quiet.alice, kind="post", is_on=True)
        members = set(
            Membership.objects.filter(space=quiet.lounge).values_list("person__full_name", flat=True)
        )
        actions.choose_kind(person=quiet.chloe, kind="post", is_on=False)
    assert quiet.people["chloe"].full_name in members
    post(quiet)
    run_pending_jobs()
    with quiet.bound():
        told = Notification.objects.filter(reason="space").values_list("person__full_name", flat=True)
        active = Person.objects.filter(state="active").values_list("full_name", flat=True)
        assert set(told) == members & set(active) - {"Bob Dupont", quiet.people["chloe"].full_name}


def test_a_line_says_the_true_reason(quiet: World) -> None:
    news = post(quiet, "bob")
    first = answer(quiet, "chloe", news)
    answer(quiet, "alice", news)
    assert reasons_of(quiet, "bob") == ["own_thread"]
    assert reasons_of(quiet, "chloe") == ["reply"]
    with quiet.bound():
        actions.mark_all_read(person=quiet.chloe)
    answer(quiet, "bob", first)
    assert reasons_of(quiet, "chloe") == ["answer"]


def test_the_strongest_reason_stays_while_a_line_is_unread_and_says_who(quiet: World) -> None:
    news = post(quiet, "chloe")
    named = answer(quiet, "bob", news, f"{mention(quiet, 'chloe')} look")
    answer(quiet, "alice", news)
    [line] = lines_of(quiet, "chloe")
    assert (line.notification.reason, line.notification.entry_id, line.count) == ("mention", named.id, 2)
    [text] = sentences_of(quiet, "chloe")
    assert "Bob Dupont</strong> mentioned you" in text
    assert "1 more reply" in text


def test_somebody_who_acts_twice_is_one_face(quiet: World) -> None:
    news = post(quiet, "chloe")
    for _number in range(2):
        answer(quiet, "bob", news)
    [line] = lines_of(quiet, "chloe")
    assert ([person.full_name for person in line.actors], line.count) == (["Bob Dupont"], 2)


def test_an_event_that_is_handled_twice_counts_once(quiet: World) -> None:
    news = post(quiet, "chloe")
    reply = answer(quiet, "bob", news)
    with quiet.bound():
        for reason in ("reply", "own_thread"):
            actions.notify(
                recipients=[quiet.chloe.id],
                subject=f"thread:{news.id}",
                reason=reason,
                actor_id=quiet.bob.id,
                entry_id=reply.id,
            )
    assert [line.count for line in lines_of(quiet, "chloe")] == [1]


def test_what_was_deleted_is_neither_told_nor_counted(quiet: World) -> None:
    news = post(quiet, "chloe")
    first, second = answer(quiet, "bob", news), answer(quiet, "alice", news)
    assert [line.count for line in lines_of(quiet, "chloe")] == [2]
    with quiet.bound():
        content.delete_entry(actor=quiet.bob, entry=first)
    [line] = lines_of(quiet, "chloe")
    assert (line.count, line.notification.entry_id) == (1, second.id)
    assert [person.full_name for person in line.actors] == [quiet.people["alice"].full_name]
    with quiet.bound():
        content.delete_entry(actor=quiet.alice, entry=second)
    assert lines_of(quiet, "chloe") == []
    with quiet.bound():
        assert unread_count(quiet.chloe) == 0


def test_reactions_are_one_quiet_line_which_goes_with_the_last_of_them(quiet: World) -> None:
    news = post(quiet, "chloe")
    with quiet.bound():
        content.react(person=quiet.bob, entry=news, emoji="🎉")
        content.react(person=quiet.alice, entry=news, emoji="👍")
        content.react(person=quiet.alice, entry=news, emoji="🎉")
    [line] = lines_of(quiet, "chloe")
    assert {person.full_name for person in line.actors} == {"Bob Dupont", quiet.people["alice"].full_name}
    assert set(line.emojis) == {"🎉", "👍"}
    with quiet.bound():
        assert unread_count(quiet.chloe) == 0
        content.take_back_reaction(person=quiet.bob, entry=news, emoji="🎉")
        for emoji in ("🎉", "👍"):
            content.take_back_reaction(person=quiet.alice, entry=news, emoji=emoji)
    assert lines_of(quiet, "chloe") == []


def test_one_s_own_reaction_tells_nothing(quiet: World) -> None:
    news = post(quiet, "chloe")
    with quiet.bound():
        content.react(person=quiet.chloe, entry=news, emoji="🎉")
    assert lines_of(quiet, "chloe") == []


def test_a_line_can_call_again_and_is_read_in_every_window(quiet: World) -> None:
    news = post(quiet, "chloe")
    answer(quiet, "bob", news)
    assert len(lines_of(quiet, "chloe")) == 1
    with quiet.bound():
        subject = f"thread:{news.id}"
        actions.mark_read(person=quiet.chloe, subject=subject)
        assert unread_count(quiet.chloe) == 0
        actions.mark_unread(person=quiet.chloe, subject=subject)
        assert unread_count(quiet.chloe) == 1
    assert [line.count for line in lines_of(quiet, "chloe")] == [1]


def test_mentions_can_be_looked_at_alone(quiet: World) -> None:
    news = post(quiet, "chloe")
    answer(quiet, "bob", news)
    post(quiet, body=f"{mention(quiet, 'chloe')}!")
    assert len(lines_of(quiet, "chloe")) == 2
    with quiet.bound():
        assert [line.notification.reason for line in inbox(quiet.chloe, mentions_only=True)[0]] == ["mention"]


def test_lines_are_grouped_by_day_and_a_page_goes_on_with_its_day(quiet: World) -> None:
    post(quiet, body=f"{mention(quiet, 'dan')}!")
    lines = lines_of(quiet, "dan")
    with quiet.bound():
        [day] = days_of(lines)
        assert (day.name, day.is_continued) == ("Today", False)
        assert next(days_of(lines, after=day.date.isoformat())).is_continued


def test_telling_many_costs_as_many_statements_as_telling_few(quiet: World) -> None:
    with quiet.bound():
        crowd = Person.objects.bulk_create(
            Person(full_name=f"P {number}", sort_name=f"p {number}", state="active") for number in range(300)
        )
        statements = [_statements(crowd[:number], UUID(int=number)) for number in (2, 300)]
        assert statements[0] == statements[1]
        assert Notification.objects.count() == 302


def _statements(people: list[Person], subject: UUID) -> int:
    recipients = Person.objects.filter(id__in=[person.id for person in people])
    with CaptureQueriesContext(connection) as captured:
        actions.notify(recipients=recipients, subject=f"thread:{subject}", reason="space", actor_id=None)
    return len(captured)


def test_a_post_that_nobody_asked_to_hear_of_asks_for_no_work(quiet: World) -> None:
    post(quiet)
    assert run_pending_jobs() == 0
    level(quiet, "chloe", "posts")
    post(quiet)
    assert run_pending_jobs() > 0
