"""Every page about people opens, in both languages, for those whom it is for."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World, sign_in

MEMBER_PAGES = [
    "/people",
    "/people?view=list&q=bob",
    "/people/suggestions?q=bo",
    "/profile/edit",
    "/settings",
    "/settings/leaving",
    "/account/email",
    "/account/password",
    "/account/sessions",
    "/account/sign-out",
]
ADMINISTRATOR_PAGES = [
    "/administration",
    "/administration/people",
    "/administration/units",
    "/administration/audit",
    "/administration/audit?show=sign-ins",
    "/administration/audit?show=changes",
    "/administration/spaces",
    "/invitations",
    "/invitations/new",
    "/invitations/list",
    "/invitations/link",
]
STRANGER_PAGES = [
    "/account/sign-in",
    "/account/password/reset",
    "/account/password/reset/sent",
    "/account/password/reset/done",
    "/account/password/reset/1-nonsense",
    "/account/inactive",
    "/account/email/sent",
    "/account/email/confirm/nonsense",
    "/join",
]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", MEMBER_PAGES)
def test_a_member_opens_every_page_of_theirs(client: Client, world: World, path: str, language: str) -> None:
    with world.bound():
        sign_in(client, world.bob)
    client.cookies["parvis_language"] = language
    assert client.get(f"/o/atelier{path}").status_code == 200


@pytest.mark.parametrize("path", [*ADMINISTRATOR_PAGES, *MEMBER_PAGES])
def test_an_administrator_opens_every_page(client: Client, world: World, path: str) -> None:
    with world.bound():
        sign_in(client, world.alice)
    assert client.get(f"/o/atelier{path}").status_code == 200


@pytest.mark.parametrize("path", ADMINISTRATOR_PAGES)
def test_administration_does_not_exist_for_members(client: Client, world: World, path: str) -> None:
    with world.bound():
        sign_in(client, world.bob)
    assert client.get(f"/o/atelier{path}").status_code == 404


@pytest.mark.parametrize("path", STRANGER_PAGES)
def test_a_stranger_opens_the_pages_around_sign_in(client: Client, world: World, path: str) -> None:
    response = client.get(f"/o/atelier{path}")
    assert response.status_code == 200
    page = response.content.decode()
    assert " style=" not in page
    assert "<script>" not in page


def test_profiles_open(client: Client, world: World) -> None:
    with world.bound():
        sign_in(client, world.bob)
        paths = [
            f"/o/atelier/people/{person.id}" for person in (world.bob, world.alice, world.ute, world.lea)
        ]
        manage = f"/o/atelier/administration/people/{world.bob.id}"
    for path in paths:
        assert client.get(path).status_code == 200
        for part in ("entries", "spaces"):
            assert client.get(f"{path}/{part}").status_code == 200
    with world.bound():
        sign_in(client, world.alice)
    assert client.get(manage).status_code == 200
    assert client.get(f"{paths[0]}/edit").status_code == 200
