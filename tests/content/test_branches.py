"""A thread as a tree: nothing legible is lost, and no depth is too deep."""

from __future__ import annotations

import pytest

from parvis.content import actions
from parvis.content.branches import DEEPEST, branch_in, branches_of
from parvis.content.faces import Shown
from parvis.content.models import Entry
from parvis.content.queries import cards_for, thread_of
from parvis.people.models import Person
from tests.world import World

pytestmark = pytest.mark.django_db


def tree_of(viewer: Person, root: Entry) -> list[Shown]:
    replies, _following = thread_of(viewer, root)
    return branches_of(viewer, root.id, cards_for(viewer, replies))


def depth_of(branches: list[Shown]) -> int:
    return 1 + max((depth_of(branch.replies) for branch in branches), default=0) if branches else 0


def count_of(branches: list[Shown]) -> int:
    return sum(1 + count_of(branch.replies) for branch in branches)


def test_answers_hang_below_what_they_answer(world: World) -> None:
    with world.bound():
        root = actions.publish(author=world.bob, space=world.lounge, body="Root")
        first = actions.reply(author=world.bob, to=root, body="First")
        second = actions.reply(author=world.bob, to=root, body="Second")
        below = actions.reply(author=world.chloe, to=first, body="Below the first")
        branches = tree_of(world.bob, root)
    assert [branch.entry.id for branch in branches] == [first.id, second.id]
    assert [branch.entry.id for branch in branches[0].replies] == [below.id]
    found = branch_in(branches, below.id)
    assert found is not None
    assert found[1] == 1


def test_beyond_the_deepest_level_answers_stand_in_line_and_say_whom_they_answer(world: World) -> None:
    with world.bound():
        root = entry = actions.publish(author=world.bob, space=world.lounge, body="Root")
        for depth in range(30):
            entry = actions.reply(author=world.bob, to=entry, body=f"{depth}")
        branches = tree_of(world.bob, root)
    assert depth_of(branches) == DEEPEST + 1
    assert count_of(branches) == 30
    found = branch_in(branches, entry.id)
    assert found is not None
    assert found[0].entry.in_reply_to is not None


def test_a_comment_whose_parent_is_hidden_still_shows(world: World) -> None:
    with world.bound():
        root = actions.publish(author=world.bob, space=world.lounge, body="Root")
        hidden = actions.reply(author=world.bob, to=root, body="Hidden")
        below = actions.reply(author=world.chloe, to=hidden, body="Below")
        actions.hide_entry(actor=world.alice, entry=hidden)
        branches = tree_of(world.bob, root)
    assert [branch.entry.id for branch in branches] == [below.id]


def test_a_tombstone_stays_only_where_it_holds_something(world: World) -> None:
    with world.bound():
        root = actions.publish(author=world.bob, space=world.lounge, body="Root")
        bare = actions.reply(author=world.bob, to=root, body="Bare")
        holding = actions.reply(author=world.bob, to=root, body="Holding")
        actions.reply(author=world.chloe, to=holding, body="Held")
        for entry in (bare, holding):
            actions.delete_entry(actor=world.bob, entry=entry)
        branches = tree_of(world.bob, root)
    assert [branch.entry.id for branch in branches] == [holding.id]
    assert branches[0].entry.is_deleted
