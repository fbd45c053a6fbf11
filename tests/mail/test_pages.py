"""Pages of mail that comes in: one's own address of a space, what was refused without its words, what was spared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.mail.addresses import find_destination, space_address
from parvis.mail.avoided import mails_avoided
from parvis.mail.models import GivenAddress, ReceivedMail, SentMail
from tests.mail.writing import hand_over, letter
from tests.world import World, sign_in

pytestmark = pytest.mark.usefixtures("mail_comes_in")


def test_who_may_post_finds_their_own_address_of_a_space_and_nobody_elses(
    world: World, client: Client
) -> None:
    sign_in(client, world.people["bob"])
    page = client.get(f"/o/atelier/mail/spaces/{world.spaces['lounge'].id}").content.decode()
    with world.bound():
        own = space_address(world.bob, world.lounge)
    assert own in page and f'href="mailto:{own}"' in page
    # Hosts alone post in the bulletin; the cellar does not exist for Bob.
    for name in ("bulletin", "cellar"):
        assert client.get(f"/o/atelier/mail/spaces/{world.spaces[name].id}").status_code == 404
    assert "Write by mail" in client.get(f"/o/atelier/spaces/{world.spaces['lounge'].id}").content.decode()


def test_taking_addresses_back_is_one_click_and_leaves_a_trace(world: World, client: Client) -> None:
    sign_in(client, world.people["bob"])
    with world.bound():
        given = space_address(world.bob, world.lounge)
    assert client.post("/o/atelier/mail/settings/addresses").status_code == 302
    assert find_destination(given) is None
    with world.bound():
        assert not GivenAddress.objects.filter(person=world.bob).exists()


def test_administrators_see_why_mails_were_refused_and_not_a_word_of_them(
    world: World, client: Client
) -> None:
    with world.bound():
        address = space_address(world.bob, world.lounge)
        hand_over(letter("A confidential walrus", sender="eve@evil.example", subject="Secret"), address)
        assert ReceivedMail.objects.get().raw is None
    sign_in(client, world.people["alice"])
    page = client.get("/o/atelier/mail/administration/incoming").content.decode()
    assert "walrus" not in page
    assert "The sender is not whom the address was given to" in page and "Secret" not in page
    sign_in(client, world.people["bob"])
    assert client.get("/o/atelier/mail/administration/incoming").status_code == 404


def test_mails_avoided_are_those_to_who_took_part_less_those_that_were_sent(
    world: World, client: Client
) -> None:
    with world.bound():
        Entry.objects.update(published_at=timezone.now() - timedelta(days=60))
        Entry.objects.update(activity_at=timezone.now() - timedelta(days=60))
        post = content.publish(author=world.alice, space=world.lounge, body="A question")
        first = content.reply(author=world.bob, to=post, body="To Alice")
        content.reply(author=world.chloe, to=first, body="To Alice and Bob, answers Bob")
        content.reply(author=world.chloe, to=post, body="To Alice and Bob again")
        content.reply(author=world.alice, to=post, body="To Bob and Chloé, answers herself")
        SentMail.objects.create(person=world.bob, kind=SentMail.Kind.NOTICE, address="bob@atelier.example")
        counted = mails_avoided()
    assert (counted.to_everybody, counted.to_the_answered, counted.sent) == (1 + 2 + 2 + 2, 3, 1)
    assert (counted.most, counted.least) == (6, 2)
    sign_in(client, world.people["bob"])
    assert client.get("/o/atelier/mail/avoided").status_code == 200
    sign_in(client, world.people["grace"])
    assert client.get("/o/atelier/mail/avoided").status_code == 404
    sign_in(client, world.people["bob"])
    told = client.get("/o/atelier/api/v1/mail/avoided").json()
    assert (told["least"], told["most"]) == (2, 6)
