"""Addresses for incoming mail: signed, one person's alone, short, and worthless once revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from parvis.mail import addresses
from parvis.mail.addresses import find_destination, reply_address, space_address
from tests.mail.conftest import DOMAIN
from tests.world import World

pytestmark = pytest.mark.usefixtures("mail_comes_in")


def test_a_reply_address_leads_back_to_its_person_and_subject(world: World) -> None:
    post = world.entries["lounge post"]
    with world.bound():
        address = reply_address(world.bob, f"thread:{post.id}", entry_id=post.id)
    local, _at, domain = address.partition("@")
    assert domain == DOMAIN and len(local) <= 64 and local.isalnum() and local == local.lower()
    # Mail servers may change the case; nothing is bound when a mail arrives.
    found = find_destination(address.upper())
    assert found is not None and not found.is_stale
    assert (found.organization_id, found.person_id) == (world.organization.id, world.people["bob"].id)
    assert (found.subject, found.entry_id) == (f"thread:{post.id}", post.id)


def test_the_same_person_and_subject_have_one_address_and_others_have_others(world: World) -> None:
    with world.bound():
        given = [reply_address(world.bob, "thread:1"), reply_address(world.bob, "thread:1")]
        others = {
            reply_address(world.chloe, "thread:1"),
            reply_address(world.bob, "thread:2"),
            space_address(world.bob, world.lounge),
        }
    assert given[0] == given[1] and len(others | set(given)) == 4


def test_what_is_invented_changed_or_for_another_domain_leads_nowhere(world: World) -> None:
    with world.bound():
        address = reply_address(world.bob, "thread:1")
    changed = address[:5] + ("a" if address[5] != "a" else "b") + address[6:]
    as_space = "s" + address[1:]
    elsewhere = address.replace(DOMAIN, "other.example")
    for invented in (changed, as_space, elsewhere, "r1@" + DOMAIN, "", "@", "bob@" + DOMAIN, address[:-1]):
        assert find_destination(invented) is None


def test_revoked_addresses_are_worthless_and_new_ones_differ(world: World) -> None:
    with world.bound():
        before, other = reply_address(world.bob, "thread:1"), reply_address(world.chloe, "thread:1")
        assert addresses.revoke_addresses(world.bob) == 1
        after = reply_address(world.bob, "thread:1")
    assert before != after and find_destination(before) is None
    assert find_destination(after) is not None and find_destination(other) is not None


def test_an_address_goes_stale_unless_it_is_shown_again(world: World) -> None:
    with world.bound():
        reply, space = reply_address(world.bob, "thread:1"), space_address(world.bob, world.lounge)
    with time_machine.travel(timezone.now() + timedelta(days=200), tick=False):
        old, rested = find_destination(reply), find_destination(space)
        assert old is not None and old.is_stale
        assert rested is not None and not rested.is_stale
        with world.bound():
            assert reply_address(world.bob, "thread:1") == reply
        young = find_destination(reply)
        assert young is not None and not young.is_stale


def test_a_mailbox_that_knows_plus_addresses_serves_as_well(
    world: World, set_mail: Callable[..., None]
) -> None:
    set_mail(mail_domain="parvis@atelier.example")
    with world.bound():
        address = reply_address(world.bob, "thread:1")
    assert address.startswith("parvis+r1") and address.endswith("@atelier.example")
    assert find_destination(address) is not None


def test_without_a_domain_no_mail_comes_in(world: World, set_mail: Callable[..., None]) -> None:
    with world.bound():
        address = reply_address(world.bob, "thread:1")
        set_mail(mail_domain=None)
        assert reply_address(world.bob, "thread:1") == "" == space_address(world.bob, world.lounge)
    assert find_destination(address) is None
