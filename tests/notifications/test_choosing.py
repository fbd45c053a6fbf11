"""The pages around the inbox: filters, why, levels, settings, defaults."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.content import actions as content
from parvis.content.models import ThreadFollow
from parvis.delivery.choices import Chosen, choices_of
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import AuditRecord
from parvis.foundation.richtext import mention_source
from parvis.notifications import levels
from parvis.notifications.models import Notification
from parvis.notifications.queries import unread_count
from parvis.people.models import Person, Unit
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

INBOX = "/o/atelier/notifications"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def line(world: World) -> Notification:
    """One line in Bob's inbox: Chloé answered in the conversation that he began."""
    run_pending_jobs()
    with world.bound():
        Notification.objects.all().delete()
        mine = content.publish(author=world.bob, space=world.lounge, body="A question of mine")
        content.reply(author=world.chloe, to=mine, body="An answer")
    run_pending_jobs()
    with world.bound():
        found: Notification = Notification.objects.get(person=world.bob)
        return found


@pytest.fixture
def bob(world: World, line: Notification) -> Client:
    return client_of(world, "bob")


def client_of(world: World, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    with world.bound():
        person = getattr(world, name)
    sign_in(client, person)
    return client


def test_the_inbox_says_who_what_where_when_and_why(bob: Client) -> None:
    page = bob.get(INBOX).content.decode()
    assert "Chloé Élan</strong> replied in" in page
    assert "You started this conversation." in page
    assert "Today" in page
    assert "An answer" in page


@pytest.mark.parametrize(("show", "is_shown"), [("all", True), ("unread", True), ("mentions", False)])
def test_the_inbox_is_filtered(bob: Client, show: str, is_shown: bool) -> None:
    page = bob.get(f"{INBOX}?show={show}").content.decode()
    assert ("An answer" in page) is is_shown


def test_a_line_is_marked_read_and_unread_where_it_stands(
    bob: Client, world: World, line: Notification
) -> None:
    answer = bob.post(f"{INBOX}/{line.id}/reading", headers=HTMX).content.decode()
    assert "<html" not in answer
    assert "notification--unread" not in answer
    with world.bound():
        assert unread_count(world.bob) == 0
    assert (
        "notification--unread"
        in bob.post(f"{INBOX}/{line.id}/reading", {"unread": "1"}, headers=HTMX).content.decode()
    )
    assert bob.post(f"{INBOX}/{line.id}/reading").status_code == 302


def test_why_is_answered_and_changed_right_there(bob: Client, world: World, line: Notification) -> None:
    why = f"{INBOX}/{line.id}/why"
    assert "Mute this conversation" in bob.get(why, headers=HTMX).content.decode()
    answer = bob.post(why, {"thread": "muted"}, headers=HTMX).content.decode()
    assert "Follow this conversation again" in answer
    with world.bound():
        assert ThreadFollow.objects.get(person=world.bob, thread=line.entry.thread_id).level == "muted"
    bob.post(why, {"level": "nothing"}, headers=HTMX)
    bob.post(why, {"kind": "off"}, headers=HTMX)
    with world.bound():
        assert levels.levels_of(world.bob) == {world.lounge.id: "nothing"}
        assert not levels.choices_of(world.bob)["reply"]
    assert bob.get(why).status_code == 200
    assert bob.post(why, {"kind": "on"}, follow=True).status_code == 200


def test_somebody_else_s_line_is_not_found(world: World, line: Notification) -> None:
    chloe = client_of(world, "chloe")
    for path, method in (("", "get"), ("/why", "get"), ("/why", "post"), ("/reading", "post")):
        assert getattr(chloe, method)(f"{INBOX}/{line.id}{path}").status_code == 404


def test_a_line_about_what_was_lost_is_not_found(bob: Client, world: World, line: Notification) -> None:
    with world.bound():
        content.delete_entry(actor=world.chloe, entry=line.entry)
    for path in ("", "/why"):
        assert bob.get(f"{INBOX}/{line.id}{path}").status_code == 404


def test_a_space_s_level_is_chosen_on_its_own_page_and_in_the_settings(bob: Client, world: World) -> None:
    with world.bound():
        space = world.lounge
    page = f"{INBOX}/spaces/{space.id}"
    assert "Silence, even when somebody mentions you." in bob.get(page).content.decode()
    assert bob.post(page, {"level": "posts"}).status_code == 302
    assert "Saved." in bob.post(page, {"level": "everything"}, headers=HTMX).content.decode()
    with world.bound():
        assert levels.levels_of(world.bob) == {space.id: "everything"}
    assert bob.post(page, {"level": "", "from": "settings"}).url.endswith("/settings")
    with world.bound():
        assert levels.levels_of(world.bob) == {}
    assert bob.post(page, {"level": "x"}).status_code == 422


def test_the_level_of_a_space_that_one_cannot_read_is_not_found(bob: Client, world: World) -> None:
    with world.bound():
        space = world.cellar
    assert bob.get(f"{INBOX}/spaces/{space.id}").status_code == 404
    assert bob.post(f"{INBOX}/spaces/{space.id}", {"level": "posts"}).status_code == 404


def test_kinds_are_chosen_in_the_settings(bob: Client, world: World) -> None:
    page = bob.get(f"{INBOX}/settings").content.decode()
    assert "Somebody mentions me" in page
    assert world.spaces["lounge"].name in page
    off = {f"inbox:{kind}": "off" for kind in ("reply", "reaction", "space")}
    bob.post(f"{INBOX}/settings/choices", {"inbox:mention": "", "inbox:post": "on", **off})
    with world.bound():
        chosen = levels.choices_of(world.bob)
        own = levels.own_choices_of(world.bob)
    assert {kind for kind, is_on in chosen.items() if is_on} == {"mention", "post"}
    assert "mention" not in own
    bob.post(f"{INBOX}/settings/choices", {"inbox:post": "", "push:mention": "never"})
    with world.bound():
        assert "post" not in levels.own_choices_of(world.bob)
        assert choices_of(world.bob)["push"]["mention"] == Chosen("never", "person")
    page = bob.get(f"{INBOX}/settings").content.decode()
    assert '<option value="never" selected>' in page
    bob.post(f"{INBOX}/settings/choices", {"push:mention": ""})
    with world.bound():
        assert choices_of(world.bob)["push"]["mention"].origin == ""


def test_only_administrators_decide_for_everybody(bob: Client, world: World) -> None:
    page = f"{INBOX}/settings/organization"
    assert bob.get(page).status_code == 404
    assert bob.post(page, {"post": "on"}).status_code == 404
    alice = client_of(world, "alice")
    assert alice.get(page).status_code == 200
    alice.post(page, {"inbox:post": "on", "inbox:mention": "on", "inbox:reaction": "off"})
    with world.bound():
        assert levels.on_by_default()["post"]
        assert not levels.on_by_default()["reaction"]


def test_a_unit_decides_for_itself_and_says_so(bob: Client, world: World) -> None:
    with world.bound():
        plant = Unit.objects.create(name="Plant")
        team = Unit.objects.create(name="Team", parent=plant)
        Person.objects.filter(pk=world.bob.pk).update(unit=team)
    alice, page = client_of(world, "alice"), f"{INBOX}/settings/organization"
    assert alice.post(f"{page}?unit={plant.id}", {"push:reply": "never"}).status_code == 302
    assert "Never · as in Plant" in alice.get(f"{page}?unit={team.id}").content.decode()
    assert "Never · as in Plant" in bob.get(f"{INBOX}/settings").content.decode()
    with world.bound():
        assert choices_of(world.bob)["push"]["reply"] == Chosen("never", "unit", plant)
        assert AuditRecord.objects.filter(action="delivery.usual_changed").count() == 1
    assert alice.get(f"{page}?unit=x").status_code == 404


def test_the_settings_speak_french(world: World) -> None:
    with world.bound():
        type(world.bob).objects.filter(pk=world.bob.pk).update(language="fr")
        person = mention_source("person", world.bob.id, world.bob.full_name)
        content.publish(author=world.chloe, space=world.lounge, body=f"{person} !")
    run_pending_jobs()
    client = client_of(world, "bob")
    assert "Pourquoi ai-je reçu ceci" in client.get(INBOX).content.decode()
    assert "Espace par espace" in client.get(f"{INBOX}/settings").content.decode()
