"""Suggestions come from shared work, say why, and give nothing away."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from parvis.content import actions as content
from parvis.people import actions as people
from parvis.people.models import Person, PersonFollow, Unit
from parvis.spaces import actions as spaces
from parvis.spaces.models import JoinRequest, Membership, Space
from parvis.suggestions import actions
from parvis.suggestions.queries import suggested_people, suggested_spaces
from tests.api.callers import Caller
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def reasons_for_spaces(viewer: Person) -> dict[str, str]:
    return {item.space.name: item.reason for item in suggested_spaces(viewer, limit=50)}


def reasons_for_people(viewer: Person) -> dict[str, str]:
    return {item.person.full_name: item.reason for item in suggested_people(viewer, limit=50)}


def client_of(world: World, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    with world.bound():
        person = getattr(world, name)
    sign_in(client, person)
    return client


def test_an_open_space_is_suggested_by_the_colleagues_who_are_there(world: World) -> None:
    with world.bound():
        PersonFollow.objects.create(follower=world.dan, followed=world.bob)
        unit = Unit.objects.create(name="Pumps")
        Person.objects.filter(id__in=[world.dan.id, world.chloe.id]).update(unit=unit)
        dan = Person.objects.get(pk=world.dan.pk)
        found = reasons_for_spaces(dan)
        assert found["Lounge"] == "2 colleagues of yours are there"
        assert found["Bulletin"] == "1 colleague of yours is there"
        assert next(iter(found)) == "Lounge"


def test_a_closed_space_is_suggested_by_its_public_words_alone(world: World) -> None:
    with world.bound():
        PersonFollow.objects.create(follower=world.dan, followed=world.bob)
        assert "Quieter pumps" not in reasons_for_spaces(world.dan)
        Person.objects.filter(pk=world.dan.pk).update(skills=["Pump"])
        dan = Person.objects.get(pk=world.dan.pk)
        assert reasons_for_spaces(dan)["Quieter pumps"] == "It is about Pump, which you know"


def test_secret_spaces_and_their_members_contribute_nothing(world: World) -> None:
    with world.bound():
        PersonFollow.objects.create(follower=world.dan, followed=world.chloe)
        Person.objects.filter(pk=world.dan.pk).update(skills=["cellar"])
        assert "Cellar" not in reasons_for_spaces(Person.objects.get(pk=world.dan.pk))
        Membership.objects.create(space=world.cellar, person=world.max)
        content.reply(author=world.max, to=world.entries["cellar post"], body="Hush")
        assert "Chloé Élan" not in reasons_for_people(world.max)


def test_a_space_that_one_joined_left_out_or_asked_for_is_not_suggested(world: World) -> None:
    with world.bound():
        assert "Lounge" not in reasons_for_spaces(world.bob)
        assert "Lounge" in reasons_for_spaces(world.dan)
        actions.dismiss(person=world.dan, kind="space", subject_id=world.lounge.id)
        assert "Lounge" not in reasons_for_spaces(world.dan)
        Person.objects.filter(pk=world.dan.pk).update(skills=["Pump"])
        JoinRequest.objects.create(space=world.project, person=world.dan)
        assert "Quieter pumps" not in reasons_for_spaces(Person.objects.get(pk=world.dan.pk))


def test_people_are_suggested_by_conversations_and_spaces_that_one_shares(world: World) -> None:
    with world.bound():
        alice, bob, chloe = (world.people[name].full_name for name in ("alice", "bob", "chloe"))
        Membership.objects.filter(person=world.chloe, space=world.bulletin).delete()
        content.reply(author=world.chloe, to=world.entries["lounge post"], body="Me too")
        found = reasons_for_people(world.chloe)
        assert found[alice] == "You took part in 1 conversation together"
        assert found[bob] == "You share 1 space"
        assert next(iter(found)) == alice
        people.follow_person(follower=world.chloe, followed=world.people["alice"])
        actions.dismiss(person=world.chloe, kind="person", subject_id=world.bob.id)
        assert alice not in reasons_for_people(world.chloe)
        assert bob not in reasons_for_people(world.chloe)
        assert chloe not in reasons_for_people(world.chloe)


def test_who_left_or_is_suspended_is_not_suggested(world: World) -> None:
    with world.bound():
        found = reasons_for_people(world.chloe)
        assert not {"Sam Paused", "Léa Gone", "Ute Imported"} & set(found)


def test_a_guest_gets_no_suggestion(world: World) -> None:
    with world.bound():
        assert suggested_spaces(world.grace) == []
        assert suggested_people(world.grace) == []


def test_pages_show_suggestions_and_let_them_be_waved_away(world: World) -> None:
    dan = client_of(world, "dan")
    with world.bound():
        lounge = world.lounge
    for path in ("/suggestions/all", "/suggestions/near", "/suggestions/spaces", "/suggestions"):
        assert "Lounge" in dan.get(f"/o/atelier{path}").content.decode()
    away = f"/o/atelier/suggestions/space/{lounge.id}/dismissal"
    assert dan.post(away, headers=HTMX).content == b""
    assert "Lounge" not in dan.get("/o/atelier/suggestions/all").content.decode()
    assert dan.post(away).status_code == 302
    assert dan.post(f"/o/atelier/suggestions/thing/{UUID(int=1)}/dismissal").status_code == 404


def test_an_empty_page_says_what_to_do(world: World) -> None:
    with world.bound():
        Space.objects.filter(is_everyone=False).delete()
    assert (
        "Nothing to suggest yet" in client_of(world, "dan").get("/o/atelier/suggestions/all").content.decode()
    )


def test_the_api_suggests_and_forgets(world: World) -> None:
    caller = Caller(world, "dan")
    found = caller("GET", "/suggestions?limit=20").json()
    assert "Lounge" in [item["space"]["name"] for item in found["spaces"]]
    assert all(item["reason"] for item in [*found["spaces"], *found["people"]])
    lounge = world.spaces["lounge"].id
    assert caller("PUT", f"/suggestions/space/{lounge}/dismissal").status_code == 204
    names = [item["space"]["name"] for item in caller("GET", "/suggestions?limit=20").json()["spaces"]]
    assert "Lounge" not in names
    assert caller("PUT", f"/suggestions/thing/{lounge}/dismissal").status_code == 422


def test_whoever_joins_is_no_longer_sent_there(world: World) -> None:
    with world.bound():
        spaces.join_space(person=world.dan, space=world.lounge)
        assert "Lounge" not in reasons_for_spaces(world.dan)
