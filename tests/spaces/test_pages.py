"""The pages around a space, opened by those who may and those who may not."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.spaces.models import JoinRequest, Membership, Space
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

PAGES = ("", "/about", "/members", "/requests", "/invitations", "/settings", "/request")


def open_as(world: World, client: Client, name: str) -> Client:
    with world.bound():
        sign_in(client, getattr(world, name))
    return client


def at(world: World, space: str, page: str = "") -> str:
    return f"/o/atelier/spaces/{world.spaces[space].id}{page}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["dan", "bob", "grace", "max", "alice"])
def test_a_secret_space_is_unknown_to_whoever_is_not_in_it(
    world: World, client: Client, name: str, page: str
) -> None:
    assert open_as(world, client, name).get(at(world, "cellar", page)).status_code == 404


@pytest.mark.parametrize("page", ["", "/about", "/members", "/requests", "/settings"])
def test_a_host_opens_every_page(world: World, client: Client, page: str) -> None:
    assert open_as(world, client, "alice").get(at(world, "project", page)).status_code == 200


def test_a_closed_space_shows_its_objective_to_outsiders_and_nothing_else(
    world: World, client: Client
) -> None:
    open_as(world, client, "dan")
    wall = client.get(at(world, "project"), follow=True)
    assert wall.redirect_chain
    text = wall.content.decode()
    assert "Bring the pump under 40 dB" in text
    assert "walrus" not in text
    assert client.get(at(world, "project", "/members")).status_code == 404


def test_a_guest_discovers_nothing(world: World, client: Client) -> None:
    text = open_as(world, client, "grace").get("/o/atelier/spaces").content.decode()
    assert "Quieter pumps" in text
    assert "Lounge" not in text


@pytest.mark.parametrize("page", ["/requests", "/settings"])
def test_a_member_who_is_not_host_gets_no_management_page(world: World, client: Client, page: str) -> None:
    assert open_as(world, client, "bob").get(at(world, "project", page)).status_code in (403, 404)


def test_joining_and_leaving_an_open_space(world: World, client: Client) -> None:
    open_as(world, client, "dan")
    client.post(at(world, "lounge", "/membership"))
    with world.bound():
        assert Membership.objects.filter(space=world.spaces["lounge"], person=world.people["dan"]).exists()
    client.post(at(world, "lounge", "/departure"))
    with world.bound():
        assert not Membership.objects.filter(
            space=world.spaces["lounge"], person=world.people["dan"]
        ).exists()


def test_asking_to_join_and_being_let_in(world: World, client: Client) -> None:
    open_as(world, client, "dan").post(at(world, "project", "/request"), {"message": "I know pumps"})
    with world.bound():
        request = JoinRequest.objects.get(space=world.spaces["project"])
    open_as(world, client, "alice")
    assert "I know pumps" in client.get(at(world, "project", "/requests")).content.decode()
    client.post(at(world, "project", f"/requests/{request.id}"), {"answer": "accept"})
    assert open_as(world, client, "dan").get(at(world, "project")).status_code == 200


def test_a_collaborative_space_without_objective_is_refused_and_nothing_typed_is_lost(
    world: World, client: Client
) -> None:
    open_as(world, client, "bob")
    answer = client.post(
        "/o/atelier/spaces/new",
        {"kind": "collaborative", "name": "Typed name", "privacy": "open", "posting": "members"},
    )
    assert answer.status_code == 422
    assert "Typed name" in answer.content.decode()
    with world.bound():
        assert not Space.objects.filter(name="Typed name").exists()


@pytest.mark.parametrize("kind", ["network", "collaborative"])
def test_a_member_creates_a_space_of_either_kind(world: World, client: Client, kind: str) -> None:
    open_as(world, client, "bob")
    with world.bound():
        sponsor = str(world.people["alice"].id)
    values = {"kind": kind, "name": "New one", "privacy": "closed", "posting": "members"}
    if kind == "collaborative":
        values |= {
            "objective": "o",
            "problem": "p",
            "measure": "m",
            "sponsor": sponsor,
            "ends_on": "2027-01-31",
        }
    answer = client.post("/o/atelier/spaces/new", values)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    with world.bound():
        space = Space.objects.get(name="New one")
        assert space.kind == kind
        assert Membership.objects.get(space=space).role == "host"


def test_an_invitation_opens_a_secret_spaces_door(world: World, client: Client) -> None:
    open_as(world, client, "chloe")
    client.post(at(world, "cellar", "/invitations"), {"person": str(world.people["dan"].id)})
    open_as(world, client, "dan")
    assert "Cellar" in client.get("/o/atelier/spaces").content.decode()
    client.post(at(world, "cellar", "/membership"))
    assert client.get(at(world, "cellar")).status_code == 200


def test_the_last_host_stays(world: World, client: Client) -> None:
    open_as(world, client, "alice").post(at(world, "project", "/departure"))
    with world.bound():
        assert Membership.objects.filter(space=world.spaces["project"], person=world.people["alice"]).exists()
