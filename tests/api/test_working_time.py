"""My working time over the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import AuditRecord
from parvis.foundation.tenancy import new_id
from parvis.notifications.models import Notification
from parvis.people.actions import set_unit
from parvis.people.models import Person
from parvis.worktime import actions
from parvis.worktime.actions import Terms
from parvis.worktime.forms import USUAL
from parvis.worktime.hours import as_lists
from parvis.worktime.models import GroupFigures
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


def test_hours_leave_and_when_one_is_back(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 10, tzinfo=UTC), tick=False):
        with world.bound():
            actions.set_policy(actor=world.alice, terms=Terms(week=USUAL, country="FR"), contract="Office")
            actions.assign_contract(
                actor=world.alice,
                person=world.bob,
                policy=actions.set_policy(actor=world.alice, terms=Terms(week=USUAL), contract="Office"),
            )
        bob = Caller(world, "bob")
        shown = bob("GET", "/working-time").json()
        assert (shown["is_off"], shown["policy"], shown["week"][5]) == (True, "Office", [])
        days = {"first_day": "2026-11-23", "last_day": "2026-11-24"}
        leave = bob("POST", "/working-time/leave", days).json()
        assert bob("GET", "/working-time").json()["returns_at"].startswith("2026-11-25T07:30")
        wrong = bob("POST", "/working-time/leave", {**days, "last_day": "2026-11-01"})
        assert wrong.status_code == 422
        Caller(world, "alice")("DELETE", f"/working-time/leave/{leave['id']}")
        assert len(bob("GET", "/working-time").json()["leave"]) == 1, "only one's own"
        assert bob("DELETE", f"/working-time/leave/{leave['id']}").status_code == 204
        assert bob("GET", "/working-time").json()["leave"] == []


WEEK = as_lists(USUAL)
REASON = "The pump hall is flooding"


def audited(world: World) -> list[str]:
    with world.bound():
        return list(AuditRecord.objects.order_by("id").values_list("action", flat=True))


def test_own_hours_are_kept_and_forgotten(world: World) -> None:
    bob = Caller(world, "bob")
    mornings = [[[480, 720]], *WEEK[1:]]
    assert bob("PUT", "/working-time/hours", {"week": mornings}).json()["week"] == mornings
    assert bob("GET", "/working-time").json()["is_own"] is True
    overlap = bob("PUT", "/working-time/hours", {"week": [[[480, 720], [700, 800]], *WEEK[1:]]})
    assert overlap.status_code == 422 and "overlap" in overlap.json()["detail"]
    assert bob("PUT", "/working-time/hours", {"week": WEEK[:6]}).status_code == 422
    assert bob("DELETE", "/working-time/hours").json()["is_own"] is False


def test_administrators_set_policies_as_on_the_pages(world: World) -> None:
    alice, bob, path = Caller(world, "alice"), Caller(world, "bob"), "/working-time/policies"
    with world.bound():
        unit = set_unit(actor=world.alice, name="Pumps")
    office = alice("POST", path, {"week": WEEK, "country": "FR"}).json()
    assert (office["level"], office["country"], office["own_hours"]) == ("organization", "FR", "within")
    assert alice("POST", path, {"week": WEEK}).json()["id"] == office["id"], "there is one of each"
    pumps = alice("POST", path, {"week": WEEK, "unit": str(unit.id), "urgent": "everybody"}).json()
    night = alice("POST", path, {"week": WEEK, "contract": " Night  shift "}).json()
    assert (pumps["unit_id"], night["title"]) == (str(unit.id), "Night shift")
    assert [one["level"] for one in alice("GET", path).json()["items"]] == [
        "organization",
        "unit",
        "contract",
    ]
    renamed = alice("PUT", f"{path}/{night['id']}", {"week": WEEK, "name": "Nights"}).json()
    assert (renamed["title"], alice("GET", f"{path}/{night['id']}").json()) == ("Nights", renamed)
    for wrong in (
        {"week": WEEK, "country": "XX"},
        {"week": WEEK, "unit": str(uuid4())},
        {"week": WEEK, "unit": str(unit.id), "contract": "Both"},
        {"week": WEEK, "urgent_quota": 101},
    ):
        assert alice("POST", path, wrong).status_code == 422, wrong
    assert alice("DELETE", f"{path}/{pumps['id']}").status_code == 204
    assert audited(world).count("worktime.policy_saved") == 5
    assert audited(world)[-1] == "worktime.policy_removed"
    for method, at, data in (
        ("GET", path, None),
        ("POST", path, {"week": WEEK}),
        ("GET", f"{path}/{night['id']}", None),
        ("PUT", f"{path}/{night['id']}", {"week": WEEK}),
        ("DELETE", f"{path}/{night['id']}", None),
        ("GET", f"{path}/{night['id']}/people", None),
        ("PUT", f"{path}/{night['id']}/people/{world.people['bob'].id}", None),
        ("DELETE", f"{path}/{night['id']}/people/{world.people['bob'].id}", None),
        ("POST", "/working-time/contracts", {"text": "bob@x.example;Nights", "apply": True}),
        ("GET", "/working-time/representatives", None),
        ("PUT", f"/working-time/representatives/{world.people['bob'].id}", None),
        ("DELETE", f"/working-time/representatives/{world.people['bob'].id}", None),
        ("GET", "/working-time/report", None),
    ):
        assert bob(method, at, data).status_code == 404, (method, at)


def test_contracts_are_given_and_taken(world: World) -> None:
    alice, bob = Caller(world, "alice"), world.people["bob"].id
    night = alice("POST", "/working-time/policies", {"week": WEEK, "contract": "Night"}).json()
    office = alice("POST", "/working-time/policies", {"week": WEEK}).json()
    people = f"/working-time/policies/{night['id']}/people"
    for person in (bob, world.people["chloe"].id):
        assert alice("PUT", f"{people}/{person}").status_code == 204
    page = alice("GET", f"{people}?limit=1").json()
    following = alice("GET", f"{people}?limit=1&cursor={page['next']}").json()
    assert [page["items"][0]["id"], following["items"][0]["id"], following["next"]] == [
        str(bob),
        str(world.people["chloe"].id),
        "",
    ]
    assert alice("GET", f"/working-time/policies/{night['id']}").json()["people"] == 2
    no_contract = alice("PUT", f"/working-time/policies/{office['id']}/people/{bob}")
    assert no_contract.status_code == 422
    assert alice("PUT", f"{people}/{world.people['twin_bob'].id}").status_code == 404
    assert alice("DELETE", f"{people}/{bob}").status_code == 204
    assert alice("DELETE", f"{people}/{bob}").status_code == 404
    assert audited(world).count("worktime.contract_changed") == 3


def test_many_people_get_contracts_after_a_look(world: World) -> None:
    alice, path = Caller(world, "alice"), "/working-time/contracts"
    night = alice("POST", "/working-time/policies", {"week": WEEK, "contract": "Night"}).json()
    office = alice("POST", "/working-time/policies", {"week": WEEK}).json()
    with world.bound():
        unit = set_unit(actor=world.alice, name="Pumps")
        Person.objects.filter(pk__in=[world.bob.pk, world.chloe.pk]).update(unit=unit)
    wanted = {"unit": str(unit.id), "policy": night["id"]}
    shown = alice("POST", path, wanted).json()
    brief = {"id": night["id"], "title": "Night"}
    assert (shown["is_applied"], [(one["before"], one["after"]) for one in shown["changes"]]) == (
        False,
        [(None, brief)] * 2,
    )
    assert "worktime.contract_changed" not in audited(world), "a look changes nothing"
    assert alice("POST", path, {**wanted, "apply": True}).json()["is_applied"]
    assert audited(world).count("worktime.contract_changed") == 2
    assert alice("POST", path, {**wanted, "apply": True}).json()["same"] == 2
    text = "e-mail;contract\nbob@atelier.example;-\nnobody@x.example;Night"
    by_list = alice("POST", path, {"text": text, "apply": True}).json()
    assert [(one["before"], one["after"]) for one in by_list["changes"]] == [(brief, None)]
    assert [(one["line"], one["text"]) for one in by_list["unused"]] == [(3, "nobody@x.example;Night")]
    assert len(alice("POST", path, {**wanted, "only_without": True}).json()["changes"]) == 1
    for wrong in (
        {},
        {**wanted, "text": text},
        {"unit": wanted["unit"]},
        {**wanted, "policy": office["id"]},
        {**wanted, "unit": str(uuid4())},
        {"text": "\n"},
    ):
        assert alice("POST", path, wrong).status_code == 422, wrong
    taken = alice("POST", path, {**wanted, "policy": None, "apply": True}).json()
    assert [one["after"] for one in taken["changes"]] == [None], (
        "said, so that nobody loses one by an omission"
    )


def test_representatives_read_the_report(world: World) -> None:
    alice, bob = Caller(world, "alice"), Caller(world, "bob")
    with world.bound():
        GroupFigures.objects.create(month=date(2026, 10, 1), group="Pumps", people=7, urgent_calls=2)
    path = f"/working-time/representatives/{world.people['bob'].id}"
    assert alice("PUT", path).status_code == 204
    assert [one["id"] for one in alice("GET", "/working-time/representatives").json()["items"]] == [
        str(world.people["bob"].id)
    ]
    shown = bob("GET", "/working-time/report").json()
    assert (shown["months"], shown["month"]) == (["2026-10"], "2026-10")
    assert shown["groups"] == [
        {"group": "Pumps", "people": 7, "written_outside": 0, "urgent_calls": 2, "held_back": 0}
    ]
    assert bob("GET", "/working-time/report?month=2026-09").status_code == 404
    assert bob("GET", "/working-time/report?month=last").status_code == 422
    assert alice("DELETE", path).status_code == 204
    assert bob("GET", "/working-time/report").status_code == 404
    assert alice("PUT", f"/working-time/representatives/{world.people['grace'].id}").status_code == 422, (
        "a guest"
    )


def test_what_is_written_may_be_urgent_once_for_a_retry(world: World) -> None:
    with world.bound():
        terms = Terms(week=USUAL, urgent="everybody", urgent_quota=2)
        actions.set_policy(actor=world.alice, terms=terms)
    alice, bob = Caller(world, "alice"), Caller(world, "bob")
    text = f"Look, @[Bob](person:{world.people['bob'].id})"
    post: dict[str, Any] = {"id": str(new_id()), "space": str(world.spaces["lounge"].id), "body": text}
    for _try in range(2):
        assert alice("POST", "/entries", {**post, "urgent_reason": REASON}).status_code == 201
    assert alice("GET", "/working-time").json()["urgent"] == {"quota": 2, "left": 1}
    answer = f"/entries/{post['id']}/replies"
    assert alice("POST", answer, {"body": text, "urgent_reason": "now"}).status_code == 422
    assert alice("POST", answer, {"body": text, "urgent_reason": REASON}).status_code == 201
    refused = alice("POST", answer, {"body": "Once more", "urgent_reason": REASON})
    assert refused.status_code == 422 and "urgent_reason" in refused.json()["errors"]
    assert len(alice("GET", f"/entries/{post['id']}/thread").json()["items"]) == 1, "nothing without its call"
    assert audited(world).count("worktime.marked_urgent") == 2
    run_pending_jobs()
    [line] = bob("GET", "/notifications?mentions=true").json()["items"]
    assert (line["is_urgent"], line["urgent_reason"]) == (True, REASON)
    with world.bound():
        assert Notification.objects.filter(is_urgent=True).count() == 1


def test_what_waits_for_its_hour_may_be_urgent_when_it_comes(world: World) -> None:
    with world.bound():
        actions.set_policy(actor=world.alice, terms=Terms(week=USUAL, urgent="everybody", urgent_quota=2))
    alice, bob = Caller(world, "alice"), Caller(world, "bob")
    text = f"Look, @[Bob](person:{world.people['bob'].id})"
    draft = {"id": str(new_id()), "space": str(world.spaces["lounge"].id), "body": text}
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    without_hour = alice("POST", "/drafts", {**draft, "urgent_reason": REASON})
    assert without_hour.status_code == 422 and "urgent_reason" in without_hour.json()["errors"]
    scheduled = {**draft, "publish_at": tomorrow, "urgent_reason": REASON}
    article = {**scheduled, "id": str(new_id()), "kind": "article", "title": "News"}
    assert alice("POST", "/drafts", article).status_code == 422
    for _try in range(2):
        assert alice("POST", "/drafts", scheduled).json()["urgent_reason"] == REASON
    assert alice("GET", "/working-time").json()["urgent"] == {"quota": 2, "left": 1}
    assert alice("POST", f"/drafts/{draft['id']}/publication").status_code == 201
    other = alice("POST", "/drafts", {**draft, "id": str(new_id())}).json()
    at = f"/drafts/{other['id']}"
    assert alice("PATCH", at, {"urgent_reason": REASON}).status_code == 422, "no hour yet"
    assert alice("POST", f"{at}/publication", {"urgent_reason": "now"}).status_code == 422
    assert alice("GET", at).json()["state"] == "draft", "nothing without its call"
    assert alice("POST", f"{at}/publication", {"urgent_reason": REASON}).status_code == 201
    run_pending_jobs()
    lines = bob("GET", "/notifications?mentions=true").json()["items"]
    assert [(line["is_urgent"], line["urgent_reason"]) for line in lines] == [(True, REASON)] * 2


@pytest.mark.parametrize("day", [0, 1.5, "0", "20000000000", "31/01/2027", "2027-01-31T08:00:00Z", True])
def test_a_day_is_written_as_a_date(world: World, day: object) -> None:
    answer = Caller(world, "bob")("POST", "/working-time/leave", {"first_day": day, "last_day": "2027-02-01"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"first_day": ["This is not a date: write 2026-01-31, for example."]}
