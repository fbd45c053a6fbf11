"""The pages of working time: for administrators, and for everybody about themselves."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.foundation.models import AuditRecord
from parvis.people.actions import set_unit
from parvis.worktime import actions
from parvis.worktime.actions import Terms
from parvis.worktime.forms import USUAL
from parvis.worktime.models import Contract, Leave, OwnHours, Representative, WorkingTimePolicy
from tests.browsing import text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db

AT = "/administration/working-time"
MINE = "/settings/working-time"
HOURS = {f"day_{number}": "8:30-18:00" for number in range(5)}
POLICY = {**HOURS, "country": "FR", "own_hours": "within", "urgent": "managers", "urgent_quota": "3"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_opens_for_whom_it_is_for(world: World, client: Client, language: str) -> None:
    with world.bound():
        policy = actions.set_policy(actor=world.alice, terms=Terms(week=USUAL, country="FR"), contract="Day")
        actions.assign_contract(actor=world.alice, person=world.bob, policy=policy)
    client.cookies["parvis_language"] = language
    pages = [AT, f"{AT}/contracts", f"{AT}/{policy.id}?q=chl", f"{AT}/representatives?q=chl"]
    pages += [f"{AT}/new?for={level}" for level in ("organization", "unit", "contract")]
    alice = visit(world, "alice", client)
    for path in pages:
        assert alice.get(path).status_code == 200
    assert "Alsace" in text_of(alice.get(f"{AT}/holidays?country=FR"))
    bob = visit(world, "bob", client)
    assert "Day" in text_of(bob.get(MINE))
    for path in pages:
        assert bob.get(path).status_code == 404
    assert bob.post(f"{AT}/{policy.id}/removal").status_code == 404
    assert bob.post(f"{AT}/{policy.id}/people", {"person": world.people["dan"].id}).status_code == 404


def test_an_administrator_sets_changes_and_removes_a_policy(world: World, client: Client) -> None:
    alice = visit(world, "alice", client)
    assert alice.post(f"{AT}/new?for=organization", POLICY).status_code == 302
    with world.bound():
        policy = WorkingTimePolicy.objects.get()
        assert policy.hours == USUAL
    wrong = alice.post(f"{AT}/{policy.id}", {**POLICY, "day_2": "in the morning", "day_5": "9-12"})
    assert wrong.status_code == 422
    # What was typed stays, beside what is wrong with it.
    page = text_of(wrong)
    assert "in the morning" in page and "9-12" in page and "is no period of time" in page
    overlap = alice.post(f"{AT}/{policy.id}", {**POLICY, "day_2": "22:00-9:00"})
    assert overlap.status_code == 422 and "overlap" in text_of(overlap)
    unknown = alice.post(f"{AT}/{policy.id}", {**POLICY, "region": "Bretagne"})
    assert unknown.status_code == 422
    assert alice.post(f"{AT}/{policy.id}", {**POLICY, "day_5": "9-12"}).status_code == 302
    assert "Saturday" in text_of(alice.get(AT))
    assert alice.post(f"{AT}/{policy.id}/removal").status_code == 302
    with world.bound():
        assert not WorkingTimePolicy.objects.exists()


def test_a_contract_has_people_and_a_name_of_its_own(world: World, client: Client) -> None:
    alice = visit(world, "alice", client)
    night = {**POLICY, **dict.fromkeys(HOURS, "22:00-06:00"), "name": "Night shift"}
    answer = alice.post(f"{AT}/new?for=contract", night)
    with world.bound():
        policy = WorkingTimePolicy.objects.get()
    assert answer["Location"].endswith(str(policy.id))
    alice.post(f"{AT}/{policy.id}/people", {"person": world.people["bob"].id, "do": "give"})
    with world.bound():
        assert Contract.objects.get().person_id == world.people["bob"].id
    alice.post(f"{AT}/{policy.id}/people", {"person": world.people["bob"].id, "do": "take"})
    with world.bound():
        assert not Contract.objects.exists()


def test_administrators_name_who_reads_the_report(world: World, client: Client) -> None:
    alice = visit(world, "alice", client)
    chloe = {"person": world.people["chloe"].id}
    alice.post(f"{AT}/representatives", {**chloe, "do": "name"})
    with world.bound():
        assert Representative.objects.count() == 1
    alice.post(f"{AT}/representatives", {**chloe, "do": "dismiss"})
    with world.bound():
        assert not Representative.objects.exists()


def test_somebody_chooses_their_hours_and_takes_leave(world: World, client: Client) -> None:
    bob = visit(world, "bob", client)
    assert bob.post(MINE, HOURS).status_code == 302
    wrong = bob.post(MINE, {**HOURS, "day_6": "sometimes"})
    assert wrong.status_code == 422 and "sometimes" in text_of(wrong)
    dates = {"first_day": "2027-08-02", "last_day": "2027-08-20"}
    assert bob.post(f"{MINE}/leave", dates).status_code == 302
    backwards = bob.post(f"{MINE}/leave", {**dates, "last_day": "2027-08-01"})
    assert backwards.status_code == 422 and "before the first" in text_of(backwards)
    with world.bound():
        leave = Leave.objects.get()
        assert OwnHours.objects.get().hours == USUAL
    visit(world, "dan", Client(SERVER_NAME="localhost")).post(f"{MINE}/leave/{leave.id}/removal")
    with world.bound():
        assert Leave.objects.exists(), "only oneself"
    bob = visit(world, "bob", client)
    assert bob.post(f"{MINE}/leave/{leave.id}/removal").status_code == 302
    assert bob.post(MINE, {"do": "forget"}).status_code == 302
    with world.bound():
        assert not Leave.objects.exists() and not OwnHours.objects.exists()


def test_many_people_get_contracts_after_a_look(world: World, client: Client) -> None:
    with world.bound():
        unit = set_unit(actor=world.alice, name="Pumps")
        type(world.bob).objects.filter(pk__in=[world.bob.pk, world.chloe.pk]).update(unit=unit)
        terms = Terms(week=USUAL)
        day = actions.set_policy(actor=world.alice, terms=terms, contract="Day")
        night = actions.set_policy(actor=world.alice, terms=terms, contract="Équipe de nuit")
        actions.assign_contract(actor=world.alice, person=world.bob, policy=day)
    alice, at = visit(world, "alice", client), f"{AT}/contracts"
    wanted = {"way": "unit", "unit": str(unit.id), "contract": str(night.id), "do": "check"}
    shown = text_of(alice.post(at, wanted))
    assert "2 people get another contract" in shown and "Chloé Élan" in shown
    assert "1 person gets another contract" in text_of(alice.post(at, {**wanted, "only_without": "on"}))
    with world.bound():
        assert Contract.objects.count() == 1, "a look changes nothing"
    assert alice.post(at, {**wanted, "do": "apply"}).status_code == 302
    lines = "Nom;E-mail;Contrat\nBob;bob@atelier.example;\n;nobody@x.example;Day\nC;CHLOE@atelier.example;day\nX;dan@atelier.example;Late"
    plan = {"way": "list", "text": lines, "do": "check"}
    shown = text_of(alice.post(at, plan))
    assert "2 people get another contract" in shown and "2 lines need a look" in shown
    assert "There is no contract “Late”" in shown and "nobody@x.example" in shown
    left = text_of(alice.post(at, {**plan, "do": "apply"}))
    assert "dan@atelier.example;Late" in left and "bob@atelier.example" not in left
    with world.bound():
        having = dict(Contract.objects.values_list("person_id", "policy__name"))
        assert having == {world.chloe.pk: "Day"}
        trail = AuditRecord.objects.filter(action="worktime.contract_changed")
        assert trail.count() == 5
    empty = {"way": "list", "text": " ", "do": "check"}
    for wrong in (empty, {"way": "unit"}, {**wanted, "contract": "x"}, {**wanted, "unit": str(day.id)}):
        assert alice.post(at, wrong).status_code == 422, wrong
    assert visit(world, "bob", client).post(at, wanted).status_code == 404
