"""Open the spaces of the demo, with their members since some months."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from parvis.demo.clock import unbroken
from parvis.demo.reading import Space as Plan
from parvis.demo.reading import World
from parvis.people.models import Person
from parvis.spaces.models import JoinRequest, Membership, Space, SpaceInvitation

OLDEST_DAYS = 190


def open_all(world: World, people: dict[str, Person], *, now: datetime) -> dict[str, Space]:
    """Open every space and let its members in; return them by their keys."""
    spaces = {plan.key: _space(plan, people, now=now) for plan in world.spaces.values()}
    _take_over_everyone(spaces["everyone"])
    Space.objects.bulk_create(space for space in spaces.values() if not space.is_everyone)
    for plan in world.spaces.values():
        _let_in(plan, spaces[plan.key], people, now=now)
    _who_waits(people, spaces, now=now)
    return spaces


def _space(plan: Plan, people: dict[str, Person], *, now: datetime) -> Space:
    return Space(
        kind=plan.kind,
        name=unbroken(plan.name),
        description=unbroken(f"{plan.purpose}\n\n{plan.welcome}"),
        privacy=plan.access,
        posting=plan.posting,
        is_everyone=plan.everyone,
        objective=unbroken(plan.objective),
        problem=unbroken(plan.problem),
        sponsor=people[plan.sponsor] if plan.sponsor else None,
        measure=unbroken(plan.measure),
        ends_on=(now + timedelta(days=plan.end)).date() if plan.end else None,
        created_by=people[plan.hosts[0]],
        created_at=now + timedelta(days=plan.start or -OLDEST_DAYS),
        member_count=len(plan.members),
    )


def _take_over_everyone(wanted: Space) -> None:
    """The space of everyone exists since the organization does: it only gets its words."""
    existing = Space.objects.get(is_everyone=True)
    Membership.objects.filter(space=existing).delete()
    wanted.id = existing.id
    wanted._state.adding = False
    wanted.save()


def _let_in(plan: Plan, space: Space, people: dict[str, Person], *, now: datetime) -> None:
    dice = random.Random(plan.key)  # noqa: S311
    Membership.objects.bulk_create(
        Membership(
            space=space,
            person=people[key],
            role=Membership.Role.HOST if key in plan.hosts else Membership.Role.MEMBER,
            joined_at=min(space.created_at + timedelta(hours=dice.uniform(0, 60)), now),
        )
        for key in plan.members
    )


def _who_waits(people: dict[str, Person], spaces: dict[str, Space], *, now: datetime) -> None:
    """A request that waits for its answer, and two invitations."""
    JoinRequest.objects.create(
        space=spaces["falkenau"],
        person=people["kevin.marchetti"],
        message="Je change ces vannes chez les clients : j'aimerais voir les mesures avant de repartir.",
        created_at=now - timedelta(minutes=100),
    )
    for key, space, host in (
        ("sofiane.meziane", "data", "leila.farahani"),
        ("priya.nair", "zero-leaks", "camille.thevenet"),
    ):
        SpaceInvitation.objects.create(
            space=spaces[space],
            person=people[key],
            invited_by=people[host],
            created_at=now - timedelta(hours=20),
        )
