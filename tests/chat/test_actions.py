"""Talking: places without gaps, once each, by those who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.chat import actions, queries, wire
from parvis.chat.actions import MessageDraft
from parvis.chat.events import PeopleAddressed
from parvis.chat.handlers import rename_reactions
from parvis.chat.models import Message, MessageReaction, MessageRevision, Room, RoomMembership
from parvis.chat.notifications import tell_those_it_is_for
from parvis.emoji.events import EmojiRenamed
from parvis.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from parvis.foundation.richtext import mention_source
from parvis.notifications.queries import inbox
from parvis.spaces import actions as spaces
from tests.chat.cast import Talk, say
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_pair_has_one_conversation_whoever_begins_it(world: World, talk: Talk) -> None:
    with world.bound():
        assert actions.open_direct(viewer=world.chloe, person=world.bob).id == talk.rooms["pair"].id
        notes = actions.open_direct(viewer=world.bob, person=world.bob)
        assert notes.member_count == 1


def test_nobody_writes_to_whom_they_may_not_know(world: World, talk: Talk) -> None:
    with world.bound():
        with pytest.raises(NotFound):
            actions.open_direct(viewer=world.grace, person=world.dan)
        with pytest.raises(NotFound):
            actions.open_direct(viewer=world.bob, person=world.people["sam"])
        with pytest.raises(Invalid):
            actions.create_group(creator=world.bob, people=[uuid4()])


def test_places_have_no_gap_and_a_retry_says_it_once(world: World, talk: Talk) -> None:
    room, id = talk.rooms["group"], uuid4()
    with world.bound():
        for _attempt in range(2):
            actions.post_message(author=world.bob, room=room, draft=MessageDraft(body="Once"), id=id)
        with pytest.raises(Invalid):
            actions.post_message(author=world.chloe, room=room, draft=MessageDraft(body="Taken"), id=id)
        say(world.chloe, room, "And then")
        places = list(Message.objects.filter(room=room).order_by("seq").values_list("seq", flat=True))
        assert places == list(range(1, len(places) + 1))
        assert Room.objects.get(pk=room.pk).last_seq == len(places)
        assert Message.objects.filter(body="Once").count() == 1


def test_only_those_in_a_room_say_something_in_it(world: World, talk: Talk) -> None:
    with world.bound():
        for name, room in {"dan": "pair", "chloe": "project", "max": "group"}.items():
            with pytest.raises(Forbidden):
                say(getattr(world, name), talk.rooms[room], "I should not")
        with pytest.raises(Invalid):
            say(world.bob, talk.rooms["pair"], "  ")


def test_who_is_added_later_sees_from_then_on_or_everything(world: World, talk: Talk) -> None:
    with world.bound():
        assert [one.body for one in queries.messages_of(world.dan, talk.rooms["group"]).messages] == [
            "Bob Dupont added Dan Field.",
            "walrus after Dan came",
        ]
        actions.add_people(
            actor=world.bob, room=talk.rooms["group"], people=[world.max.id], sees_everything=True
        )
        assert queries.messages_of(world.max, talk.rooms["group"]).messages[0].seq == 1
        assert queries.unread_in(world.max) == {}


def test_a_removed_person_reads_and_says_nothing_more(world: World, talk: Talk) -> None:
    room = talk.rooms["group"]
    with world.bound():
        with pytest.raises(Forbidden):
            actions.remove_person(actor=world.chloe, room=room, person=world.dan)
        actions.remove_person(actor=world.bob, room=room, person=world.dan)
        with pytest.raises(NotFound):
            queries.find_room(world.dan, room.id)
        with pytest.raises(Forbidden):
            say(world.dan, room, "Still here?")


def test_a_group_whose_host_leaves_gets_another(world: World, talk: Talk) -> None:
    with world.bound():
        actions.leave_room(person=world.bob, room=talk.rooms["group"])
        assert RoomMembership.objects.get(room=talk.rooms["group"], is_host=True).person_id == world.chloe.id


def test_who_joins_and_leaves_a_space_enters_and_leaves_its_rooms(world: World, talk: Talk) -> None:
    with world.bound():
        spaces.admit(person=world.dan, space=world.project)
        assert talk.rooms["project"] in queries.rooms_of(world.dan)
        assert talk.rooms["corner"] not in queries.rooms_of(world.dan)
        assert queries.unread_in(world.dan).keys() <= {talk.rooms["group"].id}
        spaces.remove_member(actor=world.alice, space=world.project, person=world.grace)
        assert not RoomMembership.objects.filter(person=world.grace).exists()


def test_an_edit_names_the_version_it_changes_and_keeps_what_was_said(world: World, talk: Talk) -> None:
    with world.bound():
        message = queries.find_message(world.bob, talk.messages["pair"].id)
        actions.edit_message(editor=world.bob, message=message, body="Changed", expected_version=1)
        with pytest.raises(Conflict) as conflict:
            actions.edit_message(editor=world.bob, message=message, body="Again", expected_version=1)
        assert conflict.value.current.body == "Changed"
        assert MessageRevision.objects.get(message=message).body == "walrus between two"
        with pytest.raises(Forbidden):
            actions.edit_message(editor=world.chloe, message=message, body="Mine", expected_version=2)


def test_a_deleted_message_keeps_its_place_and_nothing_else(world: World, talk: Talk) -> None:
    with world.bound():
        rows = wire.page_row(world.bob, queries.messages_of(world.bob, talk.rooms["lounge"]))["messages"]
        gone = next(row for row in rows if row["id"] == talk.messages["gone"].id)
        assert (gone["body"], gone["html"]) == ("", "")
        assert gone["deleted_at"]
        with pytest.raises(NotFound):
            queries.find_message(world.alice, talk.messages["gone"].id)


def test_the_unread_are_counted_without_ones_own_and_end_by_reading(world: World, talk: Talk) -> None:
    room = talk.rooms["pair"]
    with world.bound():
        chloe, bob = world.chloe, world.bob
        say(bob, room, f"Hello {mention_source('person', chloe.id, chloe.full_name)}")
        assert queries.unread_in(chloe)[room.id] == queries.Unread(messages=2, mentions=1)
        assert room.id not in queries.unread_in(bob)
        actions.mark_read(person=chloe, room=room, seq=2)
        actions.mark_read(person=chloe, room=room, seq=1)
        assert room.id not in queries.unread_in(chloe)
        actions.mark_unread(person=chloe, room=room, seq=2)
        assert queries.unread_in(chloe)[room.id].messages == 1
        actions.mark_read(person=chloe, room=room, seq=9_999)
        assert RoomMembership.objects.get(room=room, person=chloe).read_seq == 2


def test_the_number_of_the_layout_is_as_loud_as_one_wants(world: World, talk: Talk) -> None:
    room = talk.rooms["pair"]
    with world.bound():
        chloe = world.chloe
        before = queries.unread_chats(chloe)
        actions.change_place(person=chloe, room=room, level="mentions")
        assert queries.unread_chats(chloe) == before - 1
        say(world.bob, room, mention_source("person", chloe.id, chloe.full_name))
        assert queries.unread_chats(chloe) == before
        later = timezone.now() + timedelta(hours=1)
        actions.change_place(person=chloe, room=room, is_muted=True, muted_until=later)
        assert queries.unread_chats(chloe) == before - 1


def test_side_threads_count_their_replies_and_stand_apart(world: World, talk: Talk) -> None:
    room, root = talk.rooms["pair"], talk.messages["pair"]
    with world.bound():
        say(world.chloe, room, "Aside", thread=root.id, reply_to=root.id)
        page = queries.messages_of(world.bob, room)
        assert [(one.id, one.reply_count) for one in page.messages] == [(root.id, 1)]
        thread = queries.thread_of(world.bob, queries.find_message(world.bob, root.id))
        assert [one.body for one in thread] == ["walrus between two", "Aside"]
        with pytest.raises(Invalid):
            say(world.chloe, talk.rooms["group"], "Elsewhere", thread=root.id)


def test_reactions_and_pins(world: World, talk: Talk) -> None:
    with world.bound():
        message = queries.find_message(world.chloe, talk.messages["pair"].id)
        actions.react(person=world.chloe, message=message, emoji="👍")
        actions.pin_message(actor=world.chloe, message=message)
        [row] = wire.message_rows("", queries.pinned_in(world.bob, talk.rooms["pair"]), world.bob)
        assert [(one["emoji"], one["count"], one["mine"]) for one in row["reactions"]] == [("👍", 1, False)]
        open_one = queries.find_message(world.bob, talk.messages["lounge"].id)
        with pytest.raises(Forbidden):
            actions.pin_message(actor=world.dan, message=open_one)


def test_pages_go_both_ways_and_around(world: World, talk: Talk) -> None:
    room = talk.rooms["pair"]
    with world.bound():
        for number in range(2, 12):
            say(world.bob, room, f"Message {number}")
        room = queries.find_room(world.bob, room.id)

        def places(**asked: int) -> list[int]:
            return [one.seq for one in queries.messages_of(world.bob, room, **asked).messages]

        assert places(limit=3) == [9, 10, 11]
        assert places(before=4, limit=2) == [2, 3]
        assert places(after=9) == [10, 11]
        assert places(around=5, limit=4) == [3, 4, 5, 6]
        page = queries.messages_of(world.bob, room, around=5, limit=4)
        assert (page.has_before, page.has_after, page.last_seq) == (True, True, 11)
        today = queries.messages_of(world.bob, room, at=timezone.now().date(), limit=4)
        assert today.messages[0].seq == 1


def test_a_direct_message_is_one_line_of_the_inbox_until_it_is_read(world: World, talk: Talk) -> None:
    room = talk.rooms["pair"]
    with world.bound():
        for body in ("First", "Second"):
            message = say(world.bob, room, body)
            tell_those_it_is_for(PeopleAddressed(message_id=message.id))
        [line] = [one for one in inbox(world.chloe)[0] if one.notification.reason == "chat_direct"]
        assert line.actors == [world.bob]
        assert not [one for one in inbox(world.bob)[0] if one.notification.reason == "chat_direct"]
        actions.mark_read(person=world.chloe, room=room, seq=message.seq)
        assert not inbox(world.chloe, unread_only=True)[0]
        tell_those_it_is_for(PeopleAddressed(message_id=message.id))
        assert not inbox(world.chloe, unread_only=True)[0]


def test_lists_and_counts_cost_the_same_however_many_conversations_there_are(
    world: World, talk: Talk, django_assert_max_num_queries: Any
) -> None:
    with world.bound():
        for number in range(6):
            room = actions.create_group(
                creator=world.bob, people=[world.people["chloe"].id], name=f"Group {number}"
            )
            say(world.bob, room, "Hello")
        chloe = world.chloe
        with django_assert_max_num_queries(1):
            assert queries.unread_chats(chloe) >= 6
        with django_assert_max_num_queries(9):
            assert len(wire.room_rows(chloe, queries.my_rooms(chloe).rooms)) >= 8
        room = queries.find_room(chloe, talk.rooms["pair"].id)
        with django_assert_max_num_queries(10):
            wire.page_row(chloe, queries.messages_of(chloe, room))


def test_an_emoji_of_another_name_is_the_same_reaction(world: World, talk: Talk) -> None:
    with world.bound():
        message = talk.messages["pair"]
        for person, emoji in ((world.bob, ":old:"), (world.chloe, ":old:"), (world.bob, ":new:")):
            MessageReaction.objects.create(message=message, person=person, emoji=emoji)
        rename_reactions(EmojiRenamed(emoji_id=uuid4(), name="new", former_name="old"))
        [row] = wire.message_rows("", [message], world.bob)
        assert [(one["emoji"], one["count"]) for one in row["reactions"]] == [(":new:", 2)]


def test_what_is_archived_is_listed_apart_and_given_back(world: World, talk: Talk) -> None:
    with world.bound():
        room = actions.change_room(actor=world.bob, room=talk.rooms["group"], is_archived=True)
        assert room not in queries.my_rooms(world.chloe).rooms
        assert queries.my_rooms(world.chloe, is_archived=True).rooms == [room]
        with pytest.raises(Conflict):
            actions.change_room(actor=world.bob, room=room, name="Too late")
        actions.leave_room(person=world.dan, room=room)
        actions.change_room(actor=world.bob, room=room, is_archived=False)
        assert queries.my_rooms(world.chloe, is_archived=True).rooms == []
