"""What comes back."""

from __future__ import annotations

from parvis.foundation.jobs import every
from parvis.polls.actions import close_due


@every(minutes=1)
def close_due_polls() -> None:
    """End the polls whose time has come."""
    close_due()
