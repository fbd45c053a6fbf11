"""What goes to chat: private stays private, again adds nothing, undone leaves nothing, and no place is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from parvis.chat import actions as chat
from parvis.chat.models import Message, MessageMention, MessageReaction, Room, RoomMembership, SpaceChat
from parvis.chat.queries import messages_of, unread_in
from parvis.content.models import Entry
from parvis.foundation.jobs import run_pending_jobs
from parvis.imports import actions
from parvis.imports.archive import open_archive
from parvis.imports.mattermost.reader import SUFFIXES, opened_export
from parvis.imports.models import ImportedItem, ImportRun
from parvis.imports.slack.reader import SlackExport
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space
from tests.imports.mattermost.export import direct, lines, post, said, user
from tests.imports.slack_export import ALICE, export, message, zipped
from tests.world import World

pytestmark = pytest.mark.django_db

# Bob and Dan of the world, by their confirmed addresses; Ada is new.
USERS = [
    user("bob", "bob@atelier.example", "kitchen", "board"),
    user("dan", "dan@atelier.example", "kitchen"),
    user("ada", "ada@elsewhere.example", "kitchen", "board"),
]
TALK = [
    post(
        "ada",
        1,
        "soup? @dan",
        replies=[said("dan", 3, "yes")],
        reactions=[{"user": "bob", "emoji_name": "+1"}],
    ),
    post("bob", 2, "salad", is_pinned=True),
    post("ada", 4, "secret", channel="board"),
    direct("bob", 5, "between us", "bob", "ada"),
    direct("bob", 6, "all three", "bob", "ada", "dan"),
]
ImportMattermost = Callable[..., ImportRun]
COUNTED = (
    Person,
    Space,
    Membership,
    Entry,
    Room,
    RoomMembership,
    Message,
    MessageReaction,
    MessageMention,
    SpaceChat,
)


@pytest.fixture
def import_mattermost(world: World, tmp_path: Path) -> ImportMattermost:
    """Import messages of a Mattermost server into the first organization."""

    def run(*messages: dict[str, object], chat: tuple[str, ...] = ("all",)) -> ImportRun:
        path = tmp_path / "export.jsonl"
        path.write_bytes(lines(*messages, users=USERS))
        with open_archive(path, lone=SUFFIXES) as archive, opened_export(archive) as source:
            return actions.run_import(organization=world.organization, source=source, chat=chat)

    return run


def counted() -> list[int]:
    return [model.objects.count() for model in (*COUNTED, ImportedItem)]  # type: ignore[attr-defined]


def said_to(viewer: Person, room: Room) -> list[str]:
    room.refresh_from_db()
    return [message.body_text for message in messages_of(viewer, room).messages]


def test_channels_become_rooms_and_conversations_stay_with_their_people(
    world: World, import_mattermost: ImportMattermost
) -> None:
    run = import_mattermost(*TALK)
    with world.bound():
        assert run.counts == {
            "people": 1, "matched": 2, "spaces": 2, "rooms": 4, "messages": 6, "reactions": 1,
        }  # fmt: skip
        kitchen, board = Room.objects.get(name="Kitchen"), Room.objects.get(name="Board")
        pair, group = Room.objects.get(kind="direct"), Room.objects.get(kind="group")
        assert said_to(world.bob, kitchen) == ["soup? Dan", "salad"]
        places = list(Message.objects.filter(room=kitchen).order_by("seq").values_list("seq", "body_text"))
        assert [seq for seq, _body in places] == [1, 2, 3]
        assert places[-1][1] == "yes"
        root = Message.objects.get(room=kitchen, seq=1)
        assert (root.reply_count, root.created_at.timestamp(), root.author.full_name) == (
            1,
            1_700_000_001,
            "Ada",
        )
        assert MessageMention.objects.get(message=root).person == world.dan
        assert Message.objects.get(body_text="salad").pinned_at is not None
        readers = {
            room: {
                person
                for person in Person.objects.all()
                if Room.objects.readable_by(person).filter(pk=room.pk)
            }
            for room in (kitchen, board, pair, group)
        }
        assert {world.alice, world.bob, world.dan} <= readers[kitchen]
        assert readers[board] == readers[pair] == {world.bob}
        assert readers[group] == {world.bob, world.dan}
        assert unread_in(world.bob) == {}
        assert not Entry.objects.filter(space__name="Kitchen").exists()


def test_a_second_run_adds_nothing_and_a_newer_export_goes_on_without_a_gap(
    world: World, import_mattermost: ImportMattermost
) -> None:
    import_mattermost(*TALK)
    with world.bound():
        before = counted()
    # A channel stays where its first import put it, whatever is chosen later.
    again = import_mattermost(*TALK, chat=("none",))
    with world.bound():
        assert counted() == before
        assert again.counts == {"known": 6}
        kitchen = Room.objects.get(name="Kitchen")
        chat.post_message(author=world.bob, room=kitchen, draft=chat.MessageDraft(body="said here"))
    edited = post("bob", 2, "salad, dressed", edit_at=1_700_000_200_000)
    later = post("dan", 9, "late @bob", replies=[said("ada", 10, "later")])
    newer = import_mattermost(*TALK[:1], edited, *TALK[2:], later, chat=("none",))
    with world.bound():
        assert newer.counts == {"known": 6, "messages": 2, "edits": 1}
        rows = Message.objects.filter(room=kitchen).order_by("seq")
        assert [(message.seq, message.body_text) for message in rows][1] == (2, "salad, dressed")
        assert [message.seq for message in rows] == [1, 2, 3, 4, 5, 6]
        kitchen.refresh_from_db()
        assert kitchen.last_seq == 6
        assert MessageMention.objects.get(person=world.bob).seq == 5
        assert rows.get(seq=5).reply_count == 1
        assert set(rows.values_list("state", flat=True)) == {"published"}


def test_what_was_talked_about_here_is_not_mixed_with_an_older_past(
    world: World, import_mattermost: ImportMattermost
) -> None:
    with world.bound():
        room = chat.open_direct(viewer=world.bob, person=world.dan)
        chat.post_message(author=world.bob, room=room, draft=chat.MessageDraft(body="now"))
    import_mattermost(direct("bob", 1, "then", "bob", "dan"))
    with world.bound():
        assert said_to(world.dan, room) == ["now"]
        past = Room.objects.get(name="Mattermost")
        assert past.kind == "group"
        assert said_to(world.dan, past) == ["then"]


def test_nothing_of_a_conversation_is_seen_before_its_publication(
    world: World, import_mattermost: ImportMattermost, tmp_path: Path
) -> None:
    import_mattermost(*TALK)
    path = tmp_path / "newer.jsonl"
    more = [post("ada", 20, "unseen"), direct("dan", 21, "unseen", "bob", "dan")]
    path.write_bytes(lines(*TALK, *more, users=USERS))
    with world.bound():
        run = actions.new_run(source="mattermost", label="a", started_by=None, state="reading")
    with open_archive(path, lone=SUFFIXES) as archive, opened_export(archive) as source:
        actions.stage_run(organization=world.organization, run=run, source=source)
    with world.bound():
        assert Message.objects.filter(body="unseen").count() == 2
        for person in (world.bob, world.dan):
            assert not Message.objects.legible_to(person).filter(body="unseen").exists()
            assert (
                len(Room.objects.readable_by(person).filter(memberships__person=person))
                == 4 - (person == world.dan) * 2
            )
        before = Room.objects.get(name="Kitchen").last_seq
        chat.post_message(
            author=world.bob,
            room=Room.objects.get(name="Kitchen"),
            draft=chat.MessageDraft(body="x"),
            id=uuid4(),
        )
        actions.publish(run=run)
        assert Message.objects.get(room__name="Kitchen", body="unseen").seq == before + 2
        assert Message.objects.legible_to(world.dan).filter(body="unseen").count() == 2


def test_undoing_takes_conversations_away_but_not_one_that_went_on_here(
    world: World, import_mattermost: ImportMattermost
) -> None:
    with world.bound():
        before = counted()
    run = import_mattermost(*TALK)
    actions.undo_import(organization=world.organization, run=run)
    with world.bound():
        assert counted() == before
    run = import_mattermost(*TALK)
    with world.bound():
        kitchen = Room.objects.get(name="Kitchen")
        chat.post_message(author=world.bob, room=kitchen, draft=chat.MessageDraft(body="and bread"))
    run = actions.undo_import(organization=world.organization, run=run)
    with world.bound():
        assert run.kept == {"entries": 0, "spaces": 1, "people": 1, "rooms": 1, "messages": 3}
        assert [
            room.name for room in Room.objects.filter(pk__in=ImportedItem.objects.values("object_id"))
        ] == ["Kitchen"]
        assert said_to(world.bob, kitchen)[-1] == "and bread"
        assert said_to(world.dan, kitchen)[-1] == "and bread"


def test_undoing_what_came_into_a_room_later_leaves_its_places(
    world: World, import_mattermost: ImportMattermost
) -> None:
    import_mattermost(*TALK)
    run = import_mattermost(*TALK, post("ada", 20, "later"))
    actions.undo_import(organization=world.organization, run=run)
    with world.bound():
        kitchen = Room.objects.get(name="Kitchen")
        rows = Message.objects.filter(room=kitchen).order_by("seq")
        assert [(message.seq, message.state, message.body) for message in rows][-1] == (4, "deleted", "")
        assert kitchen.last_seq == 4


def test_a_channel_that_was_not_chosen_goes_to_the_wall(
    world: World, import_mattermost: ImportMattermost
) -> None:
    run = import_mattermost(*TALK, chat=("board", "nowhere"))
    with world.bound():
        assert [
            room.name
            for room in Room.objects.filter(space__isnull=False, space__name__in=["Kitchen", "Board"])
        ] == ["Board"]
        root = Entry.objects.get(space__name="Kitchen", thread=None, title="", pinned_at=None)
        assert root.reply_count == 1
        assert [left["what"] for left in run.left_out] == ["chat-unknown-channel"]


def test_slack_brings_conversations_and_the_channels_that_were_chosen(world: World, tmp_path: Path) -> None:
    users = [{"id": "U000BOB", "profile": {"email": "bob@atelier.example"}}, ALICE]
    pair = {"id": "D0001", "members": ["U000BOB", "U00ALICE"]}
    link = "<https://w.slack.com/archives/C0GENERAL/p1704200000000100|there>"
    days = {
        "general/2024-01-02.json": [message("1704200000.000100", "in the open")],
        "D0001/2024-01-02.json": [message("1704200001.000100", f"look {link} <@U000BOB>")],
    }
    path = zipped(tmp_path / "slack.zip", export(days, users=users, dms=[pair]))
    with open_archive(path) as archive:
        run = actions.run_import(
            organization=world.organization, source=SlackExport(archive), chat=["general"]
        )
    with world.bound():
        assert run.counts == {"people": 1, "matched": 1, "spaces": 1, "rooms": 2, "messages": 2}
        room = Room.objects.get(name="general")
        private = Room.objects.get(kind="direct")
        [said] = messages_of(world.bob, private).messages
        assert f"/o/atelier/chat/{room.id}?message=" in said.body_html
        assert not Room.objects.readable_by(world.dan).filter(pk=private.pk).exists()
        assert said_to(world.dan, room) == ["in the open"]


def test_an_administrator_chooses_chat_or_wall_in_the_browser(world: World, tmp_path: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.imports.test_browser_imports import do, send
    from tests.imports.test_views import client_of

    alice = client_of(world, "alice")
    data = zipped(tmp_path / "export.zip", {"import.jsonl": lines(*TALK, users=USERS)}).read_bytes()
    number = send(alice, SimpleUploadedFile("export.zip", data), source="mattermost")
    page = alice.get(f"/o/atelier/imports/{number}").content.decode()
    assert 'name="goes:atelier/kitchen"' in page
    assert '<option value="chat" selected>' in page
    assert "2 conversations" in page
    chosen = {"goes:atelier/kitchen": "chat", "goes:atelier/board": "wall"}
    assert alice.post(f"/o/atelier/imports/{number}/reading", chosen).status_code == 302
    run_pending_jobs()
    do(alice, number, "publication")
    with world.bound():
        assert Room.objects.get(name="Kitchen").last_seq == 3
        assert not Room.objects.filter(name="Board").exists()
        assert Entry.objects.filter(space__name="Board").count() == 1
