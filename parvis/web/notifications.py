"""Recipes that join two features which do not know each other."""

from __future__ import annotations

from parvis.foundation.events import on
from parvis.moderation.events import EntryReported, ModeratorsWrote, PersonReported, Reported, SpaceReported
from parvis.notifications.actions import notify
from parvis.notifications.models import Notification


@on(EntryReported, PersonReported, SpaceReported)
def tell_the_moderators(event: Reported) -> None:
    """Moderators hear of reports, all on one line."""
    notify(
        recipients=event.moderator_ids,
        subject="reports",
        reason=Notification.Reason.REPORT,
        actor_id=event.actor_id,
    )


@on(ModeratorsWrote)
def tell_whom_the_moderators_wrote_to(event: ModeratorsWrote) -> None:
    """Who was reported, or hosts a space that was, finds what the moderators have to say."""
    notify(
        recipients=event.person_ids,
        subject=f"notice:{event.report_id}",
        reason=Notification.Reason.NOTICE,
        actor_id=None,
        space_id=event.space_id,
    )
