"""Reports on people and spaces: who makes, sees and decides them, and what they do not tell."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.moderation import actions
from parvis.moderation.models import Report
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.spaces import actions as spaces
from parvis.spaces.models import Space
from tests.architecture.oracle import may_know_space
from tests.browsing import text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db


def _report_dan(world: World, reporter: str = "bob") -> Report:
    return actions.report_person(reporter=getattr(world, reporter), person=world.dan, reason="harassment")


def _report_project(world: World, reporter: str = "dan") -> Report:
    return actions.report_space(
        reporter=getattr(world, reporter), space=world.project, reason="other", message="Look closer"
    )


def _told(world: World, reason: str) -> set[str]:
    rows = Notification.objects.filter(reason=reason).select_related("person")
    return {row.person.full_name.split()[0] for row in rows}


def test_a_person_is_reported_from_the_menu_of_their_profile_and_card(world: World, client: Client) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
        dan = world.dan
    address = f"/o/atelier/moderation/people/{dan.id}/report"
    assert address in text_of(bob.get(f"/people/{dan.id}"))
    assert address in text_of(bob.get("/people"))
    assert text_of(bob.get(address)).count("Dan Field") >= 1
    answer = bob.post(address, {"reason": "harassment", "message": "Every evening"})
    assert answer.status_code == 302
    with world.bound():
        report = Report.objects.get(person=dan)
        assert (report.reporter_id, report.message) == (bob.person and bob.person.id, "Every evening")


def test_nobody_reports_themselves_or_who_has_left(world: World, client: Client) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
        for name in ("bob", "lea"):
            with pytest.raises(Forbidden):
                actions.report_person(reporter=world.bob, person=getattr(world, name), reason="other")
    for name in ("bob", "lea", "twin_bob"):
        # Somebody of another organization is as unknown as nobody.
        path = f"/moderation/people/{world.people[name].id}/report"
        assert bob.get(path).status_code == 404
        assert bob.post(path, {"reason": "other"}).status_code == 404
    assert "/report" not in text_of(bob.get(f"/people/{world.people['bob'].id}"))


def test_a_guest_reports_only_whom_they_meet(world: World, client: Client) -> None:
    with world.bound():
        grace = visit(world, "grace", client)
    assert grace.get(f"/moderation/people/{world.people['bob'].id}/report").status_code == 200
    assert grace.get(f"/moderation/people/{world.people['dan'].id}/report").status_code == 404


@pytest.mark.parametrize("reason", ["", "nonsense", "\x00", "x" * 500])
def test_a_report_without_a_reason_is_asked_for_one_and_keeps_its_words(
    world: World, client: Client, reason: str
) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
    for path in (f"people/{world.people['dan'].id}", f"spaces/{world.spaces['project'].id}"):
        answer = bob.post(f"/moderation/{path}/report", {"reason": reason, "message": "What I typed"})
        assert answer.status_code == 422
        assert "What I typed" in text_of(answer)
    with world.bound():
        assert not Report.objects.exists()


def test_the_reported_moderator_hears_nothing_of_it(world: World, client: Client) -> None:
    with world.bound():
        actions.report_person(reporter=world.bob, person=world.max, reason="harassment", message="He shouts")
        with pytest.raises(Invalid):
            actions.decide(moderator=world.max, report=Report.objects.get(), verdict="keep")
        visitor = visit(world, "max", client)
    run_pending_jobs()
    with world.bound():
        assert _told(world, "report") == {"Alice"}
    assert "He shouts" not in text_of(visitor.get("/moderation"))


def test_a_moderator_writes_to_the_person_and_only_they_read_it(world: World, client: Client) -> None:
    with world.bound():
        report = _report_dan(world)
        with pytest.raises(Invalid):
            actions.decide(moderator=world.max, report=report, verdict="tell", words="  ")
        actions.decide(moderator=world.max, report=report, verdict="tell", words="Please stop.")
    run_pending_jobs()
    with world.bound():
        assert _told(world, "notice") == {"Dan"}
        dan = visit(world, "dan", client)
    page = text_of(dan.get(f"/moderation/notices/{report.id}"))
    assert "Please stop." in page
    assert "Bob" not in page
    for name in ("bob", "alice", "grace", "twin_bob"):
        other = Client(SERVER_NAME="localhost")
        with (world.bound_to_twin if name == "twin_bob" else world.bound)():
            visitor = visit(world, name, other)
        # A login of another organization is led away, whatever the address.
        status = 302 if name == "twin_bob" else 404
        assert visitor.get(f"/moderation/notices/{report.id}").status_code == status


def test_only_an_administrator_suspends_or_removes_and_it_holds_at_once(world: World) -> None:
    with world.bound():
        report = _report_dan(world)
        for verdict in ("suspend", "remove", "archive", "hide"):
            with pytest.raises(Invalid):
                actions.decide(moderator=world.max, report=report, verdict=verdict)
        actions.decide(moderator=world.alice, report=report, verdict="suspend")
        assert world.dan.state == Person.State.SUSPENDED
        assert Report.objects.get().state == Report.State.SUSPENDED


def test_the_last_administrator_is_not_removed_by_a_report(world: World) -> None:
    with world.bound():
        report = actions.report_person(reporter=world.bob, person=world.alice, reason="other")
        with pytest.raises(Invalid):
            actions.decide(moderator=world.max, report=report, verdict="remove")
        assert world.alice.is_active


def test_a_space_is_reported_by_who_may_know_of_it(world: World) -> None:
    for name in ("bob", "chloe", "dan", "max", "grace"):
        client = Client(SERVER_NAME="localhost")
        with world.bound():
            visitor = visit(world, name, client)
            viewer = getattr(world, name)
            allowed = {
                key
                for key, space in world.spaces.items()
                if may_know_space(world, viewer, space)
                and key != "everyone"
                and not space.memberships.filter(person=viewer, role="host").exists()
            }
        reportable = {
            key
            for key, space in world.spaces.items()
            if visitor.get(f"/moderation/spaces/{space.id}/report").status_code == 200
        }
        assert reportable == allowed, name


def test_a_space_has_its_report_in_the_menu_of_its_page(world: World, client: Client) -> None:
    with world.bound():
        bob = visit(world, "bob", client)
    address = f"/o/atelier/moderation/spaces/{world.spaces['project'].id}/report"
    assert address in text_of(bob.get(f"/spaces/{world.spaces['project'].id}"))


def test_a_report_on_a_secret_space_tells_what_it_says_of_itself_and_nothing_from_within(
    world: World, client: Client
) -> None:
    with world.bound():
        Space.objects.filter(pk=world.cellar.pk).update(description="We meet below.")
        spaces.admit(person=world.dan, space=world.cellar)
        report = actions.report_space(reporter=world.dan, space=world.cellar, reason="unlawful")
        visitor = visit(world, "max", client)
    page = text_of(visitor.get("/moderation"))
    assert "Cellar" in page and "We meet below." in page
    for secret in ("walrus", "Chloé", str(world.spaces["cellar"].id)):
        assert secret not in page
    visitor.post(f"/moderation/reports/{report.id}/decision", {"verdict": "archive", "words": "Too far."})
    with world.bound():
        assert world.cellar.state == Space.State.ARCHIVED
        assert not Space.objects.readable_by(world.max).filter(pk=world.cellar.pk).exists()
    run_pending_jobs()
    with world.bound():
        assert _told(world, "notice") == {"Chloé"}
        # A host, not a moderator, opens it again.
        with pytest.raises(Forbidden):
            spaces.reopen_space(actor=world.max, space=world.cellar)
        spaces.reopen_space(actor=world.chloe, space=world.cellar)


def test_hosts_read_what_the_moderators_write_and_not_who_reported(world: World, client: Client) -> None:
    with world.bound():
        report = _report_project(world)
        actions.decide(
            moderator=world.max, report=report, verdict="tell", words="Mind the tone.", note="First"
        )
        alice = visit(world, "alice", client)
    page = text_of(alice.get(f"/moderation/notices/{report.id}"))
    assert "Mind the tone." in page
    for unsaid in ("Dan", "Look closer", "First", "Max"):
        assert unsaid not in page
    # Its hosts, moderators of the organization or not, see neither the report nor its author.
    assert "Look closer" not in text_of(alice.get("/moderation?show=decided"))


def test_nobody_is_written_to_in_a_space_without_host(world: World) -> None:
    with world.bound():
        report = _report_project(world)
        world.project.memberships.filter(role="host").delete()
        with pytest.raises(Invalid):
            actions.decide(moderator=world.max, report=report, verdict="tell", words="Hello?")


def test_the_inbox_leads_to_the_words(world: World, client: Client) -> None:
    with world.bound():
        report = _report_dan(world)
        actions.decide(moderator=world.max, report=report, verdict="tell", words="Please stop.")
    run_pending_jobs()
    with world.bound():
        dan = visit(world, "dan", client)
        line = Notification.objects.get(reason="notice")
    assert "The moderators wrote to you" in text_of(dan.get("/notifications"))
    answer = dan.get(f"/notifications/{line.id}")
    assert answer["Location"].endswith(f"/moderation/notices/{report.id}")
