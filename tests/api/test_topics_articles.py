"""Topics, articles, citations, shares and feeds through the API."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from parvis.foundation.files import store
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(world: World) -> Caller:
    return Caller(world, "bob")


def test_topics_are_listed_followed_and_read_as_far_as_one_may(world: World, bob: Caller) -> None:
    for space, word in (("lounge", "#Été"), ("project", "#été")):
        bob("POST", "/entries", {"space": str(world.spaces[space].id), "body": word})
    dan = Caller(world, "dan")
    assert dan("GET", "/topics?q=ete").json()["items"] == [
        {"name": "Été", "key": "ete", "thread_count": 1, "is_followed": False, "url": _any(dan, "ete")}
    ]
    assert bob("GET", "/topics/ete").json()["thread_count"] == 2
    assert len(dan("GET", "/topics/ete/entries").json()["items"]) == 1
    assert dan("PUT", "/topics/ete/follow").status_code == 204
    assert dan("GET", "/topics?lively=true&q=").json()["items"][0]["key"] in ("ete", "walrus")
    assert dan("GET", "/topics/ete").json()["is_followed"]
    assert dan("DELETE", "/topics/ete/follow").status_code == 204
    hidden, unknown = dan("GET", "/topics/coffre").json(), dan("GET", "/topics/nobody").json()
    assert hidden["thread_count"] == unknown["thread_count"] == 0
    assert dan("GET", "/topics/2026").status_code == 404


def _any(caller: Caller, key: str) -> str:
    url: str = caller("GET", f"/topics/{key}").json()["url"]
    return url


def test_an_article_is_published_with_its_cover_and_tags(world: World, bob: Caller) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 36)).save(out, "PNG")
    with world.bound():
        cover = store(BytesIO(out.getvalue()), name="c.png", created_by_id=world.people["bob"].id)
    payload = {
        "space": str(world.spaces["lounge"].id),
        "kind": "article",
        "title": "Quieter",
        "body": "Long",
        "article": {
            "standfirst": "In short",
            "tags": ["Pompe"],
            "cover": str(cover.id),
            "cover_alternative": "A pump",
        },
    }
    answer = bob("POST", "/entries", payload)
    assert answer.status_code == 201, answer.content
    article = answer.json()["article"]
    assert article["tags"] == ["Pompe"]
    assert article["cover_alternative"] == "A pump"
    assert str(cover.id) in article["cover_url"]
    everyone = {**payload, "space": str(world.spaces["everyone"].id)}
    assert bob("POST", "/entries", everyone).status_code == 404
    assert bob("POST", "/entries", {**payload, "kind": "post"}).status_code == 422
    assert bob("POST", "/entries", {**payload, "title": ""}).status_code == 422


def test_an_entry_is_shared_and_says_where_it_is_cited(world: World, bob: Caller) -> None:
    original = world.entries["lounge post"].id
    share = {"space": str(world.spaces["project"].id), "body": "Look"}
    answer = bob("POST", f"/entries/{original}/shares", share)
    assert answer.status_code == 201
    cited = bob("GET", f"/entries/{original}/citations").json()["items"]
    assert [entry["id"] for entry in cited] == [answer.json()["id"]]
    assert Caller(world, "dan")("GET", f"/entries/{original}/citations").json()["items"] == []
    nowhere = {**share, "space": str(world.spaces["cellar"].id)}
    assert bob("POST", f"/entries/{original}/shares", nowhere).status_code == 422
    hidden = world.entries["cellar post"].id
    assert bob("POST", f"/entries/{hidden}/shares", share).status_code == 404


def test_a_feed_is_made_read_listed_and_revoked(world: World, bob: Caller) -> None:
    made = bob("POST", "/feeds", {"space": str(world.spaces["lounge"].id)}).json()
    path = "/" + made["atom_url"].split("/", 3)[3]
    reader = Client(SERVER_NAME="localhost")
    assert feedparser.parse(reader.get(path).content).entries
    assert [feed["name"] for feed in bob("GET", "/feeds").json()["items"]] == ["Lounge"]
    assert bob("DELETE", f"/feeds/{made['id']}").status_code == 204
    assert reader.get(path).status_code == 404
    assert bob("POST", "/feeds", {"space": str(world.spaces["cellar"].id)}).status_code == 404


def test_an_article_is_drafted_scheduled_changed_and_found_among_the_news(world: World, bob: Caller) -> None:
    lounge = str(world.spaces["lounge"].id)
    beside = {"standfirst": "In short", "tags": ["Pompe"], "coauthors": [str(world.people["chloe"].id)]}
    article = {"kind": "article", "space": lounge, "title": "Quieter", "body": "Long", "article": beside}
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    draft = bob("POST", "/drafts", {**article, "publish_at": tomorrow}).json()
    assert (draft["kind"], draft["state"], draft["article"]["tags"]) == ("article", "scheduled", ["Pompe"])
    path = f"/drafts/{draft['id']}"
    changed = bob("PATCH", path, {"title": "Quieter still", "publish_at": None}).json()
    assert (changed["state"], changed["article"]["coauthors"]) == ("draft", beside["coauthors"])
    assert bob("PATCH", path, {"space": str(world.spaces["crates"].id)}).status_code == 422
    published = bob("POST", f"{path}/publication").json()
    assert published["article"]["coauthors"] == [
        {"id": beside["coauthors"][0], "full_name": "Chloé Élan"},
    ]
    of_space = bob("GET", f"/spaces/{lounge}/articles").json()["items"]
    assert [entry["title"] for entry in of_space] == ["Quieter still"]
    assert bob("GET", "/articles").json()["items"] == []
    assert len(bob("GET", "/articles?scope=all").json()["items"]) == 1
    entry = f"/entries/{published['id']}"
    again = bob("PATCH", entry, {"version": published["version"], "article": {"standfirst": "Other"}}).json()
    assert (again["title"], again["article"]["standfirst"], again["article"]["tags"]) == (
        "Quieter still",
        "Other",
        [],
    )
    assert bob("GET", f"{entry}/related").json()["items"] == []
    assert bob("GET", f"/entries/{world.entries['lounge post'].id}/related").status_code == 404


def test_a_post_is_no_article(world: World, bob: Caller) -> None:
    post = {"space": str(world.spaces["lounge"].id), "body": "Short"}
    assert bob("POST", "/drafts", {**post, "article": {"standfirst": "No"}}).status_code == 422
    made = bob("POST", "/entries", post).json()
    change = {"version": made["version"], "article": {"standfirst": "No"}}
    assert bob("PATCH", f"/entries/{made['id']}", change).status_code == 422
    nobody = {**post, "kind": "article", "title": "A", "article": {"coauthors": [str(world.twin.id)]}}
    assert bob("POST", "/entries", nobody).json()["errors"].keys() == {"article.coauthors"}


def test_somebody_is_followed_and_shown_as_far_as_one_may(world: World, bob: Caller) -> None:
    path = f"/people/{world.people['chloe'].id}"
    assert bob("PUT", f"{path}/follow").status_code == 204
    assert bob("GET", path).json()["is_followed"]
    assert bob("DELETE", f"{path}/follow").status_code == 204
    assert not bob("GET", path).json()["is_followed"]
    written = [entry["id"] for entry in bob("GET", f"{path}/entries").json()["items"]]
    assert str(world.entries["cellar post"].id) not in written
    seen = Caller(world, "grace")("GET", f"/people/{world.people['bob'].id}").json()
    assert (seen["full_name"], seen["location"], seen["skills"]) == ("Bob Dupont", "", [])
    assert Caller(world, "grace")("GET", f"/people/{world.people['dan'].id}").status_code == 404
