"""What is found, and what must never be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.search.actions import index_organization
from parvis.search.index import count_again, index_all
from parvis.search.queries import Wish, find_entries, search, suggest
from tests.world import World, ids

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Les pompes à chaleur grondent", "pompe"),
        ("Les pompes à chaleur grondent", "a chaleur"),
        ("Vérifier l'étanchéité", "etancheite"),
        ("Vérifier l'étanchéité", "étanch"),
        ("The bearings were failing", "bearing"),
        ("Réunion reportée à mardi", "reunion mardi"),
    ],
)
def test_words_are_found_by_stem_without_accents_and_by_their_beginning(
    world: World, written: str, typed: str
) -> None:
    with world.bound():
        entry = content.publish(author=world.bob, space=world.lounge, body=written)
        count_again()
        assert entry.id in ids(find_entries(world.dan, typed))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Le licenciement économique", "licensiement"),
        ("Le licenciement économique", "lisenciment"),
        ("Les pompes à chaleur grondent", "pmopes"),
        ("Réassurance des ateliers", "assurance"),
        ("A thermostat that leaks", "thermstat leak"),
    ],
)
def test_a_typo_and_a_part_of_a_word_find_what_was_meant(world: World, written: str, typed: str) -> None:
    with world.bound():
        entry = content.publish(author=world.bob, space=world.lounge, body=written)
        count_again()
        assert ids(find_entries(world.dan, typed)) == {entry.id}


def test_quotes_ask_for_the_very_words_and_minus_leaves_out(world: World) -> None:
    with world.bound():
        exact = content.publish(author=world.bob, space=world.lounge, body="The quick pump was repaired")
        other = content.publish(author=world.bob, space=world.lounge, body="The pump was quick to repair")
        assert ids(find_entries(world.bob, "quick pump")) == {exact.id, other.id}
        assert ids(find_entries(world.bob, '"quick pump"')) == {exact.id}
        assert ids(find_entries(world.bob, "pump -repaired")) == {other.id}
        assert ids(find_entries(world.bob, '"was repaired" -quick')) == set()
        assert ids(find_entries(world.bob, 'pump -"was repaired"')) == {other.id}


def test_a_title_comes_before_a_text_a_rare_word_before_a_frequent_one_and_fresh_before_old(
    world: World,
) -> None:
    with world.bound():
        for number in range(6):
            content.publish(author=world.bob, space=world.lounge, body=f"A turbine again, {number}")
        titled = content.publish(author=world.bob, space=world.lounge, title="Turbine", body="It hums.")
        rare = content.publish(author=world.bob, space=world.lounge, body="A turbine with a gasket")
        old = content.publish(author=world.bob, space=world.lounge, body="A turbine again, 7")
        Entry.objects.filter(pk=old.pk).update(published_at=old.published_at - timedelta(days=1000))
        index_all()
        order = [entry.id for entry in find_entries(world.bob, "turbine")]
        assert (order[0], order[-1]) == (titled.id, old.id)
        assert find_entries(world.bob, "turbine gasket")[0].id == rare.id


def test_whether_others_use_a_word_does_not_show(world: World) -> None:
    """A misspelt word is put right by what the asker may read, however often others write it as it was typed."""
    with world.bound():
        meant = content.publish(author=world.bob, space=world.lounge, body="The phoenix rises")
        count_again()
        assert ids(find_entries(world.dan, "phenix")) == {meant.id}
        content.publish(author=world.chloe, space=world.cellar, body="Project phenix, in secret")
        count_again()
        assert ids(find_entries(world.dan, "phenix")) == {meant.id}


def test_an_edit_a_deletion_and_a_restoration_are_followed(world: World) -> None:
    with world.bound():
        entry = content.publish(author=world.bob, space=world.lounge, body="marmalade")
        content.edit_entry(editor=world.bob, entry=entry, body="gooseberry", expected_version=1)
        assert not find_entries(world.bob, "marmalade")
        assert ids(find_entries(world.bob, "gooseberry")) == {entry.id}
        content.delete_entry(actor=world.bob, entry=entry)
        assert not find_entries(world.bob, "gooseberry")
        content.restore_entry(actor=world.bob, entry=entry)
        assert ids(find_entries(world.bob, "gooseberry")) == {entry.id}


def test_a_guest_finds_no_people_and_no_spaces_but_their_own(world: World) -> None:
    with world.bound():
        index_organization()
        found = search(world.grace, Wish(text="walrus"))
        assert {hit.entry.space_id for hit in found.entries} == {world.spaces["project"].id}
        assert not search(world.grace, Wish(text="Bob")).named["people"]
        assert not search(world.grace, Wish(text="Lounge")).named["spaces"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "'",
        "\\",
        "& | !",
        "(((",
        ":*",
        "a" * 5000,
        "é" * 300 + " b" * 300,
        "<->",
        '"',
        '-"',
        '"" - -x',
        "a/b_c",
        "\x00x",
        "%_%",
        "🐋",
    ],
)
def test_no_query_is_an_error(world: World, typed: str) -> None:
    with world.bound():
        search(world.bob, Wish(text=typed), facets=True)
        suggest(world.bob, typed)
