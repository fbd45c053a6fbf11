"""The doors of a space through the API."""

from __future__ import annotations

import pytest

from parvis.spaces.models import Membership
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(world: World) -> Caller:
    return Caller(world, "alice")


@pytest.fixture
def dan(world: World) -> Caller:
    return Caller(world, "dan")


def test_an_open_space_is_joined_and_left(world: World, dan: Caller) -> None:
    lounge = world.spaces["lounge"].id
    for _twice in range(2):
        assert dan("PUT", f"/spaces/{lounge}/members/me").json()["role"] == "member"
    assert dan("DELETE", f"/spaces/{lounge}/members/me").status_code == 204
    assert dan("GET", f"/spaces/{lounge}").json()["role"] is None


def test_a_closed_space_is_asked_for_and_its_hosts_answer(world: World, alice: Caller, dan: Caller) -> None:
    project = world.spaces["project"].id
    assert dan("PUT", f"/spaces/{project}/members/me").status_code == 404
    assert dan("PUT", f"/spaces/{project}/request", {"message": "I know pumps"}).status_code == 204
    assert Caller(world, "bob")("GET", f"/spaces/{project}/requests").status_code == 404
    [waiting] = [
        row
        for row in alice("GET", f"/spaces/{project}/requests").json()["items"]
        if row["person"]["full_name"] == "Dan Field"
    ]
    assert waiting["message"] == "I know pumps"
    path = f"/spaces/{project}/requests/{waiting['id']}"
    assert alice("PUT", path, {"is_accepted": True}).status_code == 204
    assert alice("PUT", path, {"is_accepted": False}).status_code == 404
    assert dan("GET", f"/spaces/{project}").json()["role"] == "member"


def test_somebody_is_asked_in_and_accepts_or_declines(world: World, dan: Caller) -> None:
    cellar = world.spaces["cellar"].id
    chloe = Caller(world, "chloe")
    path = f"/spaces/{cellar}/invitations"
    assert dan("POST", path, {"person_id": str(world.people["dan"].id)}).status_code == 404
    assert chloe("POST", path, {"person_id": str(world.people["dan"].id)}).status_code == 204
    [invitation] = dan("GET", "/spaces/invitations").json()["items"]
    assert invitation["space"]["name"] == "Cellar"
    assert dan("DELETE", f"/spaces/{cellar}/invitation").status_code == 204
    assert dan("GET", "/spaces/invitations").json()["items"] == []
    assert dan("PUT", f"/spaces/{cellar}/members/me").status_code == 404
    assert chloe("POST", path, {"person_id": str(world.people["lea"].id)}).status_code in (204, 422)


def test_hosts_name_others_and_remove_them(world: World, alice: Caller) -> None:
    lounge, bob = world.spaces["lounge"].id, world.people["bob"].id
    path = f"/spaces/{lounge}/members/{bob}"
    assert Caller(world, "dan")("PATCH", path, {"role": "host"}).status_code == 404
    assert alice("PATCH", path, {"role": "host"}).status_code == 204
    with world.bound():
        assert Membership.objects.get(space_id=lounge, person_id=bob).role == "host"
    assert alice("PATCH", path, {"role": "king"}).status_code == 422
    assert alice("DELETE", path).status_code == 204
    assert alice("DELETE", path).status_code == 404


def test_the_last_host_names_another_first(world: World, alice: Caller) -> None:
    path = f"/spaces/{world.spaces['lounge'].id}/members"
    assert alice("PATCH", f"{path}/{world.people['chloe'].id}", {"role": "member"}).status_code == 204
    assert alice("DELETE", f"{path}/me").status_code == 422


def test_a_space_is_changed_archived_and_opened_again(world: World, alice: Caller, dan: Caller) -> None:
    lounge = world.spaces["lounge"].id
    assert dan("PATCH", f"/spaces/{lounge}", {"name": "Mine"}).status_code == 404
    changed = alice("PATCH", f"/spaces/{lounge}", {"name": "Salon", "description": "For all"}).json()
    assert (changed["name"], changed["description"], changed["privacy"]) == ("Salon", "For all", "open")
    assert alice("PATCH", f"/spaces/{lounge}", {"objective": "None"}).status_code == 422
    project = world.spaces["project"].id
    assert alice("PATCH", f"/spaces/{project}", {"ends_on": None}).status_code == 422
    assert alice("PUT", f"/spaces/{lounge}/archive").status_code == 204
    assert alice("GET", f"/spaces/{lounge}").json()["state"] == "archived"
    assert alice("DELETE", f"/spaces/{lounge}/archive").status_code == 204


def test_what_is_secret_looks_as_if_it_were_not_there(world: World, alice: Caller) -> None:
    cellar = world.spaces["cellar"].id
    for method, path in [
        ("PUT", "members/me"),
        ("DELETE", "members/me"),
        ("GET", "requests"),
        ("GET", "articles"),
        ("DELETE", "request"),
    ]:
        assert alice(method, f"/spaces/{cellar}/{path}").status_code == 404, path
    assert alice("PATCH", f"/spaces/{cellar}", {"name": "Mine"}).status_code == 404
