"""Chat, called as a program would."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.chat import actions
from parvis.chat.models import Message
from parvis.chat.parts import origins
from tests.api.callers import Caller
from tests.web.test_query_budgets import CALLS as BUDGETS
from tests.web.test_query_budgets import NO_TABLE
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_conversation_from_its_beginning_to_its_end(world: World) -> None:
    bob, chloe = Caller(world, "bob"), Caller(world, "chloe")
    chloe_id = str(world.people["chloe"].id)
    room = bob("POST", "/rooms", {"kind": "direct", "people": [chloe_id]}).json()
    assert (room["kind"], room["name"], room["can"]["post"]) == ("direct", "Chloé Élan", True)
    assert bob("POST", "/rooms", {"kind": "direct", "people": [chloe_id]}).json()["id"] == room["id"]

    path, said = f"/rooms/{room['id']}", {"id": str(uuid4()), "body": "Hello **Chloé**"}
    first = bob("POST", f"{path}/messages", said)
    assert (first.status_code, first.json()["seq"]) == (201, 1)
    again = bob("POST", f"{path}/messages", said)
    assert (again.status_code, again.json()["id"]) == (200, said["id"])

    [shown] = chloe("GET", "/rooms").json()["items"]
    assert (shown["name"], shown["unread_count"], shown["last_message"]["excerpt"]) == (
        "Bob Dupont",
        1,
        "Hello Chloé",
    )
    chloe("PUT", f"{path}/read", {"seq": 1})
    chloe("PUT", f"/messages/{said['id']}/reactions/👍")
    answer = {"body": "Hello", "reply_to": said["id"]}
    assert chloe("POST", f"{path}/messages", answer).json()["quote"]["excerpt"] == "Hello Chloé"
    page = bob("GET", f"{path}/messages").json()
    assert [one["seq"] for one in page["messages"]] == [1, 2]
    assert page["messages"][0]["reactions"][0]["mine"] is False

    edited = bob("PATCH", f"/messages/{said['id']}", {"body": "Changed", "version": 1})
    assert edited.json()["version"] == 2
    conflict = bob("PATCH", f"/messages/{said['id']}", {"body": "Late", "version": 1})
    assert (conflict.status_code, conflict.json()["current"]["body"]) == (409, "Changed")
    assert bob("DELETE", f"/messages/{said['id']}").status_code == 204
    gone = chloe("GET", f"/messages/{said['id']}").json()
    assert gone["deleted_at"]
    assert gone["html"] == ""


def test_groups_and_places(world: World) -> None:
    bob, dan = Caller(world, "bob"), Caller(world, "dan")
    people = {name: str(world.people[name].id) for name in ("chloe", "dan")}
    room = bob("POST", "/rooms", {"kind": "group", "people": [people["chloe"]], "name": "Lunch"}).json()
    path = f"/rooms/{room['id']}"
    assert dan("GET", path).status_code == 404
    assert bob("POST", f"{path}/members", {"people": [people["dan"]]}).json()["members_count"] == 3
    assert (
        dan("PATCH", f"{path}/membership", {"level": "mentions", "is_favourite": True}).json()["level"]
        == "mentions"
    )
    assert dan("PATCH", path, {"name": "Mine"}).status_code == 404
    assert bob("PATCH", path, {"name": "Dinner"}).json()["name"] == "Dinner"
    assert len(bob("GET", f"{path}/members?limit=2").json()["items"]) == 2
    assert dan("DELETE", f"{path}/members/me").status_code == 204
    assert dan("GET", path).status_code == 404
    assert bob("DELETE", f"{path}/members/{people['chloe']}").status_code == 204


@pytest.mark.parametrize("until", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_hour_that_the_database_could_not_read_again_is_refused(world: World, until: str) -> None:
    bob = Caller(world, "bob")
    for field in ("until", "undisturbed_until"):
        assert field in bob("PUT", "/me/status", {"text": "Away", field: until}).json()["errors"]
    assert bob("GET", "/me/status").json()["until"] is None


def test_rooms_of_spaces_and_the_switcher(world: World) -> None:
    chloe, dan = Caller(world, "chloe"), Caller(world, "dan")
    lounge = str(world.spaces["lounge"].id)
    asked = {"kind": "space", "space": lounge, "name": "Workshop", "topic": "Pumps"}
    assert chloe("POST", "/rooms", asked).status_code == 404
    with world.bound():
        actions.switch_chat(actor=world.chloe, space=world.lounge, is_on=True)
    room = chloe("POST", "/rooms", asked).json()
    assert room["space"]["id"] == lounge
    assert [one["name"] for one in dan("GET", f"/rooms?space={lounge}").json()["items"]] == [
        "General",
        "Workshop",
    ]
    assert dan("POST", f"/rooms/{room['id']}/messages", {"body": "Not a member"}).status_code == 404
    found = dan("GET", "/switch?q=work").json()
    assert ("room", "Workshop") in [(item["kind"], item["title"]) for item in found]
    assert dan("GET", "/switch?q=chloe").json()[0]["title"] == "Chloé Élan"


def test_what_was_said_becomes_a_post_with_a_link_both_ways(world: World) -> None:
    bob, chloe, dan = Caller(world, "bob"), Caller(world, "chloe"), Caller(world, "dan")
    room = bob("POST", "/rooms", {"kind": "direct", "people": [str(world.people["chloe"].id)]}).json()
    said = [
        one("POST", f"/rooms/{room['id']}/messages", {"body": body}).json()["id"]
        for one, body in ((bob, "Why does it leak?"), (chloe, "The seal is upside down."))
    ]
    lounge = str(world.spaces["lounge"].id)
    asked = {"space": lounge, "title": "Leaks", "with": [said[1]]}
    assert dan("POST", f"/messages/{said[0]}/entries", asked).status_code == 404
    entry = bob("POST", f"/messages/{said[0]}/entries", asked).json()
    assert "upside down" in entry["body"]
    [link] = chloe("GET", f"/messages/{said[1]}").json()["links"]
    assert (link["link"], link["title"], link["is_readable"]) == ("became", "Leaks", True)
    with world.bound():
        [back] = list(origins(world.chloe, [entry["id"]]))
        assert back.details["room"] == room["id"]
        assert not list(origins(world.dan, [entry["id"]]))


def test_a_post_that_is_shown_to_a_room_names_itself_to_its_readers_only(world: World) -> None:
    chloe, bob = Caller(world, "chloe"), Caller(world, "bob")
    room = chloe("POST", "/rooms", {"kind": "direct", "people": [str(world.people["bob"].id)]}).json()
    secret = str(world.entries["cellar post"].id)
    assert bob("POST", f"/rooms/{room['id']}/messages", {"entry": secret}).status_code == 422
    shown = chloe("POST", f"/rooms/{room['id']}/messages", {"entry": secret}).json()
    assert shown["links"][0]["title"] == "News of cellar"
    [seen] = bob("GET", f"/messages/{shown['id']}").json()["links"]
    assert (seen["id"], seen["title"], seen["is_readable"]) == (None, None, False)


def test_saying_something_and_reading_far_back_cost_as_many_statements_in_a_long_conversation(
    world: World,
) -> None:
    with world.bound():
        room = actions.create_group(creator=world.bob, people=[world.chloe.id, world.dan.id], name="Long")
        first = actions.post_message(author=world.bob, room=room, draft=actions.MessageDraft(body="first"))
        Message.objects.bulk_create(
            Message(room=room, seq=seq, author=world.bob, body=f"{seq}", body_text=f"{seq}")
            for seq in range(first.seq + 1, 400)
        )
        type(room).objects.filter(pk=room.pk).update(last_seq=399)
    bob, path = Caller(world, "bob"), f"/rooms/{room.id}/messages"
    for budget, method, query, data in [
        ("say something", "POST", "", {"id": None, "body": "Hello"}),
        ("history of a room", "GET", "", None),
        ("history of a room", "GET", "?before=200", None),
        ("history of a room", "GET", "?after=200", None),
        ("history of a room", "GET", "?around=200", None),
    ]:
        bob(method, f"{path}{query}", data and {**data, "id": str(uuid4())})
        with CaptureQueriesContext(connection) as captured:
            answer = bob(method, f"{path}{query}", data and {**data, "id": str(uuid4())})
        assert answer.status_code in (200, 201)
        sent = [
            row["sql"] for row in captured.captured_queries if not NO_TABLE.match(row["sql"] or "SAVEPOINT")
        ]
        assert len(sent) <= BUDGETS[budget], "\n".join(sql[:160] for sql in sent)
