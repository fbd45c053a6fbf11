from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives

from parvis.foundation import relay
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.mail import (
    Paragraph,
    as_html,
    mail_is_configured,
    paragraphs_of,
    send_mail,
    send_mail_later,
)

TEXT = "Bonjour Zoé,\n\nAlice vous invite <ici>.\nÀ bientôt.\n\nRejoindre Hivernel :\nhttps://p.example/i/a?b=1&c=2\n"
Capture = Callable[..., AbstractContextManager[list[Any]]]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Parvis <parvis@p.example>"
    outbox.outbox = []


def sent() -> EmailMultiAlternatives:
    (message,) = outbox.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def write(**changes: Any) -> dict[str, Any]:
    letter = {"to": "zoe@x.example", "subject": "Une\ninvitation", "text": TEXT, "language": "fr"}
    return {**letter, "organization_name": "Hivernel", **changes}


def test_a_letter_says_the_same_in_text_and_in_html(django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_mail(**write())
    message = sent()
    assert message.subject == "Une invitation"
    assert message.from_email == "Hivernel <parvis@p.example>"
    assert message.body == TEXT
    html = str(message.alternatives[0][0])
    assert '<html lang="fr"' in html
    assert "Alice vous invite &lt;ici&gt;.<br>À bientôt." in html
    assert '<a class="button" href="https://p.example/i/a?b=1&amp;c=2">Rejoindre Hivernel</a>' in html


def test_no_mail_server_is_waited_for_inside_a_transaction(
    django_capture_on_commit_callbacks: Capture,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        send_mail(**write())
    assert len(callbacks) == 1
    assert outbox.outbox == []


def test_a_mail_asked_for_later_leaves_from_a_job(django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_mail_later(
            **write(reply_to="alice@x.example", headers={"List-Unsubscribe": "<https://p.example/u>"})
        )
        assert outbox.outbox == []
        run_pending_jobs()
    message = sent()
    assert message.reply_to == ["alice@x.example"]
    assert message.extra_headers["List-Unsubscribe"] == "<https://p.example/u>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_names_and_subjects_cannot_add_headers(django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_mail(**write(organization_name="Evil\r\nBcc: all@x.example", subject="a\r\nBcc: b@x.example"))
    message = sent().message()
    assert message.get_all("Bcc") is None


@pytest.mark.parametrize(
    ("outcome", "is_tried_again"), [(relay.Refused("550 no", is_address=True), False), (relay.NotNow(), True)]
)
def test_an_address_that_does_not_exist_is_not_tried_again(
    outcome: Exception,
    is_tried_again: bool,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    def refuse(_message: object) -> None:
        raise outcome

    monkeypatch.setattr(relay, "hand_over", refuse)

    def attempt() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            send_mail(**write())

    if is_tried_again:
        with pytest.raises(relay.NotNow):
            attempt()
    else:
        attempt()


def test_paragraphs() -> None:
    assert paragraphs_of("a\nb\n\n \nhttps://x.example\n\nc https://x.example") == [
        Paragraph("a\nb"),
        Paragraph("https://x.example", address="https://x.example"),
        Paragraph("c https://x.example"),
    ]


def test_a_letter_loads_nothing_from_anywhere() -> None:
    html = as_html(TEXT, language="en")
    assert "<img" not in html
    assert "url(" not in html
    assert "src=" not in html


def test_without_a_mail_server_pages_know_it(settings: Any) -> None:
    settings.HAS_MAIL_SERVER = False
    assert not mail_is_configured()
