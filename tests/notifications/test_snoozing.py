"""A line put off is out of the inbox, its count and every channel, and comes back by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from parvis.content import actions as content
from parvis.foundation.errors import Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications import actions, snoozing
from parvis.notifications.models import Notification
from parvis.notifications.queries import inbox, unread_count, unread_ids, unread_lines_of
from parvis.worktime.models import OwnHours
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def line(world: World) -> Notification:
    with world.bound():
        post = content.publish(author=world.bob, space=world.lounge, title="Pumps", body="?")
        content.reply(author=world.chloe, to=post, body="This one")
    run_pending_jobs()
    with world.bound():
        actions.mark_all_read(person=world.bob)
        actions.mark_unread(person=world.bob, subject=f"thread:{post.id}")
        return Notification.objects.get(person=world.bob, subject=f"thread:{post.id}")


@pytest.fixture
def bob(world: World) -> Client:
    client = Client(SERVER_NAME="localhost")
    with world.bound():
        sign_in(client, world.bob)
    return client


def test_a_line_that_was_put_off_is_nowhere_and_comes_back(world: World, line: Notification) -> None:
    with world.bound():
        snoozing.snooze(person=world.bob, subject=line.subject, until=timezone.now() + timedelta(hours=1))
        assert line.id not in {one.notification.id for one in inbox(world.bob)[0]}
        assert (unread_count(world.bob), unread_ids(world.bob, most=9), unread_lines_of([world.bob])[0]) == (
            0,
            [],
            [],
        )
        assert [one.notification.id for one in inbox(world.bob, later_only=True)[0]] == [line.id]
        # What is said there meanwhile does not bring it back.
        content.reply(author=world.chloe, to=line.entry, body="And that one")
    run_pending_jobs()
    with world.bound():
        assert unread_count(world.bob) == 0
        Notification.objects.filter(pk=line.pk).update(
            snoozed_until=timezone.now() - timedelta(seconds=1), read_at=timezone.now()
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 s' WHERE status = 'todo'"
        )
    run_pending_jobs()
    with world.bound():
        back = inbox(world.bob)[0][0].notification
        assert (back.id, back.snoozed_until, back.is_unread) == (line.id, None, True)
        assert back.happened_at > line.happened_at


def test_the_moments_follow_one_s_own_hours(world: World) -> None:
    with world.bound(), time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False):
        OwnHours.objects.create(person=world.bob, week=[[[8 * 60, 16 * 60]]] * 5 + [[], []])
        type(world.bob).objects.filter(pk=world.bob.pk).update(time_zone="UTC")
        with timezone.override("UTC"):
            offered = {name: at for name, _label, at in snoozing.moments_for(world.bob)}
            assert offered == {
                "hour": datetime(2026, 11, 24, 11, tzinfo=UTC),
                "evening": datetime(2026, 11, 24, 18, tzinfo=UTC),
                "tomorrow": datetime(2026, 11, 25, 8, tzinfo=UTC),
                "week": datetime(2026, 11, 30, 8, tzinfo=UTC),
            }
            # A Saturday: the next start.
            assert snoozing.moment_named(world.bob, "", "2026-11-28") == offered["week"]
            for wrong in ("", "2026-11-24x", "2026-11-20", "2035-01-01", "0001-01-01", "9999-12-31"):
                with pytest.raises(Invalid):
                    snoozing.moment_named(world.bob, "", wrong)


def test_a_line_is_put_off_and_brought_back_in_the_inbox(
    world: World, bob: Client, line: Notification
) -> None:
    path = f"/o/atelier/notifications/{line.id}/later"
    assert "Tomorrow" in bob.get(path, headers=HTMX).content.decode()
    assert bob.get(path).status_code == 200
    said = bob.post(path, {"until": "tomorrow"}, headers=HTMX).content.decode()
    assert "It comes back tomorrow" in said and "data-undo-url" in said
    assert "Bring back now" in bob.get("/o/atelier/notifications?show=later").content.decode()
    assert bob.post(f"{path}?until=now").status_code == 302
    with world.bound():
        assert unread_count(world.bob) == 1
    assert bob.post(path, {"day": "soon"}).status_code == 422
    chloe = Client(SERVER_NAME="localhost")
    with world.bound():
        sign_in(chloe, world.chloe)
    assert chloe.post(path, {"until": "tomorrow"}).status_code == 404


def undo_in(said: str) -> str:
    return said.partition('data-undo-url="')[2].partition('"')[0].replace("&amp;", "&")


def test_marking_all_as_read_can_be_taken_back(world: World, bob: Client, line: Notification) -> None:
    said = bob.post("/o/atelier/notifications/read", headers=HTMX).content.decode()
    with world.bound():
        assert unread_count(world.bob) == 0
        at = Notification.objects.get(pk=line.pk).read_at
        assert at is not None
        # What had been read before stays read.
        actions.unmark_all_read(person=world.bob, at=at - timedelta(seconds=1))
        assert unread_count(world.bob) == 0
    assert bob.post(undo_in(said)).status_code == 302
    with world.bound():
        assert [one.notification.id for one in unread_lines_of([world.bob])[0]] == [line.id]
    assert bob.post("/o/atelier/notifications/read/undo?at=x").status_code == 404


def test_a_day_or_a_space_is_marked_as_read_and_taken_back(
    world: World, line: Notification, bob: Client
) -> None:
    address = "/o/atelier/notifications/read"
    with world.bound():
        other = content.publish(author=world.bob, space=world.lounge, body="Before")
        Notification.objects.create(
            person=world.bob,
            subject=f"thread:{other.id}",
            reason="own_thread",
            entry=other,
            unread_count=1,
            happened_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        )
        Notification.objects.filter(pk=line.pk).update(happened_at=datetime(2026, 11, 21, 12, tzinfo=UTC))
        assert unread_count(world.bob) == 2
        lounge = world.lounge.id
    assert "Mark this day as read" in bob.get("/o/atelier/notifications").content.decode()
    said = bob.post(address, {"day": "2026-11-20"}, headers=HTMX).content.decode()
    assert "Everything of that day is marked as read" in said
    with world.bound():
        assert [one.notification.id for one in unread_lines_of([world.bob])[0]] == [line.id]
    assert bob.post(undo_in(said)).status_code == 302
    with world.bound():
        assert unread_count(world.bob) == 2
    assert "of Lounge is marked" in bob.post(address, {"space": str(lounge)}, headers=HTMX).content.decode()
    with world.bound():
        assert unread_count(world.bob) == 0
    for wrong in ({"day": "x"}, {"space": str(world.spaces["cellar"].id)}, {"space": "x"}):
        assert bob.post(address, wrong).status_code == 404, wrong
    assert bob.post(address, {"day": "9999-12-31"}).status_code == 302
