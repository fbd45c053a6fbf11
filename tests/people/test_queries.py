"""Who may be seen by whom, and how the directory finds people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.people.models import Person
from parvis.people.queries import directory, directory_page, person_named, visible_people
from parvis.spaces.actions import admit, expel
from tests.world import World


def names(people: object) -> set[str]:
    return {person.full_name.split()[0] for person in people}  # type: ignore[attr-defined]


def test_members_see_everybody_of_their_organization(world: World) -> None:
    with world.bound():
        assert names(visible_people(world.bob)) >= {"Alice", "Bob", "Chloé", "Grace", "Ute", "Léa", "Sam"}
        assert world.people["twin_bob"].id not in set(visible_people(world.bob).values_list("id", flat=True))


def test_a_guest_sees_only_people_of_shared_spaces(world: World) -> None:
    with world.bound():
        # Grace is in the project with Alice, Bob, and, until their access ended, Sam and Léa.
        seen = names(visible_people(world.grace))
        assert {"Grace", "Alice", "Bob"} <= seen
        assert not seen & {"Chloé", "Dan", "Max", "Ute"}
        admit(person=world.dan, space=world.project)
        assert "Dan" in names(visible_people(world.grace))
        expel(person=world.grace)
        assert names(visible_people(world.grace)) == {"Grace"}


def test_a_guest_has_no_directory(world: World) -> None:
    with world.bound():
        assert not directory(world.grace).exists()


def test_nobody_sees_people_who_are_being_imported(world: World) -> None:
    with world.bound():
        Person.objects.filter(pk=world.ute.pk).update(state=Person.State.STAGED)
        assert "Ute" not in names(visible_people(world.alice))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("elan", {"Chloé"}),
        ("ÉLAN", {"Chloé"}),
        ("bob dup", {"Bob"}),
        ("maintenance", {"Bob"}),
        ("lyon", {"Bob", "Chloé"}),
        ("pumps", {"Bob"}),
        ("100%_", set()),
        ("'; drop table people_person; --", set()),
        ("\U0001f600", set()),
    ],
)
def test_the_directory_finds_parts_of_names_jobs_places_and_skills(
    world: World, typed: str, found: set[str]
) -> None:
    with world.bound():
        assert names(directory(world.dan, search=typed)) == found


def test_paging_neither_repeats_nor_skips(world: World) -> None:
    with world.bound():
        everybody = [person.id for person in directory(world.bob)]
        seen, after = [], None
        while True:
            page = directory_page(directory(world.bob), after=after, size=2)
            seen += [person.id for person in page.people]
            if page.next_after is None:
                break
            after = page.next_after
        assert seen == everybody


def test_paging_goes_on_after_somebody_who_left_the_list(world: World) -> None:
    with world.bound():
        first = directory_page(directory(world.alice), size=3)
        following = directory_page(directory(world.alice), after=first.next_after, size=3).people
        Person.objects.filter(pk=first.next_after).update(state=Person.State.LEFT)
        assert directory_page(directory(world.alice), after=first.next_after, size=3).people == following


def test_a_page_of_the_directory_costs_few_queries(world: World) -> None:
    with (
        world.bound(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        people = directory_page(directory(world.bob)).people
        [person.unit_name for person in people]
    # The two of world.bob's own lookup, and one for the page.
    assert len(queries) <= 5


def test_a_manager_is_found_by_address_or_whole_name(world: World) -> None:
    with world.bound():
        assert person_named(world.alice, "Bob Dupont") == [world.bob]
        assert person_named(world.alice, "Bob Dupont (bob@atelier.example)") == [world.bob]
        assert person_named(world.alice, "bob@atelier.example") == [world.bob]
        assert person_named(world.alice, "bo") == []
