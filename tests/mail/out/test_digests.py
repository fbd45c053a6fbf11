"""A digest comes in its rhythm, in working time, once, and never says what was seen or told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.delivery import actions as delivery
from parvis.delivery import hours
from parvis.delivery.models import Turn
from parvis.delivery.tasks import ask_for_due_turns
from parvis.foundation.jobs import run_pending_jobs
from parvis.mail.models import DigestChoice, DigestTurn, SentMail
from parvis.mail.out import stopping, turns
from parvis.mail.out.digests import rhythms_of
from parvis.notifications import actions as notifications
from parvis.notifications import opening
from parvis.notifications.models import KindChoice, OpenedThread
from parvis.people.models import Person
from tests.mail.out.test_channel import mention, text_of, to
from tests.mailserver import MailServer
from tests.web.test_query_budgets import NO_TABLE
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

# A Tuesday, in an organization of Paris.
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAILY, WEEKLY, NEVER = DigestChoice.Rhythm.DAILY, DigestChoice.Rhythm.WEEKLY, DigestChoice.Rhythm.NEVER


class Clock:
    """A day that passes as a test says."""

    def __init__(self, traveller: time_machine.Coordinates, world: World) -> None:
        self.traveller, self.world = traveller, world

    def on(self, at: datetime) -> None:
        """Let the time come, and the sweeper do its turn, twice."""
        self.traveller.move_to(at, tick=False)
        for _turn in range(2):
            with self.world.bound():
                turns.sweep()
            run_pending_jobs()


@pytest.fixture
def clock(quiet: World, server: MailServer) -> Iterator[Clock]:
    """Everybody has a turn, and what was before is not new to them; Bob chose the daily one."""
    with time_machine.travel(NOON, tick=False) as traveller:
        clock = Clock(traveller, quiet)
        with quiet.bound():
            stopping.choose_rhythm(None, NEVER)
            stopping.choose_rhythm(quiet.people["bob"], DAILY)
        clock.on(NOON)
        traveller.shift(timedelta(minutes=1))
        yield clock


def post(world: World, title: str, by: str = "chloe") -> Entry:
    with world.bound():
        return content.publish(author=getattr(world, by), space=world.lounge, title=title, body="Text")


def test_a_conversation_that_was_opened_is_not_told_again(
    quiet: World, server: MailServer, clock: Clock, client: Client
) -> None:
    opened, _passed_by = post(quiet, "Opened"), post(quiet, "Passed by")
    with quiet.bound():
        sign_in(client, quiet.bob)
    hidden = quiet.entries["cellar post"]
    for thread in (opened, opened, hidden):
        assert client.post(f"/o/atelier/notifications/threads/{thread.id}/read").status_code == 204
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    (digest,) = to(server, "bob")
    assert "Passed by" in text_of(digest) and "Opened" not in text_of(digest)
    clock.traveller.move_to(NOON + opening.KEPT_FOR + timedelta(hours=1), tick=False)
    with quiet.bound():
        assert OpenedThread.objects.values_list("thread_id", flat=True).get() == opened.id
        opening.forget_opened()
        assert not OpenedThread.objects.exists()


def test_it_comes_in_the_morning_with_what_is_new_and_only_once(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    post(quiet, "The new bench")
    clock.on(NOON.replace(hour=18))
    assert to(server, "bob") == []
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    (digest,) = to(server, "bob")
    assert "The new bench" in text_of(digest) and "The new bench" in str(digest["Subject"])
    assert "You chose a digest every working day." in text_of(digest)
    assert digest["List-Unsubscribe-Post"]
    clock.on(datetime(2026, 11, 26, 6, 1, tzinfo=UTC))
    assert len(to(server, "bob")) == 1


def test_what_was_missed_while_the_server_was_off_comes_once(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    post(quiet, "Monday's news")
    clock.on(NOON + timedelta(days=5))
    assert len(to(server, "bob")) == 1


@pytest.mark.parametrize(
    "seen", ["replied", "reacted", "kept", "read", "own", "muted", "other space", "silent space"]
)
def test_what_somebody_has_seen_or_does_not_want_is_not_in_it(
    quiet: World, server: MailServer, clock: Clock, seen: str
) -> None:
    entry = post(quiet, "The new bench", by="bob" if seen == "own" else "chloe")
    with quiet.bound():
        bob = quiet.bob
        if seen == "replied":
            content.reply(author=bob, to=entry, body="Yes")
        elif seen == "reacted":
            content.react(person=bob, entry=entry, emoji="👍")
        elif seen == "kept":
            content.bookmark(person=bob, entry=entry)
        elif seen == "read":
            told = {
                "subject": f"thread:{entry.id}",
                "reason": "space",
                "actor_id": None,
                "entry_id": entry.id,
            }
            notifications.notify(recipients=[bob.id], **told)
            notifications.mark_all_read(person=bob)
        elif seen == "muted":
            content.mute_thread(person=bob, entry=entry)
        elif seen == "silent space":
            notifications.set_space_level(person=bob, space=quiet.lounge, level="nothing")
        elif seen == "other space":
            content.delete_entry(actor=quiet.chloe, entry=entry)
            content.publish(author=quiet.chloe, space=quiet.cellar, body="Secret")
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    assert to(server, "bob") == []
    with quiet.bound():
        assert not SentMail.objects.filter(person=quiet.bob).exists()


def test_what_a_mail_told_is_not_in_it_and_what_it_tells_no_mail_tells(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    with quiet.bound():
        KindChoice.objects.create(person=quiet.bob, kind="post", is_on=True)
        delivery.choose(person=quiet.bob, channel="mail", kind="post", when="digest")
    mention(quiet, "bob", "told by mail")
    post(quiet, "For the digest")
    clock.traveller.shift(timedelta(minutes=20))
    _turns(quiet)
    assert [str(mail["Subject"]) for mail in to(server, "bob")] == ["Pump"]
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    _first, digest = to(server, "bob")
    assert "For the digest" in text_of(digest) and "told by mail" not in text_of(digest)
    with quiet.bound():
        delivery.choose(person=quiet.bob, channel="mail", kind="post", when="now")
        Turn.objects.create(person=quiet.bob, channel="mail", due_at=timezone.now())
    _turns(quiet)
    assert len(to(server, "bob")) == 2


def _turns(world: World) -> None:
    run_pending_jobs()
    with world.bound():
        Turn.objects.update(due_at=timezone.now())
        ask_for_due_turns()
    run_pending_jobs()


def test_refused_for_now_it_comes_later_and_says_the_same(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    post(quiet, "The new bench")
    server.answers["RCPT"] = "451 later"
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    server.answers.clear()
    clock.on(datetime(2026, 11, 25, 6, 25, tzinfo=UTC))
    (digest,) = to(server, "bob")
    assert "The new bench" in text_of(digest)


def statements_of_digests(world: World, *names: str) -> int:
    """Return how many statements that touch tables it takes to send these people what is new since yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    with world.bound():
        for name in names:
            person = world.people[name]
            stopping.choose_rhythm(person, DAILY)
            due = {"due_at": timezone.now(), "through_at": yesterday}
            DigestTurn.objects.update_or_create(person=person, defaults=due)
    with CaptureQueriesContext(connection) as captured:
        turns.send_digests(str(world.organization.id))
    return sum(not NO_TABLE.match(query["sql"]) for query in captured.captured_queries)


def test_a_further_digest_costs_the_one_statement_that_notes_its_beginning(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    with quiet.bound():
        content.publish(author=quiet.alice, space=quiet.everyone, title="The new bench", body="Text")
    # Once, so that what is kept is kept.
    statements_of_digests(quiet, "bob", "dan")
    few = statements_of_digests(quiet, "bob", "dan")
    many = statements_of_digests(quiet, "bob", "dan", "chloe")
    assert len(server.received) == 2 + 2 + 3
    assert many - few == 1


def test_what_a_killed_worker_had_not_begun_comes_some_minutes_later(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    post(quiet, "The new bench")
    clock.traveller.move_to(datetime(2026, 11, 25, 6, 1, tzinfo=UTC), tick=False)
    with quiet.bound():
        written, _settle, _is_more = turns._written(timezone.now())
        assert len(written) == SentMail.objects.filter(person=quiet.bob).count() == 1
    clock.on(timezone.now() + timedelta(minutes=1))
    assert to(server, "bob") == []
    clock.on(timezone.now() + turns.LEASE)
    assert len(to(server, "bob")) == 1
    with quiet.bound():
        assert SentMail.objects.get(person=quiet.bob).state == "sent"
        assert not turns._begin(written[0]), "a slow one leaves what somebody else has written anew"


def test_a_weekly_one_comes_on_monday_and_never_means_never(
    quiet: World, server: MailServer, clock: Clock
) -> None:
    with quiet.bound():
        stopping.choose_rhythm(quiet.bob, WEEKLY)
        turns.plan_again(Person.objects.filter(pk=quiet.bob.pk))
    post(quiet, "The new bench")
    clock.on(datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert server.received == []
    clock.on(datetime(2026, 11, 30, 6, 1, tzinfo=UTC))
    assert len(to(server, "bob")) == 1
    post(quiet, "More news")
    with quiet.bound():
        stopping.choose_rhythm(quiet.bob, NEVER)
    clock.on(datetime(2026, 12, 8, 12, tzinfo=UTC))
    assert len(server.received) == 1


def test_outside_working_time_it_waits(
    quiet: World, server: MailServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(quiet, "The new bench")
    back = datetime(2026, 11, 30, 8, tzinfo=UTC)
    for module in (turns, hours):
        monkeypatch.setattr(module, "leaves_at", lambda people, at: {one.id: max(at, back) for one in people})
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    assert server.received == []
    clock.on(back)
    assert len(to(server, "bob")) == 1


def test_one_begins_with_what_is_new_from_then_on(quiet: World, server: MailServer, clock: Clock) -> None:
    post(quiet, "Before")
    with quiet.bound():
        stopping.choose_rhythm(quiet.alice, DAILY)
    clock.on(NOON + timedelta(minutes=10))
    clock.on(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    assert to(server, "alice") == []
    with quiet.bound():
        assert DigestTurn.objects.filter(person=quiet.alice).count() == 1


def test_the_preview_is_the_letter_that_would_leave(quiet: World, client: Client, clock: Clock) -> None:
    with quiet.bound():
        sign_in(client, quiet.bob)
    assert "no mail would leave" in client.get("/o/atelier/mail/digest").content.decode()
    assert client.get("/o/atelier/mail/digest/letter").status_code == 404
    post(quiet, "The new bench")
    page = client.get("/o/atelier/mail/digest")
    assert 'src="/o/atelier/mail/digest/letter"' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    letter = client.get("/o/atelier/mail/digest/letter")
    assert "The new bench" in letter.content.decode()
    assert "frame-ancestors 'self'" in letter["Content-Security-Policy"]
    assert "unsafe-inline" not in letter["Content-Security-Policy"]
    assert letter["X-Frame-Options"] == "SAMEORIGIN"


def test_people_and_administrators_choose_the_rhythm(quiet: World, client: Client, clock: Clock) -> None:
    with quiet.bound():
        sign_in(client, quiet.alice)
    assert client.post("/o/atelier/mail/settings/digest", {"rhythm": "daily"}).status_code == 302
    assert client.post("/o/atelier/mail/administration/digest", {"rhythm": "weekly"}).status_code == 302
    assert client.post("/o/atelier/mail/settings/digest", {"rhythm": "hourly"}).status_code == 422
    with quiet.bound():
        chosen = rhythms_of([quiet.alice, quiet.dan])
    assert [chosen[quiet.people[name].id] for name in ("alice", "dan")] == [(DAILY, True), (WEEKLY, False)]
