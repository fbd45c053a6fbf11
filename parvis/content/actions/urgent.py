"""Let an entry reach those whom it names outside their working time."""

from __future__ import annotations

from parvis.content.models import Entry
from parvis.people.models import Person
from parvis.worktime.urgency import mark_urgent


def call_urgently(*, author: Person, entry: Entry, reason: str) -> None:
    """Do so if its author says why; the mark stands under the conversation in the inbox of whom it calls."""
    if reason.strip():
        mark_urgent(sender=author, about_id=entry.id, reason=reason, subject=f"thread:{entry.root_id}")
