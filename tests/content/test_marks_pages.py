"""React, bookmark, pin, follow: each a resource, by form or by verb."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parvis.content.models import Bookmark, Entry, Reaction, ThreadFollow
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def test_an_emoji_is_put_and_taken_back_by_the_same_button(world: World, visitor: Visit) -> None:
    post, bob = world.entries["lounge post"], visitor("bob")
    first = text_of(bob.post(f"/entries/{post.id}/reactions", {"emoji": "👍"}, fragment=True))
    assert 'aria-pressed="true"' in first
    assert "Bob Dupont" in first
    second = text_of(bob.post(f"/entries/{post.id}/reactions", {"emoji": "👍"}, fragment=True))
    assert 'aria-pressed="true"' not in second


def test_an_emoji_is_a_resource(world: World, visitor: Visit) -> None:
    post, bob = world.entries["lounge post"], visitor("bob")
    for _twice in range(2):
        assert bob.send("PUT", f"/entries/{post.id}/reactions/🎉", fragment=True).status_code == 200
    with world.bound():
        assert Reaction.objects.filter(entry=post, emoji="🎉").count() == 1
    assert bob.send("DELETE", f"/entries/{post.id}/reactions/🎉", fragment=True).status_code == 200
    with world.bound():
        assert not Reaction.objects.filter(entry=post, emoji="🎉").exists()


@pytest.mark.parametrize("emoji", ["<b>", "abc", "", "x" * 65])
def test_only_an_emoji_is_an_emoji(world: World, visitor: Visit, emoji: str) -> None:
    post = world.entries["lounge post"]
    assert visitor("bob").post(f"/entries/{post.id}/reactions", {"emoji": emoji}).status_code == 422


@pytest.mark.parametrize("name", ["dan", "grace"])
@pytest.mark.parametrize("path", ["reactions", "bookmark", "pin", "follow"])
def test_nothing_can_be_marked_that_cannot_be_read(
    world: World, visitor: Visit, name: str, path: str
) -> None:
    post = world.entries["cellar post"]
    assert visitor(name).post(f"/entries/{post.id}/{path}", {"emoji": "👍"}).status_code == 404


def test_a_bookmark_is_set_and_lifted(world: World, visitor: Visit) -> None:
    post, bob = world.entries["lounge post"], visitor("bob")
    assert 'aria-pressed="true"' in text_of(bob.post(f"/entries/{post.id}/bookmark", fragment=True))
    assert "News of lounge" in text_of(bob.get("/bookmarks"))
    assert 'aria-pressed="false"' in text_of(bob.post(f"/entries/{post.id}/bookmark", fragment=True))
    with world.bound():
        assert not Bookmark.objects.filter(person=world.bob).exists()


def test_a_host_pins_and_unpins(world: World, visitor: Visit) -> None:
    post = world.entries["lounge post"]
    assert "entry__flag" in text_of(visitor("chloe").post(f"/entries/{post.id}/pin", fragment=True))
    with world.bound():
        assert Entry.objects.get(pk=post.id).pinned_at is not None
    assert visitor("bob").post(f"/entries/{post.id}/pin").status_code == 404
    unpinned = visitor("chloe").post(f"/entries/{post.id}/pin?_method=DELETE", fragment=True)
    assert "entry__flag" not in text_of(unpinned)


def test_a_thread_is_followed_and_muted(world: World, visitor: Visit) -> None:
    post, bob = world.entries["lounge post"], visitor("bob")
    assert "Mute this conversation" in text_of(bob.post(f"/entries/{post.id}/follow", fragment=True))
    answer = bob.post(f"/entries/{post.id}/follow", {"_method": "DELETE"}, fragment=True)
    assert "Follow this conversation" in text_of(answer)
    with world.bound():
        assert ThreadFollow.objects.get(thread=post, person=world.bob).level == "muted"


def test_the_way_back_is_never_another_site(world: World, visitor: Visit) -> None:
    post = world.entries["lounge post"]
    for target in ("https://evil.example/", "//evil.example", "/o/atelier/all"):
        answer = visitor("bob").post(f"/entries/{post.id}/follow", {"next": target})
        assert answer["Location"] in {f"/o/atelier/entries/{post.id}", "/o/atelier/all"}
