"""Acknowledge by a one-line mail: “read”, “lu”."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parvis.announcements.actions import acknowledge
from parvis.announcements.models import Acknowledgement
from parvis.announcements.queries import find_announcement
from parvis.announcements.reasons import read_subject
from parvis.delivery.answers import Answer, register_answer
from parvis.people.models import Person

WORDS = {
    "en": ("read", "read and understood", "i have read and understood", "acknowledged", "understood", "ok, read"),
    "fr": ("lu", "lu et compris", "lu et approuvé", "j'ai lu", "j’ai lu", "j'ai lu et compris", "j’ai lu et compris",
           "bien lu", "pris connaissance"),
}  # fmt: skip


def acknowledge_by_mail(person: Person, subject: str, text: str) -> str | None:
    """Acknowledge the version that the answered line was about; None for a line of something else."""
    found = read_subject(subject)
    if found is None:
        return None
    entry_id, version = found
    announcement = find_announcement(person, entry_id)
    acknowledge(
        person=person, announcement=announcement, version=version, channel=Acknowledgement.Channel.MAIL
    )
    return _("You have acknowledged “%(title)s”.") % {"title": announcement.entry.title}


register_answer(Answer(name="acknowledge", words=WORDS, act=acknowledge_by_mail))
