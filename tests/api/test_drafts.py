"""Drafts and scheduled posts, and what an entry shows beside its text, through the API."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from parvis.content.models import Entry
from parvis.emoji.actions import add_emoji
from parvis.previews.models import LinkedPage, Preview
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    return Caller(world, "bob")


def test_a_draft_is_written_changed_scheduled_and_published(world: World, bob: Caller) -> None:
    space = str(world.spaces["lounge"].id)
    poll = {"options": ["Tea", "Coffee"], "is_multiple": True}
    draft = bob("POST", "/drafts", {"space": space, "body": "Which?", "poll": poll}).json()
    assert (draft["state"], draft["poll"]["options"]) == ("draft", ["Tea", "Coffee"])
    path = f"/drafts/{draft['id']}"
    assert Caller(world, "alice")("GET", path).status_code == 404
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    changed = bob("PATCH", path, {"body": "Which one?", "publish_at": tomorrow}).json()
    assert (changed["state"], changed["body"], changed["poll"]["is_multiple"]) == (
        "scheduled",
        "Which one?",
        True,
    )
    assert bob("PATCH", path, {"version": 1, "body": "Old"}).status_code == 409
    assert [one["id"] for one in bob("GET", "/drafts").json()["items"] if one["id"] == draft["id"]]
    back = bob("PATCH", path, {"publish_at": None, "poll": None}).json()
    assert (back["state"], back["poll"], back["publish_at"]) == ("draft", None, None)
    published = bob("POST", f"{path}/publication")
    assert (published.status_code, published.json()["id"]) == (201, draft["id"])
    assert bob("GET", path).status_code == 404


def test_a_draft_is_thrown_away(world: World, bob: Caller) -> None:
    draft = bob("POST", "/drafts", {"space": str(world.spaces["lounge"].id), "body": "No"}).json()
    assert bob("DELETE", f"/drafts/{draft['id']}").status_code == 204
    with world.bound():
        assert not Entry.objects.filter(pk=draft["id"]).exists()


def test_a_draft_does_not_become_another_kind(world: World, bob: Caller) -> None:
    space = str(world.spaces["lounge"].id)
    article = bob("POST", "/drafts", {"space": space, "kind": "article", "title": "News"}).json()
    for path in ("/drafts", "/entries"):
        post = bob("POST", path, {"space": space, "id": article["id"], "body": "A post"})
        assert (post.status_code, list(post.json()["errors"])) == (422, ["id"])
    kept = bob("GET", f"/drafts/{article['id']}").json()
    assert (kept["kind"], kept["title"], kept["body"]) == ("article", "News", "")


def test_a_draft_cannot_go_where_one_may_not_write(world: World, bob: Caller) -> None:
    assert bob("POST", "/drafts", {"space": str(world.spaces["cellar"].id), "body": "x"}).status_code == 422


def test_an_entry_tells_its_preview_and_that_it_asks_something(world: World, bob: Caller) -> None:
    entry = world.entries["lounge post"]
    with world.bound():
        page = LinkedPage.objects.create(
            url="https://example.org/a",
            url_hash="1",
            state=LinkedPage.State.READY,
            title="A",
            site_name="Example",
        )
        Preview.objects.create(entry=entry, page=page)
        Entry.objects.filter(pk=entry.pk).update(parts=["preview"])
    shown = bob("GET", f"/entries/{entry.id}").json()
    assert shown["preview"] == {
        "url": "https://example.org/a",
        "title": "A",
        "text": "",
        "source": "Example",
        "image_url": None,
        "is_own": False,
    }
    assert shown["has_poll"] is False


def test_an_emoji_is_added_and_reacted_with_by_its_name(world: World, bob: Caller) -> None:
    out = BytesIO()
    Image.new("RGB", (32, 32), "red").save(out, "PNG")
    with world.bound():
        emoji = add_emoji(actor=world.alice, name="party-parrot", source=BytesIO(out.getvalue()))
    [listed] = bob("GET", "/emoji").json()["items"]
    assert (listed["name"], listed["still_url"]) == ("party-parrot", None)
    entry = world.entries["lounge post"]
    for name in ("party-parrot", ":party-parrot:", "tada"):
        assert bob("PUT", f"/entries/{entry.id}/reactions/{name}").status_code == 204
    assert bob("PUT", f"/entries/{entry.id}/reactions/unheard-of").status_code == 422
    reactions = {
        one["emoji"]: one["picture_url"] for one in bob("GET", f"/entries/{entry.id}").json()["reactions"]
    }
    assert reactions == {":party-parrot:": listed["picture_url"], "🎉": None}
    assert bob("PATCH", f"/emoji/{emoji.id}", {"name": "mine"}).status_code == 404
    alice = Caller(world, "alice")
    assert alice("PATCH", f"/emoji/{emoji.id}", {"name": "party-bird"}).json()["name"] == "party-bird"
    assert alice("DELETE", f"/emoji/{emoji.id}").status_code == 204
    # Gone for programs, though what was written with it still shows it.
    assert alice("DELETE", f"/emoji/{emoji.id}").status_code == 404
    assert alice("PATCH", f"/emoji/{emoji.id}", {"name": "again"}).status_code == 404
    assert bob("GET", "/emoji").json()["items"] == []
