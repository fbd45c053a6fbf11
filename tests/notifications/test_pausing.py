"""Silence for a while: of a conversation, a space, everything; it ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.foundation.errors import Invalid, NotFound
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.models import Notification, Pause
from parvis.notifications.pausing import end_pause, forget_ended, pause, pauses_of, silent_until
from parvis.notifications.queries import unread_count
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def quiet(world: World) -> World:
    """The world with nothing in any inbox."""
    run_pending_jobs()
    with world.bound():
        Notification.objects.all().delete()
    return world


def bobs_post(world: World) -> Entry:
    with world.bound():
        return content.publish(author=world.bob, space=world.lounge, body="A question")


def answered(world: World, entry: Entry) -> int:
    """Let Chloé answer; return what calls for Bob."""
    with world.bound():
        content.reply(author=world.chloe, to=entry, body="An answer")
    run_pending_jobs()
    with world.bound():
        return unread_count(world.bob)


def test_a_conversation_is_silent_until_its_time(quiet: World) -> None:
    entry = bobs_post(quiet)
    with quiet.bound():
        row = pause(person=quiet.bob, thread=entry, until=timezone.now() + HOUR)
    assert answered(quiet, entry) == 0
    with quiet.bound():
        # PostgreSQL's own clock decides: it does not travel.
        Pause.objects.filter(pk=row.pk).update(until=timezone.now() - HOUR)
        assert list(pauses_of(quiet.bob)) == []
    assert answered(quiet, entry) == 1
    with quiet.bound():
        forget_ended()
        assert not Pause.objects.exists()


def test_a_space_is_silent_and_others_hear(quiet: World) -> None:
    entry = bobs_post(quiet)
    with quiet.bound():
        row = pause(person=quiet.bob, space=quiet.lounge, until=timezone.now() + HOUR)
    assert answered(quiet, entry) == 0
    with quiet.bound():
        content.reply(author=quiet.bob, to=entry, body="Thanks")
    run_pending_jobs()
    with quiet.bound():
        assert unread_count(quiet.chloe) == 1
        end_pause(person=quiet.bob, pause_id=row.id)
    assert answered(quiet, entry) == 1


def test_where_everything_is_silent_the_inbox_fills(quiet: World) -> None:
    entry, until = bobs_post(quiet), timezone.now() + HOUR
    with quiet.bound():
        pause(person=quiet.bob, until=until)
        assert silent_until([quiet.bob.id, quiet.chloe.id], timezone.now()) == {quiet.bob.id: until}
    assert answered(quiet, entry) == 1
    with quiet.bound():
        assert silent_until([quiet.bob.id], until) == {}


def test_asked_again_it_lasts_until_the_new_moment(quiet: World) -> None:
    with quiet.bound():
        for hours in (1, 2):
            pause(person=quiet.bob, until=timezone.now() + hours * HOUR)
        assert pauses_of(quiet.bob).get().until > timezone.now() + HOUR


def test_what_cannot_be_is_refused(quiet: World) -> None:
    with quiet.bound():
        with pytest.raises(Invalid):
            pause(person=quiet.bob, until=timezone.now() - HOUR)
        with pytest.raises(NotFound):
            pause(person=quiet.dan, space=quiet.project, until=timezone.now() + HOUR)
        row = pause(person=quiet.bob, until=timezone.now() + HOUR)
        with pytest.raises(NotFound):
            end_pause(person=quiet.chloe, pause_id=row.id)


def test_the_page_pauses_and_ends(quiet: World, client: Client) -> None:
    entry = bobs_post(quiet)
    answered(quiet, entry)
    with quiet.bound():
        sign_in(client, quiet.bob)
        line = Notification.objects.get(person=quiet.bob)
    here = f"/o/atelier/notifications/pauses?line={line.id}"
    assert "A question" in client.get(here).content.decode()
    with time_machine.travel(timezone.now(), tick=False):
        assert client.post(here, {"what": "thread", "until": "tomorrow"}).status_code == 302
    with quiet.bound():
        row = Pause.objects.get(person=quiet.bob)
        assert row.thread_id == entry.id
    assert "A question" in client.get("/o/atelier/notifications/pauses").content.decode()
    assert client.post(f"/o/atelier/notifications/pauses/{row.id}/end").status_code == 302
    with quiet.bound():
        assert not Pause.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"until": "day", "day": "2001-01-01"}, {"until": "day"}, {"what": "moon", "until": "tomorrow"}]
)
def test_the_page_says_what_is_wrong(quiet: World, client: Client, wrong: dict[str, str]) -> None:
    with quiet.bound():
        sign_in(client, quiet.bob)
    answer = client.post("/o/atelier/notifications/pauses", {"what": "everything"} | wrong)
    assert answer.status_code == 422
    assert "field--wrong" in answer.content.decode() or "Choose" in answer.content.decode()


@pytest.mark.parametrize("line", ["x", "66ba681c-85ae-4b3f-9d38-aa00bd035c02"])
def test_a_line_of_nobody_is_not_found(quiet: World, client: Client, line: str) -> None:
    with quiet.bound():
        sign_in(client, quiet.bob)
    assert client.get("/o/atelier/notifications/pauses", {"line": line}).status_code == 404
