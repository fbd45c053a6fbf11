"""What came of a mail is told apart, with a real SMTP server on this machine."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage

from parvis.foundation import relay
from tests.mailserver import MailServer


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        server.serve(settings)
        yield server
    relay.close()


def letter(to: str = "zoe@x.example") -> EmailMessage:
    return EmailMessage("Hello", ".A line that begins with a dot\n", "bounce@p.example", [to])


def test_a_mail_arrives_whole_from_the_address_that_it_returns_to(server: MailServer) -> None:
    relay.hand_over(letter())
    relay.hand_over(letter("bob@x.example"))
    assert [(mail.sender, mail.recipients) for mail in server.received] == [
        ("bounce@p.example", ["zoe@x.example"]),
        ("bounce@p.example", ["bob@x.example"]),
    ]
    assert server.received[0].message.get_payload() == ".A line that begins with a dot\r\n"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("at", "code", "outcome"),
    [
        ("MAIL", 451, relay.NotNow),
        ("MAIL", 550, relay.NotNow),
        ("RCPT", 451, relay.NotNow),
        ("RCPT", 550, relay.Refused),
        ("DATA", 451, relay.NotNow),
        ("DATA", 554, relay.Refused),
    ],
)
def test_what_is_refused_for_now_is_told_from_what_is_refused_for_good(
    server: MailServer, at: str, code: int, outcome: type[Exception]
) -> None:
    server.answers[at] = f"{code} no"
    with pytest.raises(outcome, match=f"{code} no") as refusal:
        relay.hand_over(letter())
    assert getattr(refusal.value, "is_address", None) in {None, at == "RCPT"}
    server.answers.clear()
    relay.hand_over(letter())
    assert len(server.received) == 1


def test_without_a_server_nothing_left(settings: Any) -> None:
    with MailServer() as server:
        server.serve(settings)
    with pytest.raises(relay.NotNow):
        relay.hand_over(letter())


def test_a_connection_that_was_closed_meanwhile_is_opened_again(server: MailServer) -> None:
    relay.hand_over(letter())
    server.hang_up()
    relay.hand_over(letter())
    assert len(server.received) == 2
    assert server.connections == 2


def test_a_server_that_goes_away_after_the_text_may_have_taken_it(server: MailServer) -> None:
    server.answers["DATA"] = "hang up"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        relay.hand_over(letter())
