from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from parvis.foundation.audit import BEGINNING, audit, erasing, seal, verify
from parvis.foundation.events import DomainEvent, record
from parvis.foundation.models import AuditRecord
from parvis.foundation.tenancy import current_organization_id, organization_scope
from parvis.people.models import Organization


@pytest.fixture
def organization(db: None) -> Iterator[Organization]:
    organization = Organization.objects.create(slug="acme", name="Acme")
    with organization_scope(organization):
        yield organization


def deeds(count: int) -> None:
    for number in range(count):
        audit(action="test.done", actor_id=uuid.uuid4(), number=number, who=uuid.uuid4(), accents="été")


def with_all_rights(sql: str) -> None:
    """What somebody who owns the tables could do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.erased_organization', %s, true)", [str(current_organization_id())]
        )
        cursor.execute(sql)
        cursor.execute("SELECT set_config('app.erased_organization', '', true)")


def test_a_deed_names_its_target(organization: Organization) -> None:
    record = audit(action="organization.renamed", target=organization, before="A", after="B")
    assert (record.target_type, record.target_id) == ("people.Organization", str(organization.pk))
    assert record.details == {"before": "A", "after": "B"}


def test_sealing_numbers_without_gaps_and_the_chain_holds(organization: Organization) -> None:
    deeds(3)
    assert verify().unsealed == 3
    assert seal() == 3
    deeds(2)
    assert seal() == 2
    assert seal() == 0
    found = verify()
    assert (found.is_intact, found.sealed, found.unsealed) == (True, 5, 0)
    assert found.head != BEGINNING


def test_each_organization_has_its_own_chain(organization: Organization) -> None:
    deeds(2)
    seal()
    other = Organization.objects.create(slug="other", name="Other")
    with organization_scope(other):
        assert verify().sealed == 0
        deeds(1)
        seal()
        assert verify().sealed == 1
    assert verify().sealed == 2


@pytest.mark.parametrize("change", [{"action": "x"}, {"details": {}}, {"actor_id": None}, {"hash": "0" * 64}])
def test_the_database_refuses_changes(organization: Organization, change: dict[str, object]) -> None:
    deeds(1)
    seal()
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        AuditRecord.objects.update(**change)


def test_the_database_refuses_removal_even_before_sealing(organization: Organization) -> None:
    deeds(1)
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        AuditRecord.objects.all().delete()
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        AuditRecord.objects.update(action="another")


def test_a_missing_record_shows(organization: Organization) -> None:
    deeds(4)
    seal()
    with_all_rights("DELETE FROM foundation_auditrecord WHERE number = 3")
    found = verify()
    assert (found.is_intact, found.broken_at) == (False, 3)


def test_a_changed_record_shows(organization: Organization) -> None:
    deeds(4)
    seal()
    forged = AuditRecord.objects.get(number=2)
    with_all_rights("DELETE FROM foundation_auditrecord WHERE number = 2")
    forged.action = "another"
    forged.save(force_insert=True)
    assert verify().broken_at == 2


def test_a_whole_organization_can_be_erased(organization: Organization) -> None:
    deeds(2)
    with erasing(organization.id):
        AuditRecord.objects.all().delete()
    assert not AuditRecord.objects.exists()


def test_a_detail_is_plain(organization: Organization) -> None:
    with pytest.raises(TypeError):
        audit(action="x", thing=object())


@dataclass(frozen=True, kw_only=True)
class GateMoved(DomainEvent):
    """An event that matters later."""

    is_audited: ClassVar[bool] = True
    person_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class BirdPassed(DomainEvent):
    """An event that does not."""


def test_an_event_that_matters_later_is_kept_with_its_actor(organization: Organization) -> None:
    actor_id, person_id = uuid.uuid4(), uuid.uuid4()
    record(GateMoved(actor_id=actor_id, person_id=person_id))
    record(BirdPassed(actor_id=actor_id))
    kept = AuditRecord.objects.get()
    assert (kept.actor_id, kept.details) == (actor_id, {"person_id": str(person_id)})
    assert kept.action == GateMoved.type
