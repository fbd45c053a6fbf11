"""Outgoing mail as administrators see it: all of what went wrong, a page at a time, at a constant cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.mail.models import Mailbox, SentMail
from parvis.mail.out import administration
from tests.browsing import Visitor, text_of, visit
from tests.web.test_query_budgets import MAIL, cost
from tests.world import World

pytestmark = pytest.mark.django_db

PAGE = "/mail/administration"
NAMES = ("bob", "chloe", "dan")


@pytest.fixture
def alice(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """An administrator; the page is small."""
    monkeypatch.setattr(administration, "STOPPED_PER_PAGE", 2)
    monkeypatch.setattr(administration, "PROBLEMS_PER_PAGE", 2)
    return visit(world, "alice", client)


def refuse(world: World, *names: str) -> None:
    """Let the addresses of these people refuse our mails, the first one longest ago."""
    now = timezone.now()
    with world.bound():
        for number, name in enumerate(names):
            person, ago = world.people[name], timedelta(hours=len(names) - number)
            Mailbox.objects.create(person=person, address=person.email, stopped_at=now - ago)
            SentMail.objects.create(
                person=person, address=person.email, kind="notice", state="refused", problem=f"550 no {name}",
                created_at=now - ago,
            )  # fmt: skip


def test_who_refuses_is_found_on_a_page_or_by_name(world: World, alice: Visitor) -> None:
    refuse(world, *NAMES)
    first, second = text_of(alice.get(PAGE)), text_of(alice.get(f"{PAGE}?page=2"))
    addresses = [world.people[name].email for name in NAMES]
    resumptions = [f"{PAGE}/people/{world.people[name].id}" for name in NAMES]
    assert [address in first for address in resumptions] == [False, True, True]
    assert [address in second for address in resumptions] == [True, False, False]
    found = text_of(alice.get(f"{PAGE}?q={addresses[0]}"))
    assert [address in found for address in resumptions] == [True, False, False]
    assert "None of them." in text_of(alice.get(f"{PAGE}?q=nobody"))


def test_what_went_wrong_is_read_to_its_end(world: World, alice: Visitor) -> None:
    refuse(world, *NAMES)
    pages = [text_of(alice.get(f"{PAGE}?wrong={number}")) for number in (1, 2)]
    assert [[f"550 no {name}" in page for name in NAMES] for page in pages] == [
        [False, True, True],
        [True, False, False],
    ]


def test_the_page_costs_the_same_however_many_refuse(world: World, alice: Visitor) -> None:
    refuse(world, "bob")
    few = cost(alice, PAGE)
    refuse(world, "chloe", "dan")
    statements = cost(alice, PAGE)
    assert len(statements) == len(few) <= MAIL["outgoing mail"], "\n".join(statements)
