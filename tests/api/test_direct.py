"""What passes Django by says and does what Django does, or nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from parvis.api import direct
from parvis.api.asked import asked_by
from parvis.api.tokens import revoke_token
from parvis.content.models import Entry
from parvis.foundation.tenancy import new_id
from tests.api.callers import Caller
from tests.api.directly import scope_of
from tests.waiting import wait_for
from tests.world import World

pytestmark = pytest.mark.django_db


def answer(caller: Caller, path: str, **headers: str) -> direct.Answer | None:
    """Ask past Django."""
    asked = asked_by(scope_of(path, **{"secret": caller.secret, **headers}))
    return direct.answer_to(asked) if asked is not None else None


def written(caller: Caller, path: str, content: Any, **headers: str) -> direct.Answer | None:
    """Write past Django."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    fields = {"secret": caller.secret, "method": "POST", "content-length": str(len(body)), **headers}
    asked = asked_by(scope_of(path, **fields))
    return direct.answer_to(asked._replace(body=body)) if asked is not None else None


def paths(world: World) -> list[str]:
    """Return every read that may pass Django by, for everything there is."""
    entries = [f"/entries/{entry.id}" for entry in world.entries.values()]
    spaces = [f"/spaces/{space.id}/entries?limit=3" for space in world.spaces.values()]
    threads = [f"{entry}/thread" for entry in entries]
    searches = [
        "/search?q=bob",
        "/search?q=lounge+news",
        "/search?q=%C3%A9lan&kind=people",
        "/search?q=x&limit=3",
    ]
    return ["/feed", "/feed?limit=2", "/feed?scope=all&limit=100", *searches, *spaces, *entries, *threads]


@pytest.mark.parametrize("name", ["alice", "bob", "chloe", "dan", "grace"])
def test_both_ways_give_one_answer(world: World, name: str) -> None:
    caller = Caller(world, name)
    for path in paths(world):
        plain = caller("GET", f"/o/atelier/api/v1{path}")
        direct_answer = answer(caller, path)
        if plain.status_code != 200:
            assert direct_answer is None, path
            continue
        assert direct_answer is not None, path
        assert direct_answer.status == 200
        assert direct.msgspec.json.decode(direct_answer.body) == plain.json(), path


def test_a_page_leads_to_the_next_in_either_way(world: World) -> None:
    caller = Caller(world, "alice")
    following = caller("GET", "/o/atelier/api/v1/feed?limit=1").json()["next"]
    plain = caller("GET", f"/o/atelier/api/v1/feed?limit=1&cursor={following}").json()
    direct_answer = answer(caller, f"/feed?limit=1&cursor={following}")
    assert direct_answer is not None
    assert direct.msgspec.json.decode(direct_answer.body) == plain


def test_an_answer_that_is_known_is_not_sent_again_and_says_what_is_left(world: World) -> None:
    caller = Caller(world, "bob")
    first = answer(caller, "/feed")
    assert first is not None
    headers = dict(first.headers)
    assert b"ratelimit" in headers
    again = answer(caller, "/feed", **{"if-none-match": headers[b"etag"].decode()})
    assert again is not None
    assert (again.status, again.body) == (304, b"")


ODD = """
    /me /feed?limit=0 /feed?limit=101 /feed?scope=other /feed?more=1 /feed?cursor=%00
    /search /search?q= /search?q=a%00 /search?q=a&kind=A /search?q=a&since=2026-01-01
"""


@pytest.mark.parametrize("path", ODD.split())
def test_what_is_odd_is_left_to_django(world: World, path: str) -> None:
    assert answer(Caller(world, "bob"), path) is None


def test_who_may_not_is_left_to_django(world: World) -> None:
    caller = Caller(world, "bob")
    assert answer(caller, "/feed", secret="parvis_nothing") is None
    assert answer(caller, "/feed", secret="") is None
    assert answer(caller, "/feed", slug="jumeau") is None
    assert answer(caller, "/feed", slug="nowhere") is None
    assert answer(caller, "/feed", **{"x-parvis-organization": "jumeau"}) is None
    assert answer(Caller(world, "bob", scopes=("write",)), "/feed") is None


def test_a_revoked_token_opens_nothing_from_the_next_request_on(world: World) -> None:
    caller = Caller(world, "bob")
    assert answer(caller, "/feed") is not None
    with world.bound():
        revoke_token(person=world.bob, token=caller.token)
    assert answer(caller, "/feed") is None


def test_what_is_written_either_way_is_one_entry_with_one_answer(world: World) -> None:
    caller = Caller(world, "bob")
    post = {"id": str(new_id()), "space": str(world.spaces["everyone"].id), "body": "Seeds, @nobody #spring"}
    reply = {"id": str(new_id()), "body": "Thanks"}
    for path, content in (("/entries", post), (f"/entries/{post['id']}/replies", reply)):
        first = written(caller, path, content)
        again = caller("POST", f"/o/atelier/api/v1{path}", content)
        assert first is not None, path
        assert (first.status, again.status_code) == (201, 201)
        assert json.loads(first.body) == again.json()
        version = dict(first.headers)[b"etag"].decode().partition("-")[0]
        assert version == again["ETag"].partition("-")[0]
    with world.bound():
        assert Entry.objects.filter(pk__in=[post["id"], reply["id"]]).count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "one"},
        {"space": "00000000-0000-0000-0000-000000000000"},
        {"body": ""},
        {"body": "half of a character \ud800"},
        {"kind": "nothing"},
        {"colour": "blue"},
    ],
)
def test_what_is_written_oddly_is_left_to_django_and_not_kept(world: World, change: dict[str, Any]) -> None:
    content = {"id": str(new_id()), "space": str(world.spaces["everyone"].id), "body": "Seeds", **change}
    with world.bound():
        before = Entry.objects.count()
    assert written(Caller(world, "bob"), "/entries", content) is None
    with world.bound():
        assert Entry.objects.count() == before


def test_who_may_not_write_is_left_to_django(world: World) -> None:
    content = {"id": str(new_id()), "space": str(world.spaces["everyone"].id), "body": "Seeds"}
    assert written(Caller(world, "bob", scopes=("read",)), "/entries", content) is None
    assert written(Caller(world, "bob"), "/entries", b'{"id": ') is None
    assert written(Caller(world, "bob"), "/entries", content, **{"content-length": "12"}) is None
    assert written(Caller(world, "bob"), "/entries", content, **{"content-length": "1000000"}) is None
    assert written(Caller(world, "bob"), "/entries", content, **{"transfer-encoding": "chunked"}) is None


def test_a_body_that_was_taken_in_is_handed_on_whole() -> None:
    received = bytearray()

    async def django(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            received.extend(message["body"])
            more = message["more_body"]

    async def receive() -> Any:
        return parts.pop(0)

    parts = [
        {"type": "http.request", "body": b'{"id"', "more_body": True},
        {"type": "http.request", "body": b": 1}", "more_body": False},
    ]
    scope = scope_of("/entries", method="POST", secret="x", **{"content-length": "9"})
    with ThreadPoolExecutor(1) as threads:
        application = direct.DirectAnswers(django, threads, lambda host: False)
        wait_for(application(scope, receive, None))
    assert bytes(received) == b'{"id": 1}'
