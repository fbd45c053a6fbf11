"""Why people hear of announcements, in words. Nobody can turn these off: that is what makes them proof."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from parvis.announcements.models import Announcement
from parvis.announcements.queries import asked_by, question_of
from parvis.announcements.reasons import ANNOUNCED, LIST, REMINDER, TO_ACKNOWLEDGE
from parvis.foundation.addresses import reverse
from parvis.notifications.models import Notification
from parvis.notifications.reasons import Button, Reason, register

# The kind by which channels know them (parvis/delivery/choices.py).
KIND = "announcement"


def _acknowledging(lines: Sequence[Notification]) -> dict[UUID, Button]:
    """Let lines be answered where they stand, in the very words that are written down as evidence."""
    asking = asked_by(line.subject for line in lines)
    return {line.id: _button(line, asking[line.subject]) for line in lines if line.subject in asking}


def _button(line: Notification, announcement: Announcement) -> Button:
    version = line.subject.rpartition(":")[2]
    return Button(
        label=question_of(announcement),
        url=reverse("announcements:acknowledgement", args=[announcement.entry_id]),
        fields={"version": version, "channel": "inbox", "line": str(line.id)},
    )


def _address_of_list(line: Notification) -> str:
    return reverse("announcements:progress", args=[line.subject.partition(":")[2]])


for _reason in (
    Reason(
        name=ANNOUNCED,
        delivered_as=KIND,
        symbol="megaphone",
        rank=6,
        sentence=_("%(who)s announces %(what)s"),
        why=_("You are among those whom this announcement is for."),
    ),
    Reason(
        name=TO_ACKNOWLEDGE,
        delivered_as=KIND,
        symbol="megaphone",
        rank=4,
        sentence=_("%(who)s asks you to read and acknowledge %(what)s"),
        why=_("You are among those whom this announcement is for, and it asks for your acknowledgement."),
        buttons=_acknowledging,
    ),
    Reason(
        name=REMINDER,
        delivered_as=KIND,
        symbol="bell-ring",
        rank=3,
        sentence=_("%(what)s still waits for your acknowledgement"),
        why=_("You have not acknowledged this announcement yet."),
        buttons=_acknowledging,
    ),
    Reason(
        name=LIST,
        delivered_as=KIND,
        symbol="clipboard-list",
        rank=7,
        sentence=_("Not everybody has acknowledged an announcement in %(space)s"),
        why=_("Its author chose that you get the list of who is missing."),
        address=_address_of_list,
    ),
):
    register(_reason)
