"""The one raw SQL query of the house equals its plain definition."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db.models import Q

from parvis.content import actions, queries
from parvis.content.models import Entry, ThreadFollow
from parvis.content.queries import FeedFilter
from parvis.people import actions as people
from parvis.people.models import Person, PersonFollow
from parvis.spaces.models import Space
from tests.world import World, ids

pytestmark = pytest.mark.django_db

EVERYBODY = ("alice", "bob", "chloe", "dan", "max", "grace", "sam")


def plain_mine(viewer: Person) -> list[UUID]:
    followed = ThreadFollow.objects.filter(person=viewer, level="following").values("thread_id")
    authors = PersonFollow.objects.filter(follower=viewer).values("followed_id")
    wanted = Q(space__memberships__person=viewer) | Q(id__in=followed) | Q(author_id__in=authors)
    roots = Entry.objects.visible_to(viewer).filter(wanted, thread=None).distinct()
    return list(roots.order_by("-activity_at", "-id").values_list("id", flat=True))


def plain_everything(viewer: Person) -> list[UUID]:
    roots = Entry.objects.visible_to(viewer).filter(thread=None)
    return list(roots.order_by("-activity_at", "-id").values_list("id", flat=True))


def read_all(stream: object, viewer: Person, limit: int) -> list[UUID]:
    found: list[UUID] = []
    cursor = ""
    while True:
        page = stream(viewer, cursor=cursor, limit=limit)  # type: ignore[operator]
        found += [entry.id for entry in page.entries]
        if not page.next:
            return found
        cursor = page.next


@pytest.mark.parametrize("limit", [1, 2, 20])
@pytest.mark.parametrize("name", EVERYBODY)
def test_mine_equals_its_plain_definition(world: World, name: str, limit: int) -> None:
    with world.bound():
        viewer = getattr(world, name)
        if name == "dan":
            people.follow_person(follower=viewer, followed=world.alice)
            actions.follow_thread(person=viewer, entry=world.entries["bulletin post"])
        assert read_all(queries.mine_stream, viewer, limit) == plain_mine(viewer)


@pytest.mark.parametrize("limit", [1, 2, 20])
@pytest.mark.parametrize("name", EVERYBODY)
def test_everything_equals_its_plain_definition(world: World, name: str, limit: int) -> None:
    with world.bound():
        viewer = getattr(world, name)
        assert read_all(queries.everything_stream, viewer, limit) == plain_everything(viewer)


def test_a_space_equals_its_plain_definition(world: World) -> None:
    def stream(viewer: Person, *, cursor: str, limit: int) -> queries.Page:
        return queries.space_stream(world.lounge, cursor=cursor, limit=limit)

    with world.bound():
        roots = Entry.objects.visible_to(world.bob).filter(space=world.lounge, thread=None)
        plain = list(roots.order_by("-activity_at", "-id").values_list("id", flat=True))
        assert plain
        assert read_all(stream, world.bob, 1) == plain


def test_a_reply_bumps_its_thread_and_a_reaction_does_not(world: World) -> None:
    with world.bound():
        first = world.entries["everyone post"]
        actions.react(person=world.bob, entry=world.entries["bulletin post"], emoji="🎉")
        actions.reply(author=world.bob, to=first, body="bump")
        assert queries.everything_stream(world.bob).entries[0].id == first.id


def test_what_arrives_while_paging_is_neither_repeated_nor_makes_anything_skipped(world: World) -> None:
    with world.bound():
        before = plain_everything(world.bob)
        page = queries.everything_stream(world.bob, limit=2)
        actions.publish(author=world.bob, space=world.lounge, body="new")
        rest = queries.everything_stream(world.bob, cursor=page.next, limit=100)
        assert [entry.id for entry in page.entries] + [entry.id for entry in rest.entries] == before


def test_filters_narrow(world: World) -> None:
    with world.bound():
        collaborative = queries.everything_stream(world.bob, only=FeedFilter(space_kind="collaborative"))
        assert {entry.space.kind for entry in collaborative.entries} == {"collaborative"}
        assert not queries.everything_stream(world.bob, only=FeedFilter(with_files=True)).entries


def test_an_unfollowed_space_left_behind_disappears_from_mine(world: World) -> None:
    from parvis.spaces import actions as spaces

    with world.bound():
        spaces.remove_member(actor=world.alice, space=world.project, person=world.bob)
        assert world.entries["project post"].id not in ids(queries.mine_stream(world.bob).entries)
        assert Space.objects.listed_for(world.bob).filter(pk=world.spaces["project"].pk).exists()
