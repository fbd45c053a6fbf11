"""What a sender is told: when those whom they name will hear of it, and what may be urgent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from parvis.chat import actions as chat
from parvis.chat.queries import messages_of
from parvis.chat.wire import page_row
from parvis.content.models import Entry
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.richtext import mention_source
from parvis.foundation.tenancy import new_id
from parvis.notifications.models import Notification
from parvis.notifications.queries import inbox
from parvis.people.models import Person
from parvis.worktime import actions, urgency
from parvis.worktime.actions import Terms
from parvis.worktime.forms import USUAL
from parvis.worktime.models import UrgentCall
from tests.browsing import text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 11, 21, 10, tzinfo=UTC)
FLOOD = "The pump hall is flooding"


@pytest.fixture
def weekend(world: World) -> Iterator[World]:
    """A Saturday in an organization that works from Monday to Friday; everybody may call twice."""
    run_pending_jobs()
    with time_machine.travel(SATURDAY, tick=False):
        with world.bound():
            Notification.objects.all().delete()
            terms = Terms(week=USUAL, country="FR", urgent="everybody", urgent_quota=2)
            actions.set_policy(actor=world.alice, terms=terms)
        yield world


def ask(world: World, who: str, *whom: str) -> str:
    query = "&".join(f"person={world.people[name].id}" for name in whom)
    answer = visit(world, who, Client(SERVER_NAME="localhost")).get(f"/working-time/arrivals?{query}")
    return " ".join(text_of(answer).split())


def named(world: World, name: str) -> str:
    person = world.people[name]
    return f"Look, {mention_source('person', person.id, person.full_name)}"


def test_the_sender_learns_the_moment_and_nothing_else(weekend: World) -> None:
    with weekend.bound():
        leave = {"first_day": date(2026, 11, 20), "last_day": date(2026, 11, 24)}
        actions.take_leave(person=weekend.bob, **leave)
    page = ask(weekend, "alice", "bob", "chloe", "dan")
    assert "Chloé Élan and Dan Field hear of it on Monday at 8:30" in page
    assert "Bob Dupont hears of it on Wednesday at 8:30" in page
    assert "leave" not in page.lower()


def test_who_may_not_see_somebody_learns_nothing_of_them(weekend: World) -> None:
    assert "Dan" not in ask(weekend, "grace", "dan")
    assert ask(weekend, "grace", "dan") == ""
    assert ask(weekend, "alice", "alice", "sam", "twin_bob") == ""


def test_whoever_works_now_is_not_spoken_of(weekend: World) -> None:
    with weekend.bound():
        actions.choose_own_hours(person=weekend.alice, week=None)
        Person.objects.filter(pk=weekend.bob.pk).update(time_zone="Pacific/Kiritimati")
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False):
        assert "Bob Dupont hears of it tomorrow at" not in ask(weekend, "alice", "chloe")
        assert ask(weekend, "alice", "chloe") == ""


def test_an_urgent_post_calls_those_whom_it_names_and_says_why(weekend: World) -> None:
    alice = visit(weekend, "alice", Client(SERVER_NAME="localhost"))
    space = str(weekend.spaces["lounge"].id)
    typed = {"space": space, "body": named(weekend, "bob"), "urgent_reason": FLOOD, "id": str(new_id())}
    assert alice.post("/entries", typed).status_code == 302
    run_pending_jobs()
    with weekend.bound():
        [line] = inbox(weekend.bob)[0]
        assert (line.notification.is_urgent, line.urgent_reason) == (True, FLOOD)
        told = Notification.objects.exclude(person=weekend.bob)
        assert not told.filter(is_urgent=True).exists(), "whoever follows along is not woken"
    bob = visit(weekend, "bob", Client(SERVER_NAME="localhost"))
    assert FLOOD in text_of(bob.get("/notifications"))


def test_what_may_not_be_urgent_is_not_published_and_nothing_is_lost(weekend: World) -> None:
    with weekend.bound():
        for _call in range(2):
            urgency.mark_urgent(sender=weekend.alice, about_id=new_id(), reason=FLOOD)
        before = Entry.objects.count()
    alice = visit(weekend, "alice", Client(SERVER_NAME="localhost"))
    typed = {"body": named(weekend, "bob"), "urgent_reason": FLOOD, "id": str(new_id())}
    for path in ("/entries", f"/entries/{weekend.entries['lounge post'].id}/replies"):
        answer = alice.post(path, {**typed, "space": str(weekend.spaces["lounge"].id)})
        assert answer.status_code == 422
        page = text_of(answer)
        assert "of this month" in page and "Look," in page and f'data-reason="{FLOOD}"' in page
    with weekend.bound():
        assert Entry.objects.count() == before


def test_an_urgent_message_says_so_in_the_inbox(weekend: World) -> None:
    with weekend.bound():
        room = chat.open_direct(viewer=weekend.alice, person=weekend.bob)
    path = f"/chat/{room.id}/arrivals"
    alice = visit(weekend, "alice", Client(SERVER_NAME="localhost"))
    assert "Bob Dupont hears of it on Monday" in text_of(alice.get(path))
    assert visit(weekend, "dan", Client(SERVER_NAME="localhost")).get(path).status_code == 404
    alice = visit(weekend, "alice", Client(SERVER_NAME="localhost"))
    alice.post(f"/chat/{room.id}/messages", {"body": "Come quickly", "urgent_reason": FLOOD})
    run_pending_jobs()
    with weekend.bound():
        [line] = inbox(weekend.bob)[0]
        assert (line.notification.is_urgent, line.urgent_reason) == (True, FLOOD)
        assert UrgentCall.objects.get().sender_id == weekend.people["alice"].id
        assert urgency.allowance_of(weekend.alice) == urgency.Allowance(quota=2, left=1)
        [message] = page_row(weekend.bob, messages_of(weekend.bob, room))["messages"]
        assert message["urgent_reason"] == FLOOD, "in the conversation, too"


def test_an_announcement_says_who_hears_of_it_later_and_may_be_urgent(weekend: World) -> None:
    alice = visit(weekend, "alice", Client(SERVER_NAME="localhost"))
    typed = {
        "space": str(weekend.spaces["lounge"].id),
        "id": str(new_id()),
        "title": "The hall is closed",
        "body": "Use the north gate.",
        "audience": "space",
        "do": "keep",
        "urgent_reason": FLOOD,
    }
    editor = text_of(alice.post("/announcements/audience", typed))
    assert "are outside their working time now; the first hear of it on Monday" in editor
    assert "It cannot wait" in editor and f'value="{FLOOD}"' in editor
    draft = alice.post("/announcements/new", typed)["Location"]
    with weekend.bound():
        assert not UrgentCall.objects.exists(), "a draft calls nobody"
        entry = Entry.objects.get(pk=typed["id"])
    assert f'value="{FLOOD}"' in text_of(alice.get(f"/announcements/{entry.id}/edit")), draft
    assert alice.post(f"/announcements/{entry.id}/publication", {}).status_code == 302
    run_pending_jobs()
    with weekend.bound():
        assert UrgentCall.objects.get().reason == FLOOD
        urgent = [line for line in inbox(weekend.bob)[0] if line.notification.is_urgent]
        assert [line.urgent_reason for line in urgent] == [FLOOD]


def test_an_open_window_hears_that_it_is_to_stay_calm(weekend: World, client: Client) -> None:
    bob = visit(weekend, "bob", client)
    answer = bob.get("/working-time/now").json()  # type: ignore[attr-defined]
    assert answer["until"].startswith("2026-11-23T07:30") and "on Monday at 8:30" in answer["text"]
    assert answer["changes_in"] == (45 * 60 + 30) * 60
    with weekend.bound():
        Notification.objects.create(person=weekend.bob, subject="thread:1", reason="mention")
    assert bob.get("/notifications/devices/waiting").json()["unread"] == 0  # type: ignore[attr-defined]
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False):
        open_now = bob.get("/working-time/now").json()  # type: ignore[attr-defined]
        # Until 18:00 in Paris.
        assert open_now == {"until": None, "text": "", "changes_in": 7 * 3600}
