"""What administrators may do, and what nobody may."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from parvis.people.models import Organization, Person, PersonFollow
from tests.world import World, sign_in

SETTINGS = {
    "name": "Atelier du Lac",
    "default_language": "fr",
    "languages": ["fr", "en"],
    "time_zone": "Europe/Paris",
    "who_creates_spaces": "administrators",
    "who_adds_emoji": "members",
    "who_invites": "members",
    "email_domains": "atelier.example",
    "host_name": "",
    "upload_limit": "50",
}


def as_(world: World, client: Client, name: str) -> Client:
    with world.bound():
        sign_in(client, world.people[name])
    return client


def picture() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(data, "PNG")
    return SimpleUploadedFile("face.png", data.getvalue(), "image/png")


def test_an_administrator_changes_the_organization(world: World, client: Client) -> None:
    response = as_(world, client, "alice").post("/o/atelier/administration", SETTINGS)
    assert response.status_code == 302
    organization = Organization.objects.get(slug="atelier")
    assert (organization.name, organization.who_invites) == ("Atelier du Lac", "members")
    assert organization.upload_limit_bytes == 50 * 1024 * 1024
    assert organization.email_domains == ["atelier.example"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email_domains": "gmail.com"},
        {"email_domains": "not a domain"},
        {"host_name": "http://x"},
        {"upload_limit": "999999"},
        {"upload_limit": "0"},
        {"languages": ["en"]},
        {"name": ""},
        {"time_zone": "Mars/Olympus"},
    ],
)
def test_settings_that_cannot_be_are_refused_and_nothing_typed_is_lost(
    world: World, client: Client, wrong: dict[str, object]
) -> None:
    response = as_(world, client, "alice").post("/o/atelier/administration", SETTINGS | wrong)
    assert response.status_code == 422
    assert Organization.objects.get(slug="atelier").name == "Atelier"
    if "name" not in wrong:
        assert "Atelier du Lac" in response.content.decode()


def test_members_change_nothing_of_the_organization(world: World, client: Client) -> None:
    assert as_(world, client, "bob").post("/o/atelier/administration", SETTINGS).status_code == 404
    with world.bound():
        target = world.dan.id
    for path in ("role", "access"):
        data = {"is_administrator": "on", "change": "remove"}
        assert client.post(f"/o/atelier/administration/people/{target}/{path}", data).status_code == 404
    with world.bound():
        assert world.dan.is_active


def test_the_last_administrator_stays_one(world: World, client: Client) -> None:
    with world.bound():
        alice = world.alice.id
    response = as_(world, client, "alice").post(f"/o/atelier/administration/people/{alice}/role", {})
    assert response.status_code == 422
    with world.bound():
        assert world.alice.is_administrator


def test_an_administrator_removes_suspends_and_reinstates(world: World, client: Client) -> None:
    as_(world, client, "alice")
    with world.bound():
        bob = world.bob.id
    path = f"/o/atelier/administration/people/{bob}/access"
    for change, state in (("suspend", "suspended"), ("reinstate", "active"), ("remove", "left")):
        assert client.post(path, {"change": change}).status_code == 302
        with world.bound():
            assert Person.objects.get(pk=bob).state == state


def test_an_administrator_reaches_nobody_of_another_organization(world: World, client: Client) -> None:
    twin = world.people["twin_bob"].id
    as_(world, client, "alice")
    assert client.get(f"/o/atelier/people/{twin}").status_code == 404
    assert client.get(f"/o/atelier/administration/people/{twin}").status_code == 404
    path = f"/o/atelier/administration/people/{twin}/access"
    assert client.post(path, {"change": "remove"}).status_code == 404


def test_a_profile_is_edited_with_its_picture(world: World, client: Client) -> None:
    as_(world, client, "bob")
    data = {
        "full_name": "Bob Dupont",
        "skills": "Pumps, pumps ; Valves",
        "manager": "Chloé Élan",
        "picture": picture(),
    }
    assert client.post("/o/atelier/profile/edit", data).status_code == 302
    with world.bound():
        bob = world.bob
        assert bob.skills == ["Pumps", "Valves"]
        assert bob.manager == world.chloe
        url = f"/o/atelier/people/{bob.id}/picture/{bob.picture_id}"
    assert client.get(url).status_code == 200
    as_(world, client, "grace")
    assert client.get(url).status_code == 200
    with world.bound():
        hidden = f"/o/atelier/people/{world.dan.id}"
    assert client.get(hidden).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a" + b"\x00" * 20, b"", b"MZ\x90\x00"])
def test_what_is_no_picture_is_refused(world: World, client: Client, content: bytes) -> None:
    as_(world, client, "bob")
    data = {"full_name": "Robert Typed", "picture": SimpleUploadedFile("face.png", content, "image/png")}
    response = client.post("/o/atelier/profile/edit", data)
    assert response.status_code == 422
    assert "Robert Typed" in response.content.decode()
    with world.bound():
        assert world.bob.picture_id is None


def test_nobody_manages_themselves_even_by_a_detour(world: World, client: Client) -> None:
    as_(world, client, "bob")
    with world.bound():
        Person.objects.filter(pk=world.chloe.pk).update(manager=world.bob)
    data = {"full_name": "Bob Dupont", "manager": "chloe@atelier.example"}
    assert client.post("/o/atelier/profile/edit", data).status_code == 422


def test_following_is_on_and_off(world: World, client: Client) -> None:
    as_(world, client, "bob")
    with world.bound():
        path = f"/o/atelier/people/{world.dan.id}/following"
    client.post(path)
    with world.bound():
        assert PersonFollow.objects.filter(follower=world.bob, followed=world.dan).exists()
    answer = client.post(path, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="false"' in answer


def test_somebody_leaves_after_typing_the_name(world: World, client: Client) -> None:
    as_(world, client, "dan")
    assert client.post("/o/atelier/settings/leaving", {"name": "Jumeau"}).status_code == 422
    assert client.post("/o/atelier/settings/leaving", {"name": "atelier"}).status_code == 302
    with world.bound():
        assert world.dan.state == "left"
    assert client.get("/o/atelier/people").status_code == 302
