"""The names of the reasons and of the lines by which people hear of announcements."""

from __future__ import annotations

from uuid import UUID

from parvis.announcements.models import Announcement

ANNOUNCED = "announcement"
TO_ACKNOWLEDGE = "to_acknowledge"
REMINDER = "ack_reminder"
LIST = "ack_list"


def subject_of(announcement: Announcement, version: int | None = None) -> str:
    """Return the line of an announcement in an inbox. It names the version: an answer by mail is about that one."""
    return (
        f"announcement:{announcement.entry_id}:{announcement.asked_version if version is None else version}"
    )


def list_subject_of(announcement: Announcement) -> str:
    """Return the line by which somebody gets the list of who is missing."""
    return f"announcement-list:{announcement.entry_id}"


def read_subject(subject: str) -> tuple[UUID, int] | None:
    """Return the entry and the version that a line is about; None for a line of something else."""
    kind, _, rest = subject.partition(":")
    id, _, version = rest.partition(":")
    if kind != "announcement" or not version.isdigit():
        return None
    try:
        return UUID(id), int(version)
    except ValueError:
        return None
