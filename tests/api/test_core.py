"""The core of version 1, called as a program would."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from parvis.api import schemas
from parvis.api.schemas.basics import Input
from parvis.api.tokens import revoke_token
from parvis.api.v1 import api
from parvis.people import actions as people
from tests.api.callers import Caller
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    return Caller(world, "bob")


def test_no_two_shapes_have_one_name() -> None:
    """The description knows a shape by its name: of two, one operation would be described by the other's."""
    names = [shape.__name__ for shape in _shapes()]
    assert sorted(names) == sorted(set(names))


def _shapes() -> Iterator[type]:
    for module in pkgutil.iter_modules(schemas.__path__):
        for shape in vars(importlib.import_module(f"{schemas.__name__}.{module.name}")).values():
            if isinstance(shape, type) and shape.__module__.endswith(f".{module.name}"):
                yield shape


def test_no_number_is_taken_for_a_yes_and_no_yes_for_a_number() -> None:
    """The description says integer or boolean; the validator alone would take `true`, `1.0` and "1" for 1, too."""
    bodies = [shape for shape in _shapes() if issubclass(shape, Input) and shape is not Input]
    assert len(bodies) > 30
    assert [shape.__name__ for shape in bodies if _is_loose(shape.__pydantic_core_schema__)] == []


def _is_loose(part: Any) -> bool:
    if isinstance(part, dict):
        is_exact = part.get("strict") or part.get("type") not in {"int", "bool", "float"}
        return not is_exact or any(map(_is_loose, part.values()))
    return isinstance(part, (list, tuple)) and any(map(_is_loose, part))


def test_no_number_is_taken_for_a_date() -> None:
    """The validator alone would read "0" as the first day of 1970: `schemas.basics` has dates that are written."""
    asked = [
        (operation.view_func.__name__, model.__pydantic_core_schema__)
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
        for model in operation.models
    ]
    assert any(view == "read_all" for view, _schema in asked)
    assert [view for view, schema in asked if _has_loose_date(schema)] == []


def _has_loose_date(part: Any) -> bool:
    if isinstance(part, dict):
        if part.get("type") == "function-before":
            return False
        return part.get("type") in {"date", "datetime"} or any(map(_has_loose_date, part.values()))
    return isinstance(part, (list, tuple)) and any(map(_has_loose_date, part))


def test_me_says_who_where_and_what_the_token_may(world: World, bob: Caller) -> None:
    me = bob("GET", "/me").json()
    assert me["full_name"] == "Bob Dupont"
    assert me["organization"]["slug"] == "atelier"
    assert me["scopes"] == ["read", "write"]


@pytest.mark.parametrize("path", ["/me", "/feed", "/spaces", "/people", "/notifications", "/search?q=walrus"])
def test_nothing_answers_without_a_token(world: World, client: Client, path: str) -> None:
    answer = client.get(f"/o/atelier/api/v1{path}")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["", "nonsense", "parvis_nonsense", "parvis_" + "x" * 500, "\u00e9"])
def test_a_wrong_token_opens_nothing(world: World, client: Client, secret: str) -> None:
    answer = client.get("/o/atelier/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_a_token_that_contradicts_the_organization_finds_nothing(world: World, bob: Caller) -> None:
    assert bob("GET", "/o/jumeau/api/v1/me").status_code == 404
    assert bob("GET", "/me", **{"X-Parvis-Organization": "jumeau"}).status_code == 404
    assert bob("GET", "/o/atelier/api/v1/me").status_code == 200
    assert bob("GET", "/me", **{"X-Parvis-Organization": "atelier"}).status_code == 200


def test_a_reading_token_does_not_write_and_a_writing_one_does_not_read(world: World) -> None:
    reader, writer = Caller(world, "bob", ("read",)), Caller(world, "bob", ("write",))
    payload = {"space": str(world.spaces["lounge"].id), "body": "Hello"}
    assert reader("POST", "/entries", payload).json()["code"] == "out_of_scope"
    assert writer("GET", "/me").status_code == 403
    assert writer("POST", "/entries", payload).status_code == 201


@pytest.mark.parametrize("path", ["/me", "/feed", "/entries/00000000-0000-0000-0000-000000000000"])
def test_head_answers_like_get_without_a_body(world: World, bob: Caller, path: str) -> None:
    whole, head = bob("GET", path), bob("HEAD", path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert {**head.headers, "RateLimit": ""} == {**whole.headers, "RateLimit": ""}


def test_a_revoked_token_and_a_suspended_person_are_out_at_once(world: World, bob: Caller) -> None:
    other = Caller(world, "bob")
    with world.bound():
        revoke_token(person=world.bob, token=other.token)
    assert other("GET", "/me").status_code == 401
    with world.bound():
        people.suspend_person(actor=world.alice, person=world.bob)
    assert bob("GET", "/me").status_code == 401


def test_a_post_lives_its_whole_life(world: World, bob: Caller) -> None:
    entry_id = str(uuid4())
    payload = {"id": entry_id, "space": str(world.spaces["lounge"].id), "title": "T", "body": "Some *text*"}
    created = bob("POST", "/entries", payload)
    assert created.status_code == 201, created.content
    again = bob("POST", "/entries", payload)
    assert (again.status_code, again.json()["id"]) == (201, entry_id)
    assert bob("GET", "/feed").json()["items"][0]["id"] == entry_id
    reply = bob("POST", f"/entries/{entry_id}/replies", {"body": "Reply"}).json()
    assert reply["thread_id"] == entry_id
    assert bob("PUT", f"/entries/{entry_id}/reactions/👍").status_code == 204
    shown = bob("GET", f"/entries/{entry_id}").json()
    thumb = {"emoji": "👍", "count": 1, "is_mine": True, "picture_url": None}
    assert (shown["reply_count"], shown["reactions"]) == (1, [thumb])
    edited = bob("PATCH", f"/entries/{entry_id}", {"version": 1, "body": "Other text"}).json()
    assert (edited["version"], edited["title"]) == (2, "T")
    conflict = bob("PATCH", f"/entries/{entry_id}", {"version": 1, "body": "Mine"})
    assert (conflict.status_code, conflict.json()["current"]["body"]) == (409, "Other text")
    thread = bob("GET", f"/entries/{reply['id']}/thread").json()
    assert [item["id"] for item in thread["items"]] == [reply["id"]]
    assert bob("DELETE", f"/entries/{entry_id}/reactions/👍").status_code == 204
    assert bob("DELETE", f"/entries/{entry_id}").status_code == 204
    assert bob("GET", f"/entries/{entry_id}").status_code == 404


def test_an_id_taken_elsewhere_answers_the_same_wherever_it_is_taken(world: World, bob: Caller) -> None:
    answers = []
    for name in ("twin post", "cellar post", "lounge post"):
        payload = {"id": str(world.entries[name].id), "space": str(world.spaces["lounge"].id), "body": "x"}
        answer = bob("POST", "/entries", payload)
        answers.append((answer.status_code, answer.json()["errors"]))
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 422


@pytest.mark.parametrize("entry", ["cellar post", "twin post", "hidden post", "staged post", "deleted post"])
@pytest.mark.parametrize("suffix", ["", "/thread"])
def test_what_is_not_mine_to_read_is_not_found(world: World, bob: Caller, entry: str, suffix: str) -> None:
    assert bob("GET", f"/entries/{world.entries[entry].id}{suffix}").status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/entries", {"space": "nonsense", "body": "x"}),
        ("/entries", {"body": "x"}),
        ("/entries", {"space": str(uuid4()), "body": "x"}),
        ("/entries", {"space": str(uuid4()), "body": "x", "author": str(uuid4())}),
        ("/spaces", {"kind": "collaborative", "name": "No objective"}),
        ("/spaces", {"kind": "castle", "name": "x"}),
        ("/spaces", {"kind": "network", "name": ""}),
    ],
)
def test_bad_input_names_its_fields_in_the_language_asked_for(
    world: World, bob: Caller, path: str, data: Any
) -> None:
    answer = bob("POST", path, data, **{"Accept-Language": "fr"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert problem["errors"]


def test_a_body_that_is_no_json_is_a_clear_problem(world: World, bob: Caller) -> None:
    answer = bob.client.post(
        "/api/v1/entries",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {bob.secret}"},
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("cursor", ["nonsense", "%00", "é", "a" * 3000])
@pytest.mark.parametrize("path", ["/feed", "/people", "/spaces", "/notifications"])
def test_a_foreign_cursor_is_refused(world: World, bob: Caller, path: str, cursor: str) -> None:
    assert bob("GET", f"{path}?cursor={cursor}").status_code == 422


def test_paging_through_the_feed_repeats_and_skips_nothing(world: World, bob: Caller) -> None:
    whole = [item["id"] for item in bob("GET", "/feed?limit=100").json()["items"]]
    paged, cursor = [], ""
    while True:
        page = bob("GET", f"/feed?limit=1&cursor={cursor}").json()
        paged += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert paged == whole


def test_a_guest_sees_only_what_they_were_invited_to(world: World) -> None:
    grace = Caller(world, "grace")
    assert grace("GET", "/people").json()["items"] == []
    assert [space["name"] for space in grace("GET", "/spaces").json()["items"]] == ["Quieter pumps"]
    found = grace("GET", "/search?q=Bob").json()
    assert not found["people"]


def test_a_session_writes_only_with_its_csrf_token(world: World) -> None:
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    with world.bound():
        sign_in(client, world.bob)
    assert client.get("/o/atelier/api/v1/me").status_code == 200
    answer = client.post(
        "/o/atelier/api/v1/spaces", {"kind": "network", "name": "x"}, content_type="application/json"
    )
    assert answer.status_code == 403


def test_the_description_is_for_everybody(world: World, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/entries/{entry_id}/thread" in document["paths"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert "401" in operation["responses"], f"{method} {path}"


def test_a_file_is_uploaded_and_attached(world: World, bob: Caller) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = bob.client.post(
        "/api/v1/files",
        {"file": SimpleUploadedFile("notes.txt", b"hello")},
        headers={"Authorization": f"Bearer {bob.secret}"},
    )
    assert upload.status_code == 201, upload.content
    payload = {
        "space": str(world.spaces["lounge"].id),
        "body": "",
        "attachments": [{"id": upload.json()["id"]}],
    }
    entry = bob("POST", "/entries", payload).json()
    assert entry["attachments"][0]["name"] == "notes.txt"
    stolen = Caller(world, "chloe")("POST", "/entries", {**payload, "id": str(uuid4())})
    assert stolen.status_code == 422


def test_the_command_prints_a_token_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("token", "bob@atelier.example", organization="atelier", scopes=["read"])
    secret = capsys.readouterr().out.strip()
    answer = Client(SERVER_NAME="localhost").get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["email"] == "bob@atelier.example"


def test_the_page_shows_a_new_token_once_and_revokes_it(world: World, client: Client) -> None:
    with world.bound():
        sign_in(client, world.bob)
    page = client.post("/o/atelier/account/tokens", {"name": "Build", "scopes": ["read"]}).content.decode()
    assert "parvis_" in page
    again = client.get("/o/atelier/account/tokens").content.decode()
    assert "parvis_" not in again.replace("parvis_csrf", "")
    assert "Build" in again
