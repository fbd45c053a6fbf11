"""What `parvis doctor` says of the chains of audit records."""

from __future__ import annotations

import pytest
from django.db import connection

from parvis.config import checkup
from parvis.foundation.audit import audit, seal
from parvis.foundation.settings import Settings
from tests.world import World

pytestmark = pytest.mark.django_db


def _finding(settings: Settings) -> checkup.Finding:
    return checkup._audit_trail(settings)


def test_it_verifies_the_chain_of_every_organization(world: World) -> None:
    with world.bound():
        seal()
    finding = _finding(None)  # type: ignore[arg-type]
    assert (finding.sign, finding.subject) == ("✓", "audit trail")


def test_it_says_where_a_chain_breaks(world: World) -> None:
    with world.bound_to_twin():
        for number in range(3):
            audit(action="test.done", number=number)
        seal()
        with connection.cursor() as cursor:
            # Who owns the tables can do this; a hole in the chain is what remains.
            cursor.execute("SELECT set_config('app.erased_organization', %s, true)", [str(world.twin.pk)])
            cursor.execute(
                "DELETE FROM foundation_auditrecord WHERE organization_id = %s AND number = 2",
                [world.twin.pk],
            )
            cursor.execute("SELECT set_config('app.erased_organization', '', true)")
    finding = _finding(None)  # type: ignore[arg-type]
    assert finding.is_broken
    assert "jumeau breaks at record 2" in finding.text
