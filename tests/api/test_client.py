"""The Python client against the real server: what its README promises."""

from __future__ import annotations

import pathlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.api.tokens import create_token
from parvis.webhooks.models import Webhook
from parvis.webhooks.secrets import secret_of, signed_headers
from parvis_client import (
    ChangedSince,
    Conflict,
    Invalid,
    NotFound,
    Parvis,
    Unauthenticated,
    Unreachable,
    is_genuine,
)
from parvis_client.client import new_id
from parvis_client.transport import Answer, Transport
from tests.journeys.conftest import House

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def client_of(house: House, name: str, **options: Any) -> Parvis:
    with house.world.bound():
        secret = create_token(person=getattr(house.world, name), name="client", scopes=("read", "write"))[1]
    return Parvis(house.address, token=secret, **options)


def test_a_program_takes_part(tireless_house: House, tmp_path: pathlib.Path) -> None:
    bob, chloe = client_of(tireless_house, "bob"), client_of(tireless_house, "chloe", language="fr")
    assert bob.me()["full_name"] == "Bob Dupont"
    space = next(space for space in bob.spaces() if space["name"] == "Lounge")
    notes = tmp_path / 'no"tes.txt'
    notes.write_text("All pumps run.")
    stored = bob.upload(notes)
    once = new_id()
    post = bob.publish(
        space=space["id"], title="Week 47", body="Pumps", attachments=[{"id": stored["id"]}], id=once
    )
    assert (
        bob.publish(space=space["id"], title="Week 47", body="Pumps", id=once)["id"]
        == post["id"]
        == str(once)
    )
    for number in range(3):
        chloe.reply(post["id"], f"Reply {number}")
    assert [reply["body"] for reply in bob.replies(post["id"], page_size=2)] == [
        "Reply 0",
        "Reply 1",
        "Reply 2",
    ]
    chloe.react(post["id"], "👍")
    read = bob.entry(post["id"])
    assert (read["reply_count"], read["reactions"][0]["count"]) == (3, 1)
    chloe.take_back_reaction(post["id"], "👍")
    draft = bob.write_draft(space=space["id"], body="Later", publish_at=datetime.now(UTC) + timedelta(days=1))
    assert draft["id"] in [one["id"] for one in bob.drafts()]
    assert bob.publish_draft(draft["id"])["body"] == "Later"
    assert bob.emoji() == []
    edited = bob.edit(read, body="Pumps run")
    with pytest.raises(Conflict) as late:
        bob.edit(read, body="Late")
    assert late.value.current["body"] == "Pumps run"
    with pytest.raises(ChangedSince):
        bob.delete(post["id"], version=read["version"])
    with pytest.raises(NotFound) as hidden:
        client_of(tireless_house, "dan", language="fr").delete(post["id"])
    assert "page" in hidden.value.detail
    with pytest.raises(Invalid) as wrong:
        chloe.publish(space=new_id(), body="x")
    assert "space" in wrong.value.errors
    assert post["id"] in {entry["id"] for entry in bob.feed(page_size=1)}
    assert post["id"] in {entry["id"] for entry in bob.entries(space["id"])}
    assert {person["full_name"] for person in bob.people("Chloé")} == {"Chloé Élan"}
    assert {member["person"]["full_name"] for member in bob.members(space["id"])} >= {"Bob Dupont"}
    assert {hit["id"] for hit in bob.search("walrus", kind="entries")["entries"]}
    assert isinstance(list(bob.notifications(unread=True)), list)
    bob.delete(post["id"], version=edited["version"])
    with pytest.raises(NotFound):
        bob.entry(post["id"])


def test_a_program_cares_for_calm(tireless_house: House) -> None:
    bob = client_of(tireless_house, "bob")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    pause = bob.pause(tomorrow)
    assert [one["id"] for one in bob.pauses()] == [pause["id"]]
    bob.end_pause(pause["id"])
    assert bob.pauses() == []
    leave = bob.take_leave(tomorrow.date())
    assert [one["id"] for one in bob.working_time()["leave"]] == [leave["id"]]
    space = next(space for space in bob.spaces() if space["name"] == "Lounge")
    with pytest.raises(Invalid) as refused:
        bob.publish(space=space["id"], body="Help", urgent_reason="The pump hall is flooding")
    assert "urgent_reason" in refused.value.errors


def test_what_is_known_is_not_sent_again(tireless_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = client_of(tireless_house, "bob")
    first = bob.me()
    statuses = []
    once = Transport._once

    def watched(*arguments: Any) -> Answer:
        answer = once(*arguments)
        statuses.append(len(answer.headers.get("Content-Length", "0")))
        return answer

    monkeypatch.setattr(Transport, "_once", watched)
    assert bob.me() == first
    assert len(statuses) == 1


def test_a_wrong_token_and_a_silent_server_are_said(tireless_house: House) -> None:
    with pytest.raises(Unauthenticated):
        Parvis(tireless_house.address, token="parvis_nobody").me()
    with pytest.raises(Unreachable):
        Parvis("http://127.0.0.1:9", token="x", attempts=1).me()
    with pytest.raises(ValueError):
        Parvis("file:///etc/passwd", token="x")


def test_it_waits_as_long_as_it_is_told_and_no_longer() -> None:
    answers = [
        Answer(429, {"Retry-After": "3"}, b"{}"),
        Answer(503, {}, b""),
        Answer(200, {}, b'{"ok": true}'),
    ]
    waited: list[float] = []
    transport = Transport("http://127.0.0.1:9", {}, sleep=waited.append)
    transport._once = lambda *_: answers.pop(0)  # type: ignore[method-assign]
    assert transport.call("GET", "/me").json() == {"ok": True}
    assert waited[0] == 3.0 and 0 < waited[1] <= 2.0


def test_live_tells_of_a_post(tireless_house: House) -> None:
    bob, chloe = client_of(tireless_house, "bob"), client_of(tireless_house, "chloe")
    space = next(space for space in bob.spaces() if space["name"] == "Lounge")
    heard = bob.live("home")
    assert next(heard)["type"] == "ready"
    post = chloe.publish(space=space["id"], body="Hello")
    message = next(message for message in heard if message.get("id") == post["id"])
    assert message["type"] == "content.entry_published"
    heard.close()  # type: ignore[attr-defined]


def test_it_knows_a_genuine_webhook(tireless_house: House) -> None:
    with tireless_house.world.bound():
        webhook, other = Webhook(id=new_id()), Webhook(id=new_id())
    sent = signed_headers(webhook, message_id="msg_1", at=timezone.now(), body=b"{}")
    assert is_genuine(secret_of(webhook), sent, b"{}")
    assert not is_genuine(secret_of(webhook), sent, b"{ }")
    assert not is_genuine(secret_of(other), sent, b"{}")
    assert not is_genuine(secret_of(webhook), {**sent, "webhook-timestamp": "1"}, b"{}")
