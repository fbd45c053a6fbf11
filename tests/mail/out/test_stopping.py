"""How one stops mails: with one click of the mailbox, or on a page that says what is turned off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from parvis.delivery.choices import choices_of
from parvis.mail.models import QuietSubject
from parvis.mail.out import stopping
from parvis.mail.out.digests import rhythm_of
from tests.mail.out.test_channel import later, mention, to
from tests.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db


def one_click_of(message: Any) -> str:
    found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/\S+)>", str(message["List-Unsubscribe"]))
    assert found is not None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return found[1]


def strict_client() -> Client:
    """Without a session, and with the check that forms of elsewhere fail."""
    return Client(SERVER_NAME="localhost", enforce_csrf_checks=True)


def click(address: str) -> int:
    return strict_client().post(address, {"List-Unsubscribe": "One-Click"}).status_code


def test_one_click_of_a_mailbox_stops_the_one_conversation_by_mail(quiet: World, server: MailServer) -> None:
    post = mention(quiet, "bob")
    later(quiet)
    address = one_click_of(to(server, "bob")[0])
    assert [click(address), click(address)] == [200, 200]
    with quiet.bound():
        assert [row.subject for row in QuietSubject.objects.filter(person=quiet.bob)] == [f"thread:{post.id}"]
        assert stopping.quiet_subjects_of([(quiet.bob, [f"thread:{post.id}", "x"])]) == [
            {f"thread:{post.id}"}
        ]
    mention(quiet, "bob", "something else")
    later(quiet)
    assert len(to(server, "bob")) == 2


def test_looking_at_the_address_changes_nothing_and_says_what_a_click_would(
    quiet: World, server: MailServer
) -> None:
    mention(quiet, "chloe")
    later(quiet)
    page = strict_client().get(one_click_of(to(server, "chloe")[0]))
    assert page.status_code == 200
    assert "Les e-mails sur cette conversation." in page.content.decode()
    with quiet.bound():
        assert not QuietSubject.objects.exists()


@pytest.mark.parametrize("what", ["kind:mention", "notices", "everything", "digest"])
def test_each_address_turns_off_what_it_says_and_nothing_else(quiet: World, what: str) -> None:
    with quiet.bound():
        path = stopping.address_of(quiet.bob, what).removeprefix("http://127.0.0.1:8000")
    assert click(path) == 200
    with quiet.bound():
        when = {kind: chosen.when for kind, chosen in choices_of(quiet.bob)[stopping.CHANNEL].items()}
        now = {kind for kind, each in when.items() if each == "now"}
        rhythm, is_own = rhythm_of(quiet.bob)
    usual = {"direct", "mention", "reply", "announcement", "space", "notice"}
    assert (
        now
        == {
            "kind:mention": usual - {"mention"},
            "notices": {"announcement"},
            "everything": {"announcement"},
            "digest": usual,
        }[what]
    )
    assert (rhythm == "never" and is_own) == (what in {"everything", "digest"})
    assert when["mention"] == {"notices": "digest", "digest": "now"}.get(what, "never")


def test_what_is_chosen_on_the_page_is_no_wider_than_what_it_offers(quiet: World) -> None:
    with quiet.bound():
        path = stopping.address_of(quiet.bob, "digest").removeprefix("http://127.0.0.1:8000")
    assert strict_client().post(path, {"what": "subject:thread:1"}).status_code == 404
    assert strict_client().post(path, {"what": "everything"}).status_code == 200


@pytest.mark.parametrize("change", ["x", "twin", "gone"])
def test_an_address_that_is_not_ours_is_not_found(quiet: World, change: str) -> None:
    with quiet.bound():
        token = stopping.token_of(quiet.bob, "everything")
        if change == "gone":
            quiet.bob.__class__.objects.filter(pk=quiet.bob.pk).update(identity=None)
    slug = "jumeau" if change == "twin" else "atelier"
    assert click(f"/o/{slug}/mail/stop/{token[:-1] + 'x' if change == 'x' else token}") == 404
