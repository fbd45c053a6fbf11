"""Say that one has read and understood: once for each text that is asked about, written down for good."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.announcements.actions.telling import progress_changed
from parvis.announcements.audience import audience_of
from parvis.announcements.models import Acknowledgement, Announcement, Edition, Recipient
from parvis.announcements.queries import question_of
from parvis.announcements.reasons import ANNOUNCED, subject_of
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.notifications.actions import settle
from parvis.people.models import Person


def acknowledge(
    *, person: Person, announcement: Announcement, version: int | None, channel: str
) -> Acknowledgement:
    """Acknowledge the version that one has read, None for the current one; again, it is the one that is there.

    `Invalid` when the text has been asked about anew since that version; `Forbidden` for whom it is not for.
    """
    with transaction.atomic():
        recipient = _locked(person, announcement)
        if recipient is None:
            raise Forbidden
        if not announcement.asks:
            raise Invalid({"acknowledgement": [_("This announcement asks for no acknowledgement.")]})
        if recipient.acknowledged_version >= announcement.asked_version:
            return _existing(recipient)
        return _write(recipient, person, _edition(announcement, version), channel)


def _locked(person: Person, announcement: Announcement) -> Recipient | None:
    mine = Recipient.objects.filter(announcement=announcement, person=person)
    recipient: Recipient | None = mine.select_for_update().first()
    if recipient is None and announcement.is_open:
        # Who has just joined need not wait for the sweeper.
        if not audience_of(announcement).reached().filter(pk=person.pk).exists():
            return None
        now = timezone.now()
        Recipient.objects.bulk_create(
            [
                Recipient(
                    announcement=announcement,
                    person=person,
                    unit_name=person.unit_name,
                    told_version=announcement.asked_version,
                    told_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        recipient = mine.select_for_update().first()
    return recipient


def _existing(recipient: Recipient) -> Acknowledgement:
    found: Acknowledgement = Acknowledgement.objects.get(
        announcement_id=recipient.announcement_id,
        person_id=recipient.person_id,
        version=recipient.acknowledged_version,
    )
    return found


def _edition(announcement: Announcement, version: int | None) -> Edition:
    current = announcement.entry.version
    version = current if version is None else version
    if version < announcement.asked_version:
        text = _("The text has changed since you opened it. Please read it again, then acknowledge it.")
        raise Invalid({"acknowledgement": [text]})
    editions = Edition.objects.filter(announcement=announcement, version__lte=version).order_by("-version")
    edition: Edition | None = editions.first() if version <= current else None
    if edition is None:
        raise Invalid({"acknowledgement": [_("There is no such version of the text.")]})
    return edition


def _write(recipient: Recipient, person: Person, edition: Edition, channel: str) -> Acknowledgement:
    announcement = edition.announcement
    written: Acknowledgement = Acknowledgement.objects.create(
        announcement=announcement,
        person=person,
        version=edition.version,
        sha256=edition.sha256,
        question=question_of(announcement),
        channel=channel,
    )
    Recipient.objects.filter(pk=recipient.pk).update(
        acknowledged_version=written.version,
        acknowledged_at=written.acknowledged_at,
        channel=channel,
        next_step_at=None,
    )
    audit(
        action="announcements.acknowledged",
        actor_id=person.id,
        target=announcement,
        version=written.version,
        sha256=written.sha256,
        channel=channel,
    )
    settle(person=person, subject=subject_of(announcement), reason=ANNOUNCED)
    progress_changed(announcement, also=[person.id])
    return written
