"""Announcements: publish one, what waits for me, acknowledge, and who has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from parvis.announcements import actions, queries
from parvis.announcements.actions import Wording
from parvis.announcements.actions.writing import check_before_publishing
from parvis.announcements.audience import Group
from parvis.announcements.models import Acknowledgement, Announcement, Recipient
from parvis.announcements.policy import can
from parvis.api.endpoints.entries import attachment_drafts, readable_space
from parvis.api.responses import PROBLEMS, Limit, read_name_cursor, viewer_of, write_name_cursor
from parvis.api.rows import entry_row, person_row
from parvis.api.schemas.announcements import (
    AcknowledgementIn,
    AcknowledgementOut,
    AnnouncementIn,
    AnnouncementList,
    AnnouncementOut,
    RecipientPage,
)
from parvis.content.queries import find_visible
from parvis.people.models import Person

router = Router(tags=["announcements"])
MOST_WAITING = 100


@router.post("/announcements", response={201: AnnouncementOut, **PROBLEMS}, summary="Announce")
def announce(request: HttpRequest, payload: AnnouncementIn) -> Any:
    """Publish an announcement at once, as a host of the space or as who may announce to everybody."""
    viewer = viewer_of(request)
    space, wording = readable_space(viewer, payload.space), _wording(payload)
    with transaction.atomic():
        entry = actions.begin_announcement(author=viewer, space=space, wording=wording, id=payload.id)
        if entry.is_unpublished:
            check_before_publishing(author=viewer, space=space, wording=wording)
            actions.publish_announcement(actor=viewer, entry=entry)
    return Status(201, _row(viewer, queries.find_announcement(viewer, entry.id)))


def _wording(payload: AnnouncementIn) -> Wording:
    return Wording(
        title=payload.title,
        body=payload.body,
        attachments=attachment_drafts(payload.attachments),
        is_for_the_space=not payload.audience,
        groups=[
            Group(
                unit_id=group.unit,
                location=group.location,
                job_title=group.job_title,
                skill=group.skill,
                kind=group.kind,
            )
            for group in payload.audience
        ],
        asks=payload.asks,
        question_en=payload.question_en,
        question_fr=payload.question_fr,
        deadline=payload.deadline,
        ends_at=payload.ends_at,
        reminder_days=payload.reminder_days,
        escalation=payload.escalation,
        urgent_reason=payload.urgent_reason,
    )


@router.get(
    "/announcements/waiting",
    response={200: AnnouncementList, **PROBLEMS},
    summary="What I have to acknowledge",
)
def waiting(request: HttpRequest) -> Any:
    """At most a hundred, the nearest deadline first."""
    viewer = viewer_of(request)
    return {"items": [_row(viewer, one) for one in queries.to_acknowledge(viewer)[:MOST_WAITING]]}


@router.get(
    "/entries/{uuid:entry_id}/announcement",
    response={200: AnnouncementOut, **PROBLEMS},
    summary="The announcement of an entry",
)
def show(request: HttpRequest, entry_id: UUID) -> Any:
    """What it asks, what I answered, and how far it has come where I may follow that."""
    viewer = viewer_of(request)
    return _row(viewer, queries.find_announcement(viewer, entry_id))


@router.put(
    "/entries/{uuid:entry_id}/acknowledgement",
    response={200: AcknowledgementOut, **PROBLEMS},
    summary="Acknowledge an announcement",
)
def acknowledge(request: HttpRequest, entry_id: UUID, payload: AcknowledgementIn) -> Any:
    """Say that I have read and understood that version: 422 when the text has been asked about anew since."""
    viewer = viewer_of(request)
    announcement = queries.find_announcement(viewer, entry_id)
    kept = actions.acknowledge(
        person=viewer,
        announcement=announcement,
        version=payload.version,
        channel=Acknowledgement.Channel.API,
    )
    return _acknowledgement_row(kept)


@router.get(
    "/entries/{uuid:entry_id}/acknowledgements",
    response={200: RecipientPage, **PROBLEMS},
    summary="Who has acknowledged",
)
def recipients(
    request: HttpRequest,
    entry_id: UUID,
    limit: Limit = 50,
    cursor: str = "",
    state: str = Query("", pattern="^(|done|missing)$"),
) -> Any:
    """For its author and the hosts of its space; those who are asked are told so."""
    announcement = queries.find_followed(viewer_of(request), entry_id)
    found = queries.names_of(announcement, state=state).order_by("person__sort_name", "person_id")
    if cursor:
        name, id = read_name_cursor(cursor)
        found = found.filter(Q(person__sort_name__gt=name) | Q(person__sort_name=name, person_id__gt=id))
    rows = list(found[: limit + 1])
    last = rows[limit - 1].person if len(rows) > limit else None
    following = write_name_cursor(last.sort_name, last.id) if last is not None else ""
    return {"items": [_recipient_row(row) for row in rows[:limit]], "next": following}


def _row(viewer: Person, announcement: Announcement) -> dict[str, Any]:
    mine = queries.recipient_of(viewer, announcement)
    follows = can(viewer, "follow", announcement)
    progress = queries.progress_of(announcement) if follows else None
    return {
        "entry": entry_row(viewer, find_visible(viewer, announcement.entry_id)),
        "asks": announcement.asks,
        "question": queries.question_of(announcement),
        "deadline": announcement.deadline,
        "ends_at": announcement.ends_at,
        "asked_version": announcement.asked_version,
        "is_for_me": mine is not None,
        "acknowledgement": _mine(announcement, mine),
        "progress": progress and {"acknowledged": progress.acknowledged, "total": progress.total},
    }


def _mine(announcement: Announcement, mine: Recipient | None) -> dict[str, Any] | None:
    if mine is None or mine.acknowledged_version < max(announcement.asked_version, 1):
        return None
    said = queries.acknowledgements_of(announcement).filter(person_id=mine.person_id)
    return _acknowledgement_row(said.get(version=mine.acknowledged_version))


def _acknowledgement_row(kept: Acknowledgement) -> dict[str, Any]:
    names = ("version", "sha256", "question", "channel", "acknowledged_at")
    return {name: getattr(kept, name) for name in names}


def _recipient_row(row: Recipient) -> dict[str, Any]:
    return {
        "person": person_row(row.person),
        "unit": row.unit_name,
        "has_acknowledged": row.is_done,  # type: ignore[attr-defined]
        "version": row.acknowledged_version,
        "channel": row.channel,
        "acknowledged_at": row.acknowledged_at,
        "told_at": row.told_at,
        "reminders": row.steps_taken,
    }
