"""Who has read how far: told where an administrator wants it, among few, and never of who appears offline."""

from __future__ import annotations

import pytest
from django.db import connection

from parvis.chat import actions, policy, queries
from parvis.chat.models import RoomMembership
from parvis.people.actions import change_organization
from tests.chat.cast import Talk
from tests.world import World

pytestmark = pytest.mark.django_db


def _told() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_domain_event WHERE type = 'chat.seen'")
        return int(cursor.fetchone()[0])


def test_cursors_of_others_are_told_only_where_the_organization_wants_it(
    world: World, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = talk.rooms["pair"]

    def read_again(seq: int) -> None:
        RoomMembership.objects.filter(room=room, person=world.chloe).update(read_seq=0)
        actions.mark_read(person=world.chloe, room=queries.find_room(world.chloe, room.id), seq=seq)

    with world.bound():
        read_again(1)
        assert (queries.seen_in(world.bob, room), _told()) == ([], 0)
        change_organization(actor=world.alice, organization=world.organization, shows_seen_by=True)
        read_again(1)
        seen = queries.seen_in(world.bob, queries.find_room(world.bob, room.id))
        assert [(one.person, one.read_seq) for one in seen] == [(world.chloe, 1)]
        assert _told() == 1
        monkeypatch.setattr(policy, "SEEN_BY_AT_MOST", 1)
        read_again(1)
        assert (queries.seen_in(world.bob, queries.find_room(world.bob, room.id)), _told()) == ([], 1)
        monkeypatch.undo()
        actions.set_status(person=world.chloe, hides_presence=True)
        read_again(1)
        assert (queries.seen_in(world.bob, queries.find_room(world.bob, room.id)), _told()) == ([], 1)
