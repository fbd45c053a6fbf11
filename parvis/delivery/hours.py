"""When something may leave for somebody: within working time, and not while they want silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from parvis.notifications.pausing import silent_until
from parvis.people.models import Person
from parvis.worktime.queries import leaves_at


def opens_at(people: Sequence[Person], at: datetime) -> dict[UUID, datetime]:
    """Return from when on something may leave for each of these people: `at` itself for whoever it may reach now."""
    opens = leaves_at(people, at)
    for person_id, until in silent_until(list(opens), at).items():
        opens[person_id] = max(opens[person_id], until)
    return opens
