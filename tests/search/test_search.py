"""What is found, and what must never be."""

from __future__ import annotations

import pytest

from parvis.content import actions as content
from parvis.foundation.jobs import run_pending_jobs
from parvis.search.index import index_all
from parvis.search.queries import find_entries, search
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
    run_pending_jobs()
    with world.bound():
        assert entry.id in ids(find_entries(world.dan, typed))


def test_an_edit_a_deletion_and_a_restoration_are_followed(world: World) -> None:
    with world.bound():
        entry = content.publish(author=world.bob, space=world.lounge, body="marmalade")
        content.edit_entry(editor=world.bob, entry=entry, body="gooseberry", expected_version=1)
    run_pending_jobs()
    with world.bound():
        assert not find_entries(world.bob, "marmalade")
        assert ids(find_entries(world.bob, "gooseberry")) == {entry.id}
        content.delete_entry(actor=world.bob, entry=entry)
    run_pending_jobs()
    with world.bound():
        assert not find_entries(world.bob, "gooseberry")
        content.restore_entry(actor=world.bob, entry=entry)
    run_pending_jobs()
    with world.bound():
        assert ids(find_entries(world.bob, "gooseberry")) == {entry.id}


def test_a_guest_finds_no_people_and_no_spaces_but_their_own(world: World) -> None:
    with world.bound():
        index_all()
        found = search(world.grace, "walrus")
        assert {entry.space_id for entry in found.entries} == {world.spaces["project"].id}
        assert not search(world.grace, "Bob").people
        assert not search(world.grace, "Lounge").spaces


@pytest.mark.parametrize(
    "typed", ["", "   ", "'", "\\", "& | !", "(((", ":*", "a" * 5000, "<->", "\x00x", "%_%", "🐋"]
)
def test_no_query_is_an_error(world: World, typed: str) -> None:
    with world.bound():
        search(world.bob, typed)
