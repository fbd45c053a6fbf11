"""Topics: whatever was typed, one page; nothing of what one may not read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.content import actions, queries
from parvis.content.models import Hashtag
from parvis.foundation.richtext import hashtag_key, hashtag_name
from parvis.topics import actions as topics
from parvis.topics.queries import (
    find_topic,
    lively_topics,
    related_topics,
    suggested_topics,
    writers_about,
)
from parvis.topics.queries import topics as all_topics
from tests.browsing import visit
from tests.world import World, ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def bound(world: World) -> Iterator[World]:
    with world.bound():
        yield world


@pytest.mark.parametrize("typed", ["Sécurité", "SÉCURITÉ", "securite", "se\u0301curite\u0301", "ｓécurité"])
def test_case_and_accents_make_no_difference(typed: str) -> None:
    assert hashtag_key(typed) == "securite"


def test_ligatures_are_found_by_their_letters() -> None:
    assert hashtag_key("Œuvre") == hashtag_key("oeuvre")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("#Été", "Été"), ("bonnes pratiques", "bonnes-pratiques"), ("2026", None), ("", None), ("a/b", None)],
)
def test_a_tag_is_a_word_never_a_number_alone(typed: str, name: str | None) -> None:
    assert hashtag_name(typed) == name


def test_posts_and_comments_use_topics_and_an_edit_changes_them(bound: World) -> None:
    post = actions.publish(author=bound.bob, space=bound.lounge, body="About #Été and #été, not #2026")
    actions.reply(author=bound.chloe, to=post, body="and #Bruit")
    assert [topic.key for topic in all_topics(bound.bob, search="ete")] == ["ete"]
    assert ids(queries.topic_stream(bound.bob, "bruit").entries) == {post.id}
    actions.edit_entry(editor=bound.bob, entry=post, body="About #hiver", expected_version=1)
    assert not queries.topic_stream(bound.bob, "ete").entries
    assert ids(queries.topic_stream(bound.bob, "hiver").entries) == {post.id}


def test_a_topic_is_called_as_it_was_first_written_where_one_reads(bound: World) -> None:
    actions.publish(author=bound.chloe, space=bound.cellar, body="#SÉCRETEMENT")
    actions.publish(author=bound.bob, space=bound.lounge, body="#Secrètement")
    actions.publish(author=bound.bob, space=bound.lounge, body="#secretement")
    assert find_topic(bound.bob, "secretement").name == "Secrètement"
    assert find_topic(bound.chloe, "secretement").name == "SÉCRETEMENT"


def test_a_topic_of_a_closed_space_answers_like_one_that_nobody_used(bound: World) -> None:
    hidden = actions.publish(author=bound.chloe, space=bound.cellar, body="The #Coffre #commun")
    actions.reply(author=bound.chloe, to=hidden, body="more #coffre")
    bob = bound.bob
    assert (find_topic(bob, "coffre").thread_count, find_topic(bob, "nothing").thread_count) == (0, 0)
    assert not suggested_topics(bob, "cof")
    assert "coffre" not in {topic.key for topic in [*all_topics(bob), *lively_topics(bob)]}
    actions.publish(author=bound.bob, space=bound.lounge, body="#commun")
    assert not related_topics(bob, "commun")
    assert ids(writers_about(bob, "commun")) == {bob.id}


def test_hidden_deleted_and_unpublished_entries_use_no_topic(bound: World) -> None:
    gone = actions.publish(author=bound.bob, space=bound.lounge, body="#gone")
    actions.delete_entry(actor=bound.bob, entry=gone)
    hidden = actions.publish(author=bound.bob, space=bound.lounge, body="#hidden")
    actions.hide_entry(actor=bound.alice, entry=hidden)
    draft = actions.save_draft(author=bound.bob, space=bound.lounge, body="#waiting")
    keys = {topic.key for topic in all_topics(bound.bob)}
    assert not keys & {"gone", "hidden", "waiting"}
    actions.publish_draft(actor=bound.bob, entry=draft)
    assert "waiting" in {topic.key for topic in lively_topics(bound.bob)}


def test_what_was_used_long_ago_is_not_lively(bound: World) -> None:
    actions.publish(author=bound.bob, space=bound.lounge, body="#jadis")
    Hashtag.objects.filter(key="jadis").update(used_at=timezone.now() - timedelta(days=8))
    assert "jadis" not in {topic.key for topic in lively_topics(bound.bob)}


def test_a_followed_topic_stands_in_mine_as_far_as_one_may_read(bound: World) -> None:
    # Dan joined nothing but reads the open lounge; the project is closed to him.
    post = actions.publish(author=bound.bob, space=bound.lounge, body="#pompe")
    actions.publish(author=bound.bob, space=bound.project, body="#pompe")
    assert post.id not in ids(queries.mine_stream(bound.dan).entries)
    topics.follow_topic(person=bound.dan, name="Pompe")
    assert post.id in ids(queries.mine_stream(bound.dan).entries)
    assert not {entry.space_id for entry in queries.mine_stream(bound.dan).entries} & {bound.project.id}
    topics.unfollow_topic(person=bound.dan, name="POMPE")
    assert post.id not in ids(queries.mine_stream(bound.dan).entries)


def test_the_pages_of_a_hidden_and_of_an_unknown_topic_are_the_same(world: World, client: Client) -> None:
    with world.bound():
        actions.publish(author=world.chloe, space=world.cellar, body="#coffre")
    bob = visit(world, "bob", Client(SERVER_NAME="localhost"))
    for path in ("", "/beside"):
        known, unknown = (bob.get(f"/topics/{name}{path}") for name in ("coffre", "xoffre"))
        assert known.status_code == unknown.status_code == 200
        import re

        plain = [
            re.sub(r"[0-9a-f-]{36}|nonce-?[^\s]+|[A-Za-z0-9+/=_-]{22,}", "", page.content.decode())
            for page in (known, unknown)
        ]
        assert plain[0].replace("coffre", "") == plain[1].replace("xoffre", "")
    assert bob.get("/topics/2026").status_code == 404


def test_one_follows_and_no_longer_follows_from_the_page(world: World) -> None:
    bob = visit(world, "bob", Client(SERVER_NAME="localhost"))
    assert 'aria-pressed="true"' in bob.post("/topics/walrus/follow", fragment=True).content.decode()
    with world.bound():
        assert find_topic(world.bob, "walrus").is_followed
    bob.post("/topics/walrus/follow")
    with world.bound():
        assert not find_topic(world.bob, "walrus").is_followed


def test_a_hashtag_in_a_text_leads_to_its_page(world: World) -> None:
    bob = visit(world, "bob", Client(SERVER_NAME="localhost"))
    with world.bound():
        post = actions.publish(author=world.bob, space=world.lounge, body="#Été indien")
    assert 'href="/o/atelier/topics/ete"' in post.body_html
    assert "#Été" in bob.get("/topics/ete").content.decode()


def test_what_is_typed_after_a_hash_is_completed_from_what_one_reads(world: World) -> None:
    bob = visit(world, "bob", Client(SERVER_NAME="localhost"))
    assert [item["insert"] for item in bob.get("/topics-suggested?q=WAL").json()] == ["#walrus"]
