"""Mails that come back: known by their signed address; after repeated ones nothing is sent, until somebody says so."""

from __future__ import annotations

import email
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.settings import Settings
from parvis.mail.models import Mailbox, SentMail
from parvis.mail.out import mailboxes
from parvis.mail.out.bounces import is_bounce_address, record_bounce
from parvis.mail.out.return_paths import return_path
from parvis.notifications.queries import inbox
from parvis.people.models import Person
from tests.mail.out.test_channel import later, mention, to
from tests.mailserver import MailServer
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

REPORT = """From: MAILER-DAEMON@mx.atelier.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.atelier.example

Final-Recipient: rfc822; bob@atelier.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {code} <bob@atelier.example>: Recipient address rejected

--b--
"""


@pytest.fixture(autouse=True)
def mail_comes_in(settings: Any) -> None:
    settings.PARVIS = Settings(mail_domain="reply.example.org")


def report(address: str, *, is_permanent: bool = True) -> Message:
    words = ("failed", "5.1.1", "550 5.1.1") if is_permanent else ("delayed", "4.4.1", "451 4.4.1")
    text = REPORT.format(to=address, action=words[0], status=words[1], code=words[2])
    return email.message_from_string(text)


def sent_to_bob(world: World) -> SentMail:
    with world.bound():
        sent: SentMail = SentMail.objects.create(
            person=world.bob, kind="notice", address=world.bob.email, state="sent"
        )
    return sent


def bounce(world: World, *, days: float = 1, is_permanent: bool = True) -> None:
    """Let one more mail come back, some days after the last one."""
    address = return_path(sent_to_bob(world))
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert record_bounce(report(address, is_permanent=is_permanent), recipient=address)


def test_a_mail_returns_to_an_address_of_its_own_that_nobody_can_invent(
    quiet: World, server: MailServer
) -> None:
    mention(quiet, "bob")
    later(quiet)
    (received,) = server.received
    assert is_bounce_address(received.sender)
    assert received.sender.endswith("@reply.example.org")
    wrong = received.sender[:10] + ("a" if received.sender[10] != "a" else "b") + received.sender[11:]
    assert not is_bounce_address(wrong)
    assert record_bounce(report(received.sender), recipient=received.sender)
    with quiet.bound():
        sent = SentMail.objects.get(person=quiet.bob)
        assert (sent.state, sent.problem) == (
            "bounced",
            "550 5.1.1 <bob@atelier.example>: Recipient address rejected",
        )
        assert mailboxes.that_can_be_mailed([quiet.bob.id])


def test_after_repeated_bounces_no_mail_is_sent_until_its_owner_says_so(
    quiet: World, server: MailServer, client: Client
) -> None:
    for days in (1, 2, 3):
        bounce(quiet, days=days)
    with quiet.bound():
        assert not mailboxes.that_can_be_mailed([quiet.bob.id])
        lines, _next = inbox(quiet.bob)
        assert [line.notification.reason for line in lines] == [mailboxes.STOPPED]
        sign_in(client, quiet.bob)
    mention(quiet, "bob")
    later(quiet)
    assert to(server, "bob") == []
    page = client.get("/o/atelier/mail/settings").content.decode()
    assert "Recipient address rejected" in page
    assert client.post("/o/atelier/mail/settings/resumption").status_code == 302
    with quiet.bound():
        assert mailboxes.that_can_be_mailed([quiet.bob.id])
        assert mailboxes.trouble_of(quiet.bob) is None


def test_many_bounces_of_one_evening_are_one_trouble(quiet: World) -> None:
    for minutes in range(5):
        bounce(quiet, days=1 + minutes / 1440)
    with quiet.bound():
        assert Mailbox.objects.get(person=quiet.bob).bounces == 1


def test_a_delay_or_the_same_bounce_twice_counts_nothing(quiet: World) -> None:
    bounce(quiet, is_permanent=False)
    sent = sent_to_bob(quiet)
    for _again in range(2):
        record_bounce(report(return_path(sent)), recipient=return_path(sent))
    with quiet.bound():
        assert Mailbox.objects.get(person=quiet.bob).bounces == 1


def test_what_answers_but_does_not_bounce_changes_nothing(quiet: World) -> None:
    address = return_path(sent_to_bob(quiet))
    holiday = email.message_from_string(
        f"From: bob@atelier.example\nTo: {address}\nSubject: Away\n\nBack on Monday\n"
    )
    assert record_bounce(holiday)
    with quiet.bound():
        assert not Mailbox.objects.exists()


def test_a_new_address_begins_without_trouble(quiet: World) -> None:
    for days in (1, 2, 3):
        bounce(quiet, days=days)
    with quiet.bound():
        Person.objects.filter(pk=quiet.bob.pk).update(email="bob.dupont@atelier.example")
        assert mailboxes.that_can_be_mailed([quiet.bob.id])
        assert mailboxes.trouble_of(quiet.bob) is None


def test_an_address_refused_while_it_leaves_counts_too(quiet: World, server: MailServer) -> None:
    mention(quiet, "bob")
    server.answers["RCPT"] = "550 no such user"
    later(quiet)
    with quiet.bound():
        assert SentMail.objects.get(person=quiet.bob).state == "refused"
        assert Mailbox.objects.get(person=quiet.bob).problem == "550 no such user"


def test_administrators_see_who_is_not_reached_and_let_mails_leave_again(
    quiet: World, client: Client, server: MailServer
) -> None:
    for days in (1, 2, 3):
        bounce(quiet, days=days)
    with quiet.bound():
        sign_in(client, quiet.alice)
    page = client.get("/o/atelier/mail/administration").content.decode()
    assert "Bob Dupont" in page and "Recipient address rejected" in page
    assert client.post(f"/o/atelier/mail/administration/people/{quiet.people['bob'].id}").status_code == 302
    with quiet.bound():
        assert mailboxes.that_can_be_mailed([quiet.bob.id])
        sign_in(client, quiet.bob)
    assert client.get("/o/atelier/mail/administration").status_code == 404
    assert client.post("/o/atelier/mail/administration/test").status_code == 404


def test_a_test_mail_to_oneself_says_what_the_server_says(
    quiet: World, client: Client, server: MailServer
) -> None:
    with quiet.bound():
        sign_in(client, quiet.alice)
    client.post("/o/atelier/mail/administration/test")
    run_pending_jobs()
    (message,) = to(server, "alice")
    assert message["Subject"] == "A test mail from Atelier"
    server.answers["MAIL"] = "550 sender not allowed"
    client.post("/o/atelier/mail/administration/test")
    run_pending_jobs()
    assert "550 sender not allowed" in client.get("/o/atelier/mail/administration").content.decode()
