"""Prepared questions answer as their querysets do, for whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parvis.content.actions import publish
from parvis.content.models import Entry, ThreadFollow
from parvis.foundation.prepared import NotPreparable, any_of, insert_new, prepared
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space
from tests.architecture.oracle import VIEWERS
from tests.world import World

pytestmark = pytest.mark.django_db


@prepared
def visible(viewer: Person | None) -> QuerySet[Entry]:
    """Ask with a person."""
    return Entry.objects.visible_to(viewer).select_related("author", "space").order_by("id")


@prepared
def named(ids: list[UUID]) -> QuerySet[Entry]:
    """Ask with a list."""
    return Entry.objects.filter(any_of("content_entry.id", ids)).order_by("id")


@pytest.mark.parametrize("name", VIEWERS)
def test_everybody_gets_their_own_answer(world: World, name: str) -> None:
    with world.bound():
        for viewer in (world.people[name], world.people["alice"], world.people[name], None):
            assert visible(viewer) == list(Entry.objects.visible_to(viewer).order_by("id"))


def test_asked_for_several_at_once_each_gets_their_own_answer(world: World) -> None:
    with world.bound():
        viewers = [world.people[name] for name in VIEWERS]
        assert visible.each([(viewer,) for viewer in viewers]) == [visible(viewer) for viewer in viewers]
        lists = [[entry.id for entry in rows[:2]] for rows in visible.each([(one,) for one in viewers])]
        assert named.each([(ids,) for ids in lists]) == [named(ids) for ids in lists]


@prepared
def titled(titles: list[str], since: datetime) -> QuerySet[Entry, str]:
    """Ask with texts that could end a text."""
    rows = Entry.objects.filter(any_of("content_entry.title", titles, array="text[]"), created_at__gt=since)
    return rows.values_list("title", flat=True).order_by("title")


def test_texts_of_several_stay_what_they_are(world: World) -> None:
    odd = ['{"a"}', "back\\slash, comma", "100 % s", ""]
    since = timezone.now() - timedelta(days=1)
    with world.bound():
        for title in odd:
            publish(author=world.alice, space=world.lounge, title=title, body="text")
        assert titled.each([([title], since) for title in odd[:3]]) == [[title] for title in odd[:3]]


def test_the_same_statement_serves_another_organization_without_showing_it_this_one(world: World) -> None:
    with world.bound():
        here = visible(world.alice)
    with world.bound_to_twin():
        there = visible(world.people["twin_bob"])
    assert here
    assert there
    assert not {entry.id for entry in here} & {entry.id for entry in there}


def test_an_object_holds_all_its_columns_and_what_it_points_at(world: World) -> None:
    with world.bound():
        entry = visible(world.alice)[0]
        plain = Entry.objects.select_related("author", "space").get(pk=entry.pk)
        assert not entry.get_deferred_fields()
        assert {f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields} == {
            f.attname: getattr(plain, f.attname) for f in Entry._meta.concrete_fields
        }
        assert entry.author == plain.author
        assert entry.space.name == plain.space.name


def test_an_outer_join_without_a_row_leaves_none(world: World) -> None:
    @prepared
    def spaces(viewer: Person) -> QuerySet[Space]:
        return Space.objects.readable_by(viewer).select_related("sponsor")

    with world.bound():
        assert {space.sponsor for space in spaces(world.alice)} >= {None}


def test_values_come_as_rows(world: World) -> None:
    @prepared
    def roles(viewer: Person) -> QuerySet[Space, tuple[UUID, bool]]:
        joined = Membership.objects.filter(space=OuterRef("pk"), person=viewer)
        return Space.objects.readable_by(viewer).values_list("id", Exists(joined))

    with world.bound():
        assert dict(roles(world.bob))[world.lounge.id] in (True, False)


def test_a_list_of_any_length_is_one_statement(world: World) -> None:
    with world.bound():
        ids = [entry.id for entry in visible(world.alice)]
        assert [entry.id for entry in named(ids)] == ids
        assert [entry.id for entry in named(ids[:1])] == ids[:1]
        assert named([]) == []


def test_what_would_be_remembered_is_refused(world: World) -> None:
    @prepared
    def recent() -> QuerySet[Entry]:
        return Entry.objects.filter(published_at__lt=timezone.now())

    with world.bound(), pytest.raises(NotPreparable):
        recent()


def test_an_argument_that_does_not_reach_the_statement_is_refused(world: World) -> None:
    @prepared
    def odd(id: UUID) -> QuerySet[Entry]:
        return Entry.objects.filter(title=str(id))

    with world.bound(), pytest.raises(NotPreparable):
        odd(uuid4())


def test_a_rule_that_reads_more_of_a_person_is_refused(world: World) -> None:
    @prepared
    def by_job(viewer: Person) -> QuerySet[Person]:
        return Person.objects.filter(job_title=viewer.job_title)

    with world.bound(), pytest.raises(Person.DoesNotExist):
        by_job(world.bob)


def test_a_row_is_inserted_once_and_the_transaction_goes_on(world: World) -> None:
    with world.bound():
        thread = next(entry for entry in world.entries.values() if entry.is_root)
        ThreadFollow.objects.filter(thread=thread, person=world.dan).delete()
        assert insert_new(ThreadFollow(thread=thread, person=world.dan, level="muted"))
        assert not insert_new(ThreadFollow(thread=thread, person=world.dan))
        assert ThreadFollow.objects.get(thread=thread, person=world.dan).level == "muted"
