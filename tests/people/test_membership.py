"""Who administers and moderates."""

from __future__ import annotations

import pytest

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.models import AuditRecord
from parvis.foundation.tenancy import organization_scope
from parvis.people.actions import set_role
from parvis.people.models import Person
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_role_given_is_kept_in_the_audit_trail(world: World) -> None:
    with organization_scope(world.organization):
        administrator = Person.objects.filter(is_administrator=True).get()
        bob = world.people["bob"]
        set_role(actor=administrator, person=bob, is_administrator=False, is_moderator=True)
        kept = AuditRecord.objects.get(action="people.role_changed", target_id=str(bob.id))
        assert kept.actor_id == administrator.id
        assert kept.details == {"is_administrator": False, "is_moderator": True}


def test_nobody_gives_themselves_a_role(world: World) -> None:
    with organization_scope(world.organization), pytest.raises(Forbidden):
        set_role(
            actor=world.people["bob"], person=world.people["bob"], is_administrator=True, is_moderator=True
        )


def test_the_last_administrator_stays_one(world: World) -> None:
    with organization_scope(world.organization):
        administrator = Person.objects.filter(is_administrator=True).get()
        with pytest.raises(Invalid):
            set_role(actor=administrator, person=administrator, is_administrator=False, is_moderator=False)
