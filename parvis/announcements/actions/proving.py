"""Keep what stands now as evidence: one document, whose fingerprint the audit trail seals."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from parvis.announcements.audience import audience_of, in_words
from parvis.announcements.ladder import ladder_in_words
from parvis.announcements.models import Announcement, Edition, Evidence, Recipient, Reminder
from parvis.announcements.policy import can
from parvis.announcements.queries import acknowledgements_of, question_in
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden
from parvis.foundation.tenancy import new_id
from parvis.people.models import LANGUAGES, Person


def make_evidence(*, actor: Person, announcement: Announcement) -> Evidence:
    """Write down texts, audience, acknowledgements and reminders as they are now, for good."""
    if not can(actor, "follow", announcement):
        raise Forbidden
    with transaction.atomic():
        now, id = timezone.now(), new_id()
        content = _content(announcement, actor, now)
        fingerprint = fingerprint_of_evidence(content)
        record = audit(
            action="announcements.evidence_made",
            actor_id=actor.id,
            target=announcement,
            evidence=id,
            sha256=fingerprint,
        )
        evidence: Evidence = Evidence.objects.create(
            id=id,
            announcement=announcement,
            made_by=actor,
            made_at=now,
            content=content,
            sha256=fingerprint,
            audit_id=record.id,
        )
    return evidence


def fingerprint_of_evidence(content: dict[str, Any]) -> str:
    """Return the SHA-256 of what was kept: canonical JSON, so that anybody can compute it again."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(announcement: Announcement, actor: Person, now: datetime) -> dict[str, Any]:
    entry = announcement.entry
    return {
        "made_at": now.isoformat(),
        "made_by": actor.full_name,
        "organization": actor.organization.name,
        "space": entry.space.name,
        "author": entry.author.full_name,
        "entry": str(entry.id),
        "published_at": entry.published_at.isoformat(),
        "asks": announcement.asks,
        "asked_version": announcement.asked_version,
        "asked_at": _text(announcement.asked_at),
        "deadline": _text(announcement.deadline),
        "ends_at": _text(announcement.ends_at),
        "words": {language: _in_language(announcement, language) for language, _name in LANGUAGES},
        "editions": [
            _edition(row) for row in announcement.editions.select_related("editor").order_by("version")
        ],
        "recipients": _recipients(announcement),
        "reminders": _reminders(announcement),
    }


def _in_language(announcement: Announcement, language: str) -> dict[str, Any]:
    audience = audience_of(announcement)
    with override(language):
        return {
            "question": question_in(announcement.question_en, announcement.question_fr, language),
            "audience": in_words(
                audience.space, is_for_the_space=audience.is_for_the_space, groups=audience.groups
            ),
            "ladder": ladder_in_words(announcement),
        }


def _edition(row: Edition) -> dict[str, Any]:
    return {
        "version": row.version,
        "title": row.title,
        "body": row.body,
        "files": row.files,
        "sha256": row.sha256,
        "editor": row.editor.full_name if row.editor is not None else "",
        "published_at": row.published_at.isoformat(),
        "asks_again": row.asks_again,
    }


def _recipients(announcement: Announcement) -> list[dict[str, Any]]:
    said: dict[UUID, list[dict[str, Any]]] = {}
    for one in acknowledgements_of(announcement):
        said.setdefault(one.person_id, []).append(
            {
                "version": one.version,
                "sha256": one.sha256,
                "question": one.question,
                "channel": one.channel,
                "at": one.acknowledged_at.isoformat(),
            }
        )
    rows = Recipient.objects.filter(announcement=announcement).select_related("person")
    return [
        {
            "id": str(row.person_id),
            "name": row.person.full_name,
            "unit": row.unit_name,
            "added_at": row.added_at.isoformat(),
            "told_at": _text(row.told_at),
            "removed_at": _text(row.removed_at),
            "has_acknowledged": row.acknowledged_version >= max(announcement.asked_version, 1),
            "acknowledgements": said.get(row.person_id, []),
        }
        for row in rows.order_by("person__sort_name", "person_id")
    ]


def _reminders(announcement: Announcement) -> list[dict[str, Any]]:
    rows: list[Reminder] = list(announcement.reminders.select_related("person").order_by("sent_at", "id"))
    ids = {id for row in rows for id in row.sent_to}
    names = dict(Person.objects.filter(id__in=ids).values_list("id", "full_name"))
    return [
        {
            "about": row.person.full_name,
            "to": [names.get(id, "") for id in row.sent_to],
            "version": row.version,
            "step": row.step,
            "kind": row.kind,
            "at": row.sent_at.isoformat(),
        }
        for row in rows
    ]


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
