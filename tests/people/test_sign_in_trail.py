"""Sign-ins leave a trace for administrators, without anything that was typed."""

from __future__ import annotations

import json

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from parvis.foundation.models import AuditRecord
from tests.browsing import text_of, visit
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

SIGN_IN = "/o/atelier/account/sign-in"
BOB = "bob@atelier.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def _browser() -> Client:
    return Client(SERVER_NAME="localhost", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=FIREFOX)


def _attempt(client: Client, email: str = BOB, password: str = PASSWORD) -> int:
    return client.post(SIGN_IN, {"login": email, "password": password}).status_code


def _records(world: World, action: str) -> list[AuditRecord]:
    with world.bound():
        return list(AuditRecord.objects.filter(action=f"people.{action}").order_by("occurred_at", "id"))


def test_who_signs_in_and_out_leaves_a_trace(world: World) -> None:
    client = _browser()
    _attempt(client)
    client.post("/o/atelier/account/sign-out")
    (came,), (went,) = _records(world, "signed_in"), _records(world, "signed_out")
    assert came.actor_id == went.actor_id == world.people["bob"].id
    assert came.details == {"network": "203.0.113.0/24", "device": "Firefox, Linux"}


def test_a_failure_names_the_person_meant_and_nothing_that_was_typed(world: World) -> None:
    _attempt(_browser(), password="wrong-secret-1")
    _attempt(_browser(), email="my-secret-password@nowhere.example", password="wrong-secret-2")
    known, unknown = _records(world, "sign_in_failed")
    assert (known.target_id, known.actor_id) == (str(world.people["bob"].id), None)
    assert unknown.target_id == ""
    assert "secret" not in json.dumps([known.details, unknown.details])


def test_attempts_that_are_stopped_are_told_once_a_minute(world: World) -> None:
    for _attempted in range(12):
        _attempt(_browser(), password="wrong-secret-1")
    assert len(_records(world, "sign_in_stopped")) == 1
    assert _records(world, "sign_in_stopped")[0].target_id == str(world.people["bob"].id)


def test_ending_a_session_elsewhere_leaves_a_trace(world: World) -> None:
    here, there = _browser(), _browser()
    for client in (here, there):
        _attempt(client)
        client.get("/o/atelier/people")
    with world.bound():
        other = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"/o/atelier/account/sessions/{other.pk}/end").status_code == 302
    (ended,) = _records(world, "session_ended")
    assert ended.details == {"device": "Firefox, Linux"}


def test_administrators_read_it_and_find_it_by_kind(world: World, client: Client) -> None:
    _attempt(_browser())
    _attempt(_browser(), password="wrong-secret-1")
    with world.bound():
        alice = visit(world, "alice", client)
    page = text_of(alice.get("/administration/audit?show=sign-ins"))
    assert "Signed in from 203.0.113.0/24: Firefox, Linux." in page
    assert "A sign-in as Bob Dupont failed" in page
    assert "Signed in" not in text_of(alice.get("/administration/audit?show=changes"))


def test_another_organization_hears_nothing(world: World) -> None:
    _attempt(_browser())
    with world.bound_to_twin():
        assert not AuditRecord.objects.filter(action="people.signed_in").exists()
