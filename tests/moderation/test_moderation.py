"""Reports on entries, decisions, and that moderating opens no space."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.moderation import actions
from parvis.moderation.models import Report
from parvis.notifications.queries import unread_count
from tests.browsing import text_of, visit
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


def _report(world: World, entry: str = "lounge post", reporter: str = "bob") -> Report:
    return actions.report_entry(reporter=getattr(world, reporter), entry=world.entries[entry], reason="spam")


def test_a_report_reaches_the_moderators_and_hiding_takes_the_entry_out_of_sight(world: World) -> None:
    run_pending_jobs()
    with world.bound():
        before = unread_count(world.max)
        report = _report(world)
    run_pending_jobs()
    with world.bound():
        assert unread_count(world.max) == before + 1
        actions.decide(moderator=world.max, report=report, verdict="hide", note="Advertising")
        assert not Entry.objects.visible_to(world.bob).filter(pk=report.entry_id).exists()
        report.refresh_from_db()
        assert report.state == Report.State.HIDDEN
        actions.decide(moderator=world.max, report=report, verdict="give_back")
        assert Entry.objects.visible_to(world.bob).filter(pk=report.entry_id).exists()


def test_reporting_twice_is_reporting_once(world: World) -> None:
    with world.bound():
        assert _report(world).id == _report(world).id


def test_a_decision_holds_for_all_reports_about_the_same(world: World) -> None:
    with world.bound():
        reports = [_report(world, reporter=name) for name in ("bob", "chloe", "dan")]
        actions.decide(moderator=world.max, report=reports[0], verdict="keep")
        assert {Report.objects.get(pk=row.pk).state for row in reports} == {Report.State.KEPT}


def test_the_second_of_two_moderators_hears_that_it_is_decided(world: World, client: Client) -> None:
    with world.bound():
        report = _report(world)
        stale = Report.objects.get(pk=report.pk)
        actions.decide(moderator=world.max, report=report, verdict="keep")
        with pytest.raises(Invalid, match="faster"):
            actions.decide(moderator=world.max, report=stale, verdict="hide")


def test_a_member_decides_nothing_and_nobody_judges_their_own_words(world: World) -> None:
    with world.bound():
        report = _report(world)
        with pytest.raises(Forbidden):
            actions.decide(moderator=world.bob, report=report, verdict="hide")
        with pytest.raises(Invalid):
            actions.decide(moderator=world.alice, report=report, verdict="hide")


def test_an_unknown_verdict_is_refused_and_the_note_is_kept(world: World, client: Client) -> None:
    with world.bound():
        report = _report(world)
        visitor = visit(world, "max", client)
    for verdict in ("", "remove", "x" * 300, "\x00"):
        answer = visitor.post(
            f"/moderation/reports/{report.id}/decision", {"verdict": verdict, "note": "Kept note"}
        )
        assert answer.status_code == 422
        assert "Kept note" in text_of(answer)
    with world.bound():
        assert Report.objects.get(pk=report.pk).is_open


def test_the_queue_quotes_a_secret_space_without_naming_or_opening_it(world: World, client: Client) -> None:
    from parvis.spaces import actions as spaces

    with world.bound():
        spaces.admit(person=world.people["dan"], space=world.spaces["cellar"])
        actions.report_entry(reporter=world.dan, entry=world.entries["cellar post"], reason="other")
        sign_in(client, world.max)
    page = client.get("/o/atelier/moderation").content.decode()
    assert "walrus" in page
    assert "Cellar" not in page
    assert str(world.entries["cellar post"].id) not in page


def test_the_queue_is_unknown_to_members(world: World, client: Client) -> None:
    with world.bound():
        sign_in(client, world.bob)
    assert client.get("/o/atelier/moderation").status_code == 404
