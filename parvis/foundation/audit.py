"""The audit trail: who did what, in a chain of hashes that shows tampering.

`audit()` writes in the transaction of the deed: one insert, no lock. `seal()` runs every few minutes, numbers
the new records of an organization without gaps and chains each to the one before:

    hash = sha256(hash of the record before + the record as canonical JSON)

A trigger refuses changes and removals. Whoever may switch triggers off could also compute the chain anew:
the head of the chain is therefore written to the log at each sealing, and a log kept elsewhere proves it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from parvis.foundation.models import AuditRecord
from parvis.foundation.tenancy import current_organization_id

logger = logging.getLogger(__name__)

BEGINNING = "0" * 64
BATCH = 2000


@dataclass(frozen=True)
class Verification:
    """What the check of a chain found; `broken_at` is the number of the first record that does not fit."""

    is_intact: bool
    sealed: int
    unsealed: int
    head: str
    broken_at: int | None = None


def audit(
    *, action: str, actor_id: UUID | None = None, target: models.Model | None = None, **details: Any
) -> AuditRecord:
    """Record a deed of the bound organization, e.g. `audit(action="people.role_changed", target=person, …)`.

    Details are JSON values or UUIDs; name what changed (`before=`, `after=`), never a text or a secret.
    """
    record: AuditRecord = AuditRecord.objects.create(
        action=action,
        actor_id=actor_id,
        target_type=target._meta.label if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        details=json.loads(json.dumps(details, default=_plain)),
    )
    return record


def seal() -> int:
    """Chain the organization's new records; return how many. A second sealer waits for the first."""
    with transaction.atomic():
        _lock()
        number, previous = _head()
        new = list(AuditRecord.objects.filter(number=None).order_by("occurred_at", "id")[:BATCH])
        for record in new:
            record.number = number = number + 1
            record.hash = previous = _hash(previous, record)
        AuditRecord.objects.bulk_update(new, ["number", "hash"], batch_size=500)
    if new:
        sealed = (current_organization_id(), number, previous)
        logger.info("audit trail sealed: organization %s, number %s, head %s", *sealed)
    return len(new)


def verify() -> Verification:
    """Compute the organization's chain again and say whether it holds."""
    number, previous = 0, BEGINNING
    unsealed = AuditRecord.objects.filter(number=None).count()
    for record in AuditRecord.objects.exclude(number=None).order_by("number").iterator(BATCH):
        if record.number != number + 1 or record.hash != _hash(previous, record):
            return Verification(False, number, unsealed, previous, broken_at=number + 1)
        number, previous = number + 1, record.hash
    return Verification(True, number, unsealed, previous)


@contextmanager
def erasing(organization_id: UUID) -> Iterator[None]:
    """Let the records of one organization be removed, because all of it is being removed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erased_organization', %s, true)", [str(organization_id)])
        yield
        cursor.execute("SELECT set_config('app.erased_organization', '', true)")


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{current_organization_id()}"]
        )


def _head() -> tuple[int, str]:
    last = AuditRecord.objects.exclude(number=None).order_by("-number").values_list("number", "hash").first()
    return last or (0, BEGINNING)


def _hash(previous: str, record: AuditRecord) -> str:
    content = {
        "id": str(record.id),
        "organization": str(record.organization_id),
        "number": record.number,
        "action": record.action,
        "actor": record.actor_id and str(record.actor_id),
        "target": [record.target_type, record.target_id],
        "details": record.details,
        "occurred_at": record.occurred_at.isoformat(),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"an audit detail cannot hold {type(value).__name__}")
