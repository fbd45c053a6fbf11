"""Messages are found as entries are, and never by who may not read them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from parvis.chat import actions, queries
from parvis.chat.index import STORE, index_missing
from parvis.chat.models import Message
from parvis.search.index import count_again
from parvis.search.queries import Wish, search, suggest
from tests.chat.cast import Talk, say
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Les pompes à chaleur grondent", "a chaleur pompe"),
        ("The bearings were failing", "bearing"),
        ("Réunion reportée à mardi", "reunoin"),
        ("Le licenciement économique", "licenci"),
    ],
)
def test_a_message_is_found_by_stem_without_accents_by_a_part_and_despite_a_typo(
    world: World, talk: Talk, written: str, typed: str
) -> None:
    with world.bound():
        message = say(world.bob, talk.rooms["pair"], written)
        count_again(STORE)
        assert message in queries.search_messages(world.chloe, typed)
        assert queries.search_messages(world.dan, typed) == []


def test_the_index_follows_what_becomes_of_a_message(world: World, talk: Talk) -> None:
    def found(text: str) -> list[str]:
        return [one.body for one in queries.search_messages(world.chloe, f'"{text}"')]

    with world.bound():
        message = say(world.bob, talk.rooms["pair"], "a zeppelin")
        assert found("zeppelin") == ["a zeppelin"]
        actions.edit_message(editor=world.bob, message=message, body="a balloon", expected_version=1)
        assert (found("zeppelin"), found("balloon")) == ([], ["a balloon"])
        actions.hide_message(actor=world.alice, message=message)
        assert _passages(message) == 0
        actions.unhide_message(actor=world.alice, message=message)
        assert found("balloon") == ["a balloon"]
        actions.delete_message(actor=world.bob, message=message)
        assert _passages(message) == 0


def test_what_no_event_told_of_is_indexed_and_what_is_gone_is_forgotten(world: World, talk: Talk) -> None:
    with world.bound(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM chat_passage")
        Message.objects.filter(pk=talk.messages["pair"].pk).update(state="hidden")
        assert index_missing() == Message.objects.filter(kind="text", state="published").count()
        Message.objects.filter(pk=talk.messages["group after"].pk).update(state="hidden")
        assert index_missing() == 0
        assert _passages(talk.messages["group after"]) == 0


def test_site_search_and_suggestions_tell_of_no_message_that_is_not_open(world: World, talk: Talk) -> None:
    with world.bound():
        say(world.bob, talk.rooms["pair"], "the secret xylophone")
        count_again(STORE)
        for viewer, expected in ((world.chloe, 1), (world.dan, 0)):
            results = search(viewer, Wish(text="xylophonne"))
            assert results.counts["messages"] == len(results.named["messages"]) == expected
            assert "xylophone" not in results.corrected or expected
            offered = [thing for source, thing in suggest(viewer, "xylo").named if source.kind == "message"]
            assert len(offered) == expected


def test_a_search_costs_the_same_however_much_was_said(
    world: World, talk: Talk, django_assert_max_num_queries: Any
) -> None:
    with world.bound():
        for number in range(30):
            say(world.bob, talk.rooms["pair"], f"walrus number {number}")
        chloe = world.chloe
        with django_assert_max_num_queries(6):
            assert len(queries.search_messages(chloe, "walrus")) == 20


def _passages(message: Message) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chat_passage WHERE id = %s", [message.id])
        return int(cursor.fetchone()[0])
