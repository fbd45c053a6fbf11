"""Feeds: valid, private, with the rights of the moment, dead with a membership."""

from __future__ import annotations

import re
from uuid import UUID

import feedparser
import pytest
from django.test import Client

from parvis.content import actions as content
from parvis.foundation.errors import NotFound
from parvis.people import actions as people
from parvis.spaces import actions as spaces
from parvis.syndication import actions
from parvis.syndication.models import FeedAddress
from parvis.syndication.queries import Subject, feed_for
from tests.browsing import text_of, visit
from tests.world import World, ids

pytestmark = pytest.mark.django_db


def _made(world: World, name: str, **subject: object) -> str:
    with world.bound():
        _address, secret = actions.make_address(person=getattr(world, name), subject=Subject(**subject))  # type: ignore[arg-type]
    return f"/o/atelier/feeds/{secret}"


def _read(address: str, **headers: str) -> object:
    return Client(SERVER_NAME="localhost").get(address, headers=headers)


@pytest.mark.parametrize("format", ["atom", "rss"])
def test_a_feed_is_valid_and_its_links_are_whole(world: World, format: str) -> None:
    with world.bound():
        body = "Voir [ici](/o/atelier/spaces) & <là> #été\x0b"
        post = content.publish(author=world.bob, space=world.lounge, title="Bruit & « été »", body=body)
        address = _made(world, "bob", space=world.lounge)
    answer = _read(f"{address}.{format}")
    assert answer.status_code == 200
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == {"atom": "atom10", "rss": "rss20"}[format]
    entry = next(one for one in parsed.entries if str(post.id) in one.id)
    assert entry.title == "Bruit & « été »"
    assert entry.link.startswith("http")
    assert entry.link.endswith(f"/o/atelier/entries/{post.id}")
    text = entry.content[0].value if format == "atom" else entry.description
    assert not re.findall(r'(?:href|src)="(?!https?:)', text)
    assert "http" in text and "/o/atelier/spaces" in text


def test_a_feed_shows_what_its_owner_reads_now(world: World) -> None:
    with world.bound():
        project = world.project
        feed = feed_for(world.bob, Subject(space=project))
        assert world.entries["project post"].id in ids(feed.entries)
        with pytest.raises(NotFound):
            feed_for(world.dan, Subject(space=project))
        with pytest.raises(NotFound):
            actions.make_address(person=world.dan, subject=Subject(space=project))
        topic = feed_for(world.dan, Subject(topic="walrus"))
        readable = {world.entries[f"{name} post"].id for name in ("everyone", "lounge", "bulletin")}
        assert ids(topic.entries) == readable


def test_an_address_dies_with_the_membership_the_person_and_its_revocation(world: World) -> None:
    of_project, of_news = _made(world, "bob", space=world_space(world, "project")), _made(world, "bob")
    chloes = _made(world, "chloe", space=world_space(world, "lounge"))
    assert {_read(f"{one}.atom").status_code for one in (of_project, of_news, chloes)} == {200}
    with world.bound():
        spaces.leave_space(person=world.bob, space=world.project)
    assert _read(f"{of_project}.atom").status_code == 404
    with world.bound():
        people.suspend_person(actor=world.alice, person=world.bob)
        [address] = FeedAddress.objects.filter(person=world.people["chloe"])
        actions.revoke_address(person=world.chloe, address=address)
    assert _read(f"{of_news}.atom").status_code == 404
    assert _read(f"{chloes}.atom").status_code == 404


def world_space(world: World, name: str) -> object:
    with world.bound():
        return getattr(world, name)


def test_a_secret_opens_nothing_in_another_organization_and_is_kept_hashed(world: World) -> None:
    address = _made(world, "bob")
    secret = address.rpartition("/")[2]
    assert _read(f"/o/jumeau/feeds/{secret}.atom").status_code == 404
    assert _read("/o/atelier/feeds/wrong.atom").status_code == 404
    assert _read(f"{address}.json").status_code == 404
    with world.bound():
        assert not FeedAddress.objects.filter(token_hash__contains=secret).exists()


def test_what_has_not_changed_is_not_sent_again(world: World) -> None:
    address = _made(world, "bob", space=world_space(world, "lounge")) + ".atom"
    first = _read(address)
    assert _read(address, if_none_match=first["ETag"]).status_code == 304
    assert _read(address, if_modified_since=first["Last-Modified"]).status_code == 304
    with world.bound():
        content.publish(author=world.bob, space=world.lounge, body="new")
    assert _read(address, if_none_match=first["ETag"]).status_code == 200


def test_an_empty_feed_is_valid_and_stays_the_same(world: World) -> None:
    address = _made(world, "bob", topic="nobody") + ".atom"
    first, second = _read(address), _read(address)
    assert not feedparser.parse(first.content).bozo
    assert first["ETag"] == second["ETag"]


def test_one_makes_an_address_on_a_page_and_revokes_it_among_the_tokens(world: World) -> None:
    bob = visit(world, "bob", Client(SERVER_NAME="localhost"))
    lounge = world.spaces["lounge"].id
    assert bob.get(f"/feeds/new?space={lounge}").status_code == 200
    assert bob.get(f"/feeds/new?space={world.spaces['cellar'].id}").status_code == 404
    shown = text_of(bob.post("/feeds/new", {"space": str(lounge)}))
    [found, *_more] = re.findall(r'value="(http[^"]+\.atom)"', shown)
    assert _read(re.sub(r"^https?://[^/]+", "", found)).status_code == 200
    assert "Lounge" in text_of(bob.get("/account/tokens"))
    with world.bound():
        id: UUID = FeedAddress.objects.get().id
    visit(world, "chloe", Client(SERVER_NAME="localhost")).post(f"/feeds/addresses/{id}/revocation")
    with world.bound():
        assert FeedAddress.objects.get().revoked_at is None
    bob.post(f"/feeds/addresses/{id}/revocation")
    with world.bound():
        assert FeedAddress.objects.get().revoked_at is not None


def test_somebody_signed_in_reads_the_feed_that_a_page_names(world: World) -> None:
    bob = visit(world, "bob", Client(SERVER_NAME="localhost"))
    page = text_of(bob.get(f"/spaces/{world.spaces['lounge'].id}/news"))
    [found] = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]+)"', page)
    assert bob.get(found.replace("&amp;", "&")).status_code == 200
    stranger = visit(world, "stranger", Client(SERVER_NAME="localhost"))
    assert stranger.get(f"/feeds/here.atom?space={world.spaces['lounge'].id}").status_code in (302, 404)
