"""The app on one's own screen: what a device is told, and which pages it may keep."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(client: Client, world: World) -> Client:
    with world.bound():
        sign_in(client, world.bob)
    return client


def test_the_manifest_names_the_organization_and_stays_within_it(bob: Client, world: World) -> None:
    described = bob.get("/o/atelier/manifest.webmanifest").json()
    assert described["name"] == world.organization.name
    assert described["start_url"] == described["scope"] == described["id"] == "/o/atelier/"
    assert described["share_target"]["action"] == "/o/atelier/share"
    assert {icon["purpose"] for icon in described["icons"]} == {"any", "maskable"}


def test_the_manifest_speaks_the_language_of_the_device(client: Client, world: World) -> None:
    described = client.get("/o/atelier/manifest.webmanifest", headers={"Accept-Language": "fr"}).json()
    assert described["lang"] == "fr"
    assert described["shortcuts"][0]["name"] == "Nouvelle publication"


@pytest.mark.parametrize("path", ["", "all", "notifications", "bookmarks", "people", "spaces", "offline"])
def test_what_is_read_may_be_kept(bob: Client, world: World, path: str) -> None:
    answer = bob.get(f"/o/atelier/{path}")
    assert (answer.status_code, answer["Parvis-Viewer"]) == (200, str(world.people["bob"].id))
    assert "Parvis-Keep" in answer


@pytest.mark.parametrize("path", ["search?q=x", "account/email", "people/me", "entries"])
def test_forms_searches_and_accounts_are_not_kept(bob: Client, path: str) -> None:
    assert "Parvis-Keep" not in bob.get(f"/o/atelier/{path}")


def test_a_page_for_nobody_says_so(client: Client, world: World) -> None:
    answer = client.get("/o/atelier/account/sign-in")
    assert answer["Parvis-Viewer"] == "nobody"
    assert "Parvis-Keep" not in answer


def test_a_fragment_is_no_page(bob: Client) -> None:
    assert "Parvis-Viewer" not in bob.get("/o/atelier/", headers={"HX-Request": "true"})


def test_what_is_shared_opens_the_composer_and_publishes_nothing(bob: Client) -> None:
    given = {"title": "News", "text": "<b>Look</b>", "url": "https://example.org/?a=1&b=2"}
    page = bob.post("/o/atelier/share", given, follow=True)
    assert page.redirect_chain[0][0].startswith("/o/atelier/entries?title=News&body=")
    text = page.content.decode()
    assert "&lt;b&gt;Look&lt;/b&gt;\n\nhttps://example.org/?a=1&amp;b=2" in text
    assert 'value="News"' in text


def test_an_endless_proposal_is_cut(bob: Client) -> None:
    page = bob.get("/o/atelier/entries", {"title": "t" * 300, "body": "b" * 30_000}).content.decode()
    assert "t" * 200 in page and "t" * 201 not in page
    assert "b" * 20_000 in page and "b" * 20_001 not in page
