"""A mail for what concerns somebody and was not read meanwhile: once, in their language, with the right headers."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.delivery.models import Told, Turn
from parvis.delivery.tasks import ask_for_due_turns
from parvis.delivery.turns import take_turns
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.richtext import mention_source
from parvis.mail.incoming.cutting import REPLY_LINES
from parvis.mail.models import SentMail
from parvis.mail.out import printing, stopping
from parvis.mail.out.headers import entry_id_in
from parvis.mail.out.quotes import beginning_of
from parvis.notifications import actions as notifications
from parvis.notifications.models import Notification
from parvis.spaces import actions as spaces
from parvis.worktime.models import UrgentCall
from tests.announcements.test_announcements import announce
from tests.mailserver import MailServer
from tests.web.test_query_budgets import NO_TABLE
from tests.world import World

pytestmark = pytest.mark.django_db


def later(world: World) -> None:
    """Let the minutes pass in which somebody could have read it."""
    run_pending_jobs()
    with world.bound():
        Turn.objects.update(due_at=timezone.now())
        ask_for_due_turns()
    run_pending_jobs()


def mention(world: World, name: str, text: str = "can you look?", by: str = "alice") -> Entry:
    person = world.people[name]
    with world.bound():
        body = f"{mention_source('person', person.id, person.full_name)} {text}"
        return content.publish(author=getattr(world, by), space=world.lounge, title="Pump", body=body)


def to(server: MailServer, name: str) -> list[EmailMessage]:
    return [mail.message for mail in server.received if mail.recipients == [f"{name}@atelier.example"]]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_who_where_what_and_one_button_in_the_readers_language(quiet: World, server: MailServer) -> None:
    post = mention(quiet, "chloe", "regarde la pompe")
    later(quiet)
    (message,) = to(server, "chloe")
    text, html = text_of(message), text_of(message, "html")
    assert message["From"] == "Alice Martin · Atelier <parvis@p.example>"
    assert message["To"] == "Chloé Élan <chloe@atelier.example>"
    assert message["Subject"] == "Pump"
    assert message["Content-Language"] == "fr"
    for said in ("Alice Martin", "Lounge", "regarde la pompe"):
        assert said in text and said in html
    assert '<html lang="fr"' in html
    assert html.count('class="button"') == 1
    assert "http://127.0.0.1:8000/o/atelier/notifications/" in text
    assert "<img" not in html and "src=" not in html
    assert str(post.id) in message["Message-ID"]
    assert "au-dessus" not in text + html, "no answer is taken in here"
    with quiet.bound():
        (sent,) = SentMail.objects.filter(person=quiet.chloe)
        assert (sent.state, sent.subjects) == ("sent", [f"thread:{post.id}"])


def test_a_letter_says_why_it_is_urgent(quiet: World, server: MailServer) -> None:
    post = mention(quiet, "bob")
    run_pending_jobs()
    with quiet.bound():
        why = "The pump hall is flooding"
        UrgentCall.objects.create(
            sender=quiet.alice, about_id=post.id, subject=f"thread:{post.id}", reason=why
        )
        Notification.objects.update(is_urgent=True)
    later(quiet)
    (message,) = to(server, "bob")
    assert f"Urgent — {why}" in text_of(message) and f"Urgent — {why}" in text_of(message, "html")


def test_a_letter_that_asks_shows_the_words_that_an_answer_says(
    quiet: World, server: MailServer, mail_comes_in: None
) -> None:
    with quiet.bound():
        announce(quiet.alice, quiet.lounge, question_en="I have read it and I wear them")
    later(quiet)
    text = text_of(to(server, "bob")[0])
    assert "To say “I have read it and I wear them”" in text and "Read and acknowledge" in text


def statements_of_a_turn(world: World, names: list[str]) -> int:
    """Return how many statements that touch tables it takes to mail these people about one post."""
    with world.bound():
        people = [world.people[name] for name in names]
        body = " ".join(mention_source("person", person.id, person.full_name) for person in people)
        content.publish(author=world.alice, space=world.lounge, title="Pump", body=body)
    run_pending_jobs()
    with world.bound():
        Turn.objects.update(due_at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        take_turns(str(world.organization.id), "mail")
    return sum(not NO_TABLE.match(query["sql"]) for query in captured.captured_queries)


def test_a_further_mail_costs_the_one_statement_that_notes_its_beginning(
    quiet: World, server: MailServer, mail_comes_in: None
) -> None:
    # Once, so that what is kept is kept.
    statements_of_a_turn(quiet, ["bob", "dan"])
    few = statements_of_a_turn(quiet, ["bob", "dan"])
    many = statements_of_a_turn(quiet, ["bob", "dan", "chloe"])
    assert len(server.received) == 2 + 2 + 3
    assert few <= 30
    assert many - few == 1


def test_a_copy_says_what_the_letter_says_that_is_printed_by_itself(
    quiet: World, server: MailServer, mail_comes_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def letters() -> dict[str, list[tuple[str, str]]]:
        server.received.clear()
        statements_of_a_turn(quiet, ["bob", "dan", "chloe"])
        found = {}
        for mail in server.received:
            parts = [(part.get_content_type(), part.get_content()) for part in mail.message.iter_parts()]
            found[mail.recipients[0]] = [*mail.message.items(), *parts]
        return found

    copies = letters()
    monkeypatch.setattr(printing, "_plate", lambda copy, marks: None)
    alone = letters()
    assert len(copies) == len(alone) == 3
    text, html = (part for kind, part in copies["chloe@atelier.example"] if kind.startswith("text/"))
    assert text.startswith(f"― {REPLY_LINES[1]} ―") and REPLY_LINES[1] in html
    for recipient, copy in copies.items():
        # What is named after the post, signed or made for one mail differs; nothing else does.
        assert [plain(item) for item in copy] == [plain(item) for item in alone[recipient]]
        assert not any(b"mark" in mail.content for mail in server.received)


def plain(item: tuple[str, str]) -> tuple[str, str]:
    """Return a header or a part without what is random in it."""
    name, value = item
    if name in {"Date", "Content-Type"}:
        return name, ""
    return name, re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|/mail/stop/[^\s\">]+|r1[a-z2-7]{39}|\d\d:\d\d", "…", value
    )


def test_what_was_read_meanwhile_is_not_mailed_and_nothing_is_mailed_twice(
    quiet: World, server: MailServer
) -> None:
    post = mention(quiet, "bob")
    run_pending_jobs()
    with quiet.bound():
        notifications.mark_read(person=quiet.bob, subject=f"thread:{post.id}")
    mention(quiet, "dan")
    later(quiet)
    later(quiet)
    assert to(server, "bob") == []
    assert len(to(server, "dan")) == 1


def test_what_became_invisible_meanwhile_is_not_mailed(quiet: World, server: MailServer) -> None:
    post = mention(quiet, "bob")
    run_pending_jobs()
    with quiet.bound():
        content.hide_entry(actor=quiet.alice, entry=post)
    later(quiet)
    assert to(server, "bob") == []


def test_a_text_that_left_the_readers_sight_is_not_quoted_beside_one_that_did_not(
    quiet: World, server: MailServer
) -> None:
    post = mention(quiet, "bob")
    with quiet.bound():
        secret = content.reply(author=quiet.chloe, to=post, body="taken back")
        content.reply(author=quiet.chloe, to=post, body="still there")
        content.delete_entry(actor=quiet.chloe, entry=secret)
    later(quiet)
    (message,) = to(server, "alice")
    assert "still there" in text_of(message) and "taken back" not in text_of(message)


def test_a_conversation_is_one_thread_in_every_mailbox(quiet: World, server: MailServer) -> None:
    post = mention(quiet, "bob")
    later(quiet)
    with quiet.bound():
        notifications.mark_all_read(person=quiet.bob)
        reply = content.reply(author=quiet.alice, to=post, body="And you, Bob?")
        content.follow_thread(person=quiet.bob, entry=post)
        second = content.reply(author=quiet.chloe, to=reply, body="Indeed")
    later(quiet)
    list_id = f'"Lounge" <{quiet.spaces["lounge"].id}.atelier.127.0.0.1>'
    first, answer = to(server, "bob")
    assert first["In-Reply-To"] is None
    assert answer["In-Reply-To"] == answer["References"] == first["Message-ID"]
    assert entry_id_in(str(answer["Message-ID"])) == second.id
    assert (first["Subject"], answer["Subject"]) == ("Pump", "Re: Pump")
    assert answer["List-Id"] == first["List-Id"] == list_id


@pytest.mark.parametrize(
    "header", ["Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "Feedback-ID"]
)
def test_no_holiday_notice_answers(quiet: World, server: MailServer, header: str) -> None:
    mention(quiet, "bob")
    later(quiet)
    assert to(server, "bob")[0][header]


def test_what_waited_together_is_one_mail(quiet: World, server: MailServer) -> None:
    mention(quiet, "bob", "first thing")
    with quiet.bound():
        spaces.invite_to_space(actor=quiet.chloe, space=quiet.cellar, person=quiet.bob)
    mention(quiet, "bob", "second thing", by="chloe")
    later(quiet)
    (message,) = to(server, "bob")
    text = text_of(message)
    assert "3 things for you" in text
    assert text.index("second thing") < text.index("first thing")
    assert "Cellar" in text
    assert message["From"] == "Atelier <parvis@p.example>"
    assert message["In-Reply-To"] is None


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_refused_for_now_is_tried_again_and_arrives_once(quiet: World, server: MailServer, step: str) -> None:
    mention(quiet, "bob")
    server.answers[step] = "451 come back later"
    later(quiet)
    with quiet.bound():
        assert not Told.objects.filter(person=quiet.bob).exists()
    server.answers.clear()
    later(quiet)
    later(quiet)
    assert len(to(server, "bob")) == 1
    with quiet.bound():
        states = SentMail.objects.filter(person=quiet.bob).order_by("id").values_list("state", flat=True)
        assert list(states) == ["deferred", "sent"]


def test_a_text_refused_for_good_is_not_tried_again(quiet: World, server: MailServer) -> None:
    mention(quiet, "bob")
    server.answers["DATA"] = "554 no"
    later(quiet)
    server.answers.clear()
    later(quiet)
    assert to(server, "bob") == []


def test_a_mail_that_may_have_left_is_never_sent_again(quiet: World, server: MailServer) -> None:
    mention(quiet, "bob")
    server.answers["DATA"] = "hang up"
    later(quiet)
    server.answers.clear()
    later(quiet)
    assert to(server, "bob") == []
    with quiet.bound():
        assert SentMail.objects.get(person=quiet.bob).state == "unknown"


def test_without_a_mail_server_nobody_has_the_channel(quiet: World, settings: object) -> None:
    settings.HAS_MAIL_SERVER = False  # type: ignore[attr-defined]
    mention(quiet, "bob")
    run_pending_jobs()
    with quiet.bound():
        assert not Turn.objects.filter(channel=stopping.CHANNEL).exists()


def test_a_quote_keeps_its_paragraphs_and_ends_between_words() -> None:
    assert beginning_of("One\n\nTwo  words") == "One\nTwo words"
    assert beginning_of("word " * 50, 60) == "word word word word word word word word word word word word…"
    assert beginning_of("a" * 30 + "\n" + "b" * 30, 62) == "a" * 30 + "\n…"
