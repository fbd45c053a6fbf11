"""What announcements do by the clock. State stands in rows: a missed turn is made up by the next."""

from parvis.announcements import actions
from parvis.foundation.jobs import every


@every(minutes=5)
def keep_audiences() -> None:
    """Let newcomers get what is still open, and nobody be asked who can no longer read it."""
    actions.keep_audiences()


@every(minutes=10)
def remind() -> None:
    """Take the steps of the ladders that are due."""
    actions.take_due_steps()
