"""A space keeps a host; one that lost its last gets another, and nobody reads anything for that."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client

from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.models import Notification
from parvis.people import actions as people
from parvis.people.models import Person
from parvis.spaces import actions
from parvis.spaces.models import Membership, Space
from parvis.spaces.queries import hosted_alone, hosts_of, spaces_without_host
from tests.browsing import text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db


def _orphan(world: World, name: str) -> Space:
    """Let the hosts of a space leave the organization."""
    space: Space = getattr(world, name)
    Membership.objects.filter(space=space, role="host").update(role="member")
    return space


def test_the_last_host_names_another_one_before_leaving(world: World, client: Client) -> None:
    with world.bound():
        alice = visit(world, "alice", client)
    answer = alice.post(f"/spaces/{world.spaces['project'].id}/departure")
    assert answer["Location"].endswith(f"/spaces/{world.spaces['project'].id}/members")
    assert "name another one first" in text_of(alice.get(answer["Location"]))
    with world.bound():
        actions.change_role(actor=world.alice, space=world.project, person=world.bob, role="host")
        actions.leave_space(person=world.alice, space=world.project)
        assert [host.full_name for host in hosts_of(world.project)] == ["Bob Dupont"]


def test_a_host_who_is_suspended_does_not_count(world: World) -> None:
    with world.bound():
        Membership.objects.filter(space=world.lounge, person=world.sam).update(role="host")
        actions.leave_space(person=world.chloe, space=world.lounge)
        with pytest.raises(Invalid):
            actions.leave_space(person=world.alice, space=world.lounge)


def test_who_is_left_alone_may_leave(world: World) -> None:
    with world.bound():
        actions.leave_space(person=world.chloe, space=world.cellar)
        assert not Membership.objects.filter(space=world.cellar).exists()


def test_who_leaves_the_organization_leaves_its_spaces(world: World) -> None:
    with world.bound():
        count = world.lounge.member_count
        people.remove_person(actor=world.alice, person=world.chloe)
        assert not Membership.objects.filter(person=world.chloe).exists()
        assert world.lounge.member_count == count - 1
        people.suspend_person(actor=world.alice, person=world.bob)
        assert Membership.objects.filter(person=world.bob, space=world.lounge).exists()


def test_the_page_of_leaving_names_the_spaces_that_lose_their_only_host(world: World, client: Client) -> None:
    with world.bound():
        spaces = {space.name for space in hosted_alone(world.alice)}
        alice = visit(world, "alice", client)
    assert "Quieter pumps" in spaces
    assert "Lounge" not in spaces
    assert "Quieter pumps" in text_of(alice.get("/spaces/hosted-alone", fragment=True))
    assert "/spaces/hosted-alone" in text_of(alice.get("/settings/leaving"))


def test_administrators_see_which_spaces_have_no_host_and_nothing_of_a_secret_one(
    world: World, client: Client
) -> None:
    with world.bound():
        _orphan(world, "cellar")
        _orphan(world, "project")
        alice = visit(world, "alice", client)
    page = text_of(alice.get("/administration/spaces"))
    assert "Quieter pumps" in page
    assert "A secret space" in page
    for unsaid in ("Cellar", "Chloé", "Grace", "walrus"):
        assert unsaid not in page
    for name in ("bob", "max", "grace"):
        with world.bound():
            other = visit(world, name, Client(SERVER_NAME="localhost"))
        assert other.get("/administration/spaces").status_code == 404
        assert other.post(f"/administration/spaces/{world.spaces['project'].id}/host").status_code == 404


def test_an_administrator_names_a_member_of_an_open_space_host(world: World, client: Client) -> None:
    with world.bound():
        space = _orphan(world, "lounge")
        alice = visit(world, "alice", client)
        bob, dan = world.bob, world.dan
    path = f"/administration/spaces/{space.id}/host"
    for wrong in (str(dan.id), "", "nonsense", str(world.people["twin_bob"].id)):
        assert alice.post(path, {"person": wrong}).status_code == 422
    assert alice.post(path, {"person": str(bob.id)}).status_code == 302
    run_pending_jobs()
    with world.bound():
        assert list(hosts_of(space)) == [bob]
        assert Notification.objects.filter(person=bob, reason="made_host").exists()
    # It has one again: nothing is left to decide.
    assert alice.post(path, {"person": str(bob.id)}).status_code == 404


def test_in_a_space_whose_members_are_not_shown_the_eldest_becomes_host(world: World) -> None:
    with world.bound():
        space = _orphan(world, "cellar")
        actions.admit(person=world.bob, space=space)
        # Whomever an administrator guesses: they learn nothing of who is in it.
        actions.appoint_host(actor=world.alice, space=space, person=world.dan)
        assert [host.full_name for host in hosts_of(space)] == ["Chloé Élan"]
        assert not Space.objects.readable_by(world.alice).filter(pk=space.pk).exists()
        assert not Entry.objects.visible_to(world.alice).filter(space=space).exists()


def test_a_guest_does_not_become_host(world: World) -> None:
    with world.bound():
        space = _orphan(world, "project")
        Membership.objects.filter(space=space).exclude(person=world.grace).delete()
        with pytest.raises(Invalid):
            actions.appoint_host(actor=world.alice, space=space)


def test_a_space_that_nobody_is_left_in_can_be_archived(world: World, client: Client) -> None:
    with world.bound():
        space = _orphan(world, "cellar")
        alice = visit(world, "alice", client)
    path = f"/administration/spaces/{space.id}/archive"
    assert alice.post(path).status_code == 404
    with world.bound():
        Membership.objects.filter(space=space).delete()
    assert alice.post(path).status_code == 302
    with world.bound():
        assert world.cellar.state == Space.State.ARCHIVED
        assert not spaces_without_host().exists()


def test_only_an_administrator_and_only_while_there_is_no_host(world: World) -> None:
    with world.bound():
        with pytest.raises(Invalid):
            actions.appoint_host(actor=world.alice, space=world.lounge, person=world.bob)
        space = _orphan(world, "lounge")
        with pytest.raises(Forbidden):
            actions.appoint_host(actor=world.max, space=space, person=world.bob)


@pytest.mark.django_db(transaction=True)
def test_two_last_hosts_who_leave_at_once_leave_one_behind(world: World) -> None:
    def leave(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                with world.bound():
                    person = Person.objects.get(pk=world.people[name].pk)
                    start.wait(10)
                    actions.leave_space(person=person, space=Space.objects.get(pk=space.pk))
                outcomes.append("left")
            except Invalid:
                outcomes.append("stayed")
            finally:
                connections.close_all()

        return run

    with world.bound():
        space = world.lounge
    start, outcomes = threading.Barrier(2), list[str]()
    threads = [threading.Thread(target=leave(name)) for name in ("alice", "chloe")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["left", "stayed"]
    with world.bound():
        assert hosts_of(space).count() == 1
