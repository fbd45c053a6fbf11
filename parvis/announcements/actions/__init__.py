"""What can be done with announcements, by subject: write, tell, acknowledge, remind, prove, grant."""

from parvis.announcements.actions.acknowledging import acknowledge
from parvis.announcements.actions.granting import grant, revoke
from parvis.announcements.actions.proving import make_evidence
from parvis.announcements.actions.reminding import take_due_steps
from parvis.announcements.actions.telling import keep_audiences, keep_edition, open_announcement
from parvis.announcements.actions.writing import (
    Wording,
    begin_announcement,
    edit_announcement,
    publish_announcement,
    schedule_announcement,
)

__all__ = [
    "Wording",
    "acknowledge",
    "begin_announcement",
    "edit_announcement",
    "grant",
    "keep_audiences",
    "keep_edition",
    "make_evidence",
    "open_announcement",
    "publish_announcement",
    "revoke",
    "schedule_announcement",
    "take_due_steps",
]
