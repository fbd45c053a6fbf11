"""Who has an answer already is told so; who changes something may say which version they mean."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    return Caller(world, "bob")


@pytest.mark.parametrize("path", ["/me", "/feed", "/spaces", "/people", "/notifications", "/search?q=walrus"])
def test_what_is_still_true_is_not_sent_again(world: World, bob: Caller, path: str) -> None:
    first = bob("GET", path)
    assert first.status_code == 200
    again = bob("GET", path, **{"If-None-Match": f'"other", W/{first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "RateLimit" in again.headers
    assert bob("GET", path, **{"If-None-Match": '"other"'}).status_code == 200


def test_the_tag_of_a_list_changes_with_what_it_holds(world: World, bob: Caller) -> None:
    before = bob("GET", "/feed")["ETag"]
    bob("POST", "/entries", {"space": str(world.spaces["lounge"].id), "body": "News"})
    assert bob("GET", "/feed", **{"If-None-Match": before}).status_code == 200


def test_a_tag_says_nothing_to_who_may_not_read(world: World, bob: Caller) -> None:
    path = f"/entries/{world.entries['cellar post'].id}"
    assert bob("GET", path, **{"If-None-Match": "*"}).status_code == 404
    assert bob("PATCH", path, {"version": 1, "body": "x"}, **{"If-Match": '"1-x"'}).status_code == 404


def test_a_change_may_name_the_version_that_it_means(world: World, bob: Caller) -> None:
    created = bob("POST", "/entries", {"space": str(world.spaces["lounge"].id), "body": "One"})
    path = f"/entries/{created.json()['id']}"
    read = bob("GET", path)
    assert read["ETag"] == created["ETag"]
    bob("PUT", f"{path}/reactions/👍")
    edited = bob("PATCH", path, {"version": 1, "body": "Two"}, **{"If-Match": read["ETag"]})
    assert edited.status_code == 200, "a reaction does not refuse an edit"
    assert edited["ETag"] == bob("GET", path)["ETag"] != read["ETag"]
    late = bob("PATCH", path, {"version": 2, "body": "Three"}, **{"If-Match": read["ETag"]})
    assert (late.status_code, late.json()["code"]) == (412, "changed_since")
    assert late.json()["current"] == {"version": 2, "title": "", "body": "Two"}
    assert bob("DELETE", path, **{"If-Match": read["ETag"]}).status_code == 412
    assert bob("DELETE", path, **{"If-Match": "nonsense"}).status_code == 412
    assert bob("DELETE", path, **{"If-Match": edited["ETag"]}).status_code == 204


def test_an_unknown_method_is_a_problem_that_names_the_known_ones(world: World, bob: Caller) -> None:
    answer = bob("DELETE", "/me")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer["Content-Type"] == "application/problem+json"


def test_the_description_tells_of_tags_limits_and_tokens(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for operations in document["paths"].values():
        for method, operation in operations.items():
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert ("304" in operation["responses"]) == ("If-None-Match" in names) == (method == "get")
            for status, response in operation["responses"].items():
                assert "RateLimit" in response["headers"]
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]
    assert "412" in document["paths"]["/api/v1/entries/{entry_id}"]["patch"]["responses"]


def test_the_description_can_be_kept(client: Client) -> None:
    tag = client.get("/api/v1/openapi.json")["ETag"]
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": tag}).status_code == 304
