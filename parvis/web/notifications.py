"""Recipes that join two features which do not know each other."""

from __future__ import annotations

from parvis.foundation.events import on
from parvis.moderation.events import EntryReported
from parvis.notifications.actions import notify
from parvis.notifications.models import Notification


@on(EntryReported)
def tell_the_moderators(event: EntryReported) -> None:
    """Moderators hear of reports, all on one line."""
    notify(
        recipients=event.moderator_ids,
        subject="reports",
        reason=Notification.Reason.REPORT,
        actor_id=event.actor_id,
    )
