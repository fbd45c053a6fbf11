"""The first visit, and the root of an installation."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from parvis.foundation import first_visit
from parvis.people import actions
from parvis.people.models import Organization, Person
from tests.world import World, sign_in

FORM = {
    "name": "Fonderie du Lac",
    "slug": "",
    "language": "fr",
    "time_zone": "Europe/Paris",
    "full_name": "Ada Roy",
    "email": "Ada@Lac.example",
    "password": "quiet lamps by the river",
}


def token() -> str:
    return first_visit.path(settings.DATA_FOLDER).partition("token=")[2]


def test_the_printed_link_creates_the_organization_once(empty_installation: None, client: Client) -> None:
    secret = token()
    assert client.get(f"/setup?token={secret}").status_code == 200
    response = client.post("/setup", FORM | {"token": secret})
    assert (response.status_code, response["Location"]) == (302, "/o/fonderie-du-lac/")
    organization = Organization.objects.get()
    assert (organization.slug, organization.default_language) == ("fonderie-du-lac", "fr")
    assert client.get("/o/fonderie-du-lac/administration").status_code == 200
    again = Client(SERVER_NAME="localhost").post("/setup", FORM | {"token": secret, "slug": "second"})
    assert again.status_code == 302
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "x", "é" * 60, "../../etc/passwd", "\x00"])
def test_a_wrong_token_creates_nothing(empty_installation: None, client: Client, wrong: str) -> None:
    token()
    client.post("/setup", FORM | {"token": wrong})
    assert not Organization.objects.exists()


def test_a_refused_form_keeps_what_was_typed(empty_installation: None, client: Client) -> None:
    response = client.post("/setup", FORM | {"token": token(), "password": "1234567890"})
    assert response.status_code == 422
    assert "Fonderie du Lac" in response.content.decode()
    assert not Organization.objects.exists()


def test_the_root_leads_to_setup_before_there_is_anything(empty_installation: None, client: Client) -> None:
    assert client.get("/", follow=True).request["PATH_INFO"] == "/setup"


def test_the_root_of_a_single_organization_leads_to_it(empty_installation: None, client: Client) -> None:
    actions.create_organization(slug="lac", name="Lac", administrator_email="ada@lac.example")
    response = client.get("/people")
    assert client.get(response["Location"])["Location"] == "/o/lac/people"


def test_nobody_learns_which_organizations_exist(world: World, client: Client) -> None:
    page = client.get("/", follow=True).content.decode()
    assert "Atelier" not in page
    assert "Jumeau" not in page


def test_a_signed_in_identity_chooses_among_its_own(world: World, client: Client) -> None:
    with world.bound():
        sign_in(client, world.bob)
        identity = world.bob.identity
    assert client.get("/organizations")["Location"] == "/o/atelier/"
    with world.bound_to_twin():
        actions.join_organization(identity=identity, full_name="Bob Dupont")
    page = client.get("/organizations").content.decode()
    assert "/o/atelier/" in page
    assert "/o/jumeau/" in page


def test_a_stranger_to_an_organization_is_told_so_and_no_more(world: World, client: Client) -> None:
    with world.bound_to_twin():
        sign_in(client, world.people["twin_bob"])
    page = client.get("/o/atelier/people", follow=True).content.decode()
    assert "not a member here" in page
    assert "Alice" not in page


def test_an_organizations_own_host_serves_it_without_prefix_and_no_other(world: World) -> None:
    Organization.objects.filter(slug="atelier").update(host_name="atelier.localhost")
    client = Client(SERVER_NAME="atelier.localhost")
    assert "Atelier" in client.get("/account/sign-in").content.decode()
    assert client.get("/o/jumeau/account/sign-in").status_code == 404


def test_the_language_can_be_chosen_before_sign_in(world: World, client: Client) -> None:
    client.post("/o/atelier/language", {"language": "fr", "next": "/o/atelier/account/sign-in"})
    assert 'lang="fr"' in client.get("/o/atelier/account/sign-in").content.decode()
    with world.bound():
        Person.objects.filter(pk=world.bob.pk).update(language="en")
        sign_in(client, world.bob)
    assert 'lang="en"' in client.get("/o/atelier/people").content.decode()
