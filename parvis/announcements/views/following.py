"""How far an announcement has come, by unit and by name; as a file; as evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.announcements import actions, queries
from parvis.announcements.actions.proving import fingerprint_of_evidence
from parvis.announcements.audience import audience_of, in_words
from parvis.announcements.ladder import ladder_in_words
from parvis.announcements.models import NAME, Acknowledgement, Announcement, Evidence, Recipient, Reminder
from parvis.announcements.policy import can
from parvis.announcements.views.acknowledging import entrances
from parvis.content.faces import permalink, person_face
from parvis.content.queries import unpublished
from parvis.content.views.answers import viewer_of
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import NotFound
from parvis.foundation.models import AuditRecord
from parvis.foundation.sheets import csv_answer
from parvis.people.models import Person

STATES = ("", "missing", "done")
SENT_SHOWN = 50


def sent(request: HttpRequest) -> HttpResponse:
    """Show the announcements that one follows, and those in preparation."""
    viewer = viewer_of(request)
    context = {
        "sent": [
            {
                "announcement": one,
                "entry": one.entry,
                "progress": queries.Progress(one.acknowledged, one.total),  # type: ignore[attr-defined]
                "url": reverse("announcements:progress", args=[one.entry_id]),
            }
            for one in queries.followed(viewer)[:SENT_SHOWN]
        ],
        "drafts": list(unpublished(viewer, kind=NAME)),
        **entrances(viewer),
    }
    return render(request, "announcements/sent.html", context)


def progress(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show who has acknowledged and who has not; to a manager who gets the list, their own people alone."""
    viewer = viewer_of(request)
    announcement = queries.find_announcement(viewer, id)
    if not can(viewer, "follow", announcement):
        return _reports(request, viewer, announcement)
    asked = _asked(request)
    names = queries.names_of(announcement, **asked)
    page = Paginator(names, queries.PAGE).get_page(request.GET.get("page"))
    context = {
        **_head(announcement),
        "progress": queries.progress_of(announcement),
        "units": queries.progress_by_unit(announcement),
        "page": page,
        "rows": [_row(row) for row in page],
        "asked": {"state": asked["state"], "q": asked["search"], "unit": request.GET.get("unit", "")},
        "states": [
            {"label": label, "url": _here(request, state=state), "current": asked["state"] == state}
            for state, label in zip(STATES, (_("Everybody"), _("Missing"), _("Acknowledged")), strict=True)
        ],
        "next_url": _here(request, page=page.next_page_number()) if page.has_next() else "",
        "previous_url": _here(request, page=page.previous_page_number()) if page.has_previous() else "",
        "file_url": f"{reverse('announcements:names_file', args=[id])}?{request.GET.urlencode()}",
        "evidence": list(
            Evidence.objects.filter(announcement=announcement)
            .defer("content")
            .select_related("made_by")
            .order_by("-made_at")[:20]
        ),
        "reminded": Reminder.objects.filter(announcement=announcement).count(),
    }
    return render(request, "announcements/progress.html", context)


def _reports(request: HttpRequest, viewer: Person, announcement: Announcement) -> HttpResponse:
    if not can(viewer, "follow_own_reports", announcement) or not announcement.asked_at:
        raise NotFound
    missing = queries.missing_reports(viewer, announcement)
    if not missing and not viewer.reports.exists():
        raise NotFound
    context = {**_head(announcement), "rows": [_row(row) for row in missing]}
    return render(request, "announcements/reports.html", context)


def _head(announcement: Announcement) -> dict[str, Any]:
    audience = audience_of(announcement)
    return {
        "announcement": announcement,
        "entry": announcement.entry,
        "read_url": permalink(announcement.entry),
        "question": queries.question_of(announcement),
        "audience": in_words(
            audience.space, is_for_the_space=audience.is_for_the_space, groups=audience.groups
        ),
        "ladder": ladder_in_words(announcement),
    }


def _asked(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("state", "")
    return {
        "state": state if state in STATES else "",
        "unit": request.GET["unit"] if request.GET.get("unit") else None,
        "search": request.GET.get("q", "").strip()[:80],
    }


def _here(request: HttpRequest, **changed: Any) -> str:
    asked = {name: request.GET[name] for name in ("state", "unit", "q") if request.GET.get(name)}
    query = urlencode({name: value for name, value in {**asked, **changed}.items() if value != ""})
    return f"{request.path}?{query}" if query else request.path


def _row(row: Recipient) -> dict[str, Any]:
    return {
        "person": person_face(row.person),
        "unit": row.unit_name,
        "is_done": row.is_done,  # type: ignore[attr-defined]
        "acknowledged_at": row.acknowledged_at,
        "version": row.acknowledged_version,
        "channel": Acknowledgement.Channel(row.channel).label if row.channel else "",
        "steps": row.steps_taken,
        "next_step_at": row.next_step_at,
        "told_at": row.told_at,
    }


def names_file(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the same names as a file for spreadsheets."""
    viewer = viewer_of(request)
    announcement = queries.find_followed(viewer, id)
    asked = _asked(request)
    header = [
        _("Name"), _("E-mail"), _("Unit"), _("Told on"), _("Acknowledged on"), _("Version"), _("Channel"),
        _("Reminders sent"),
    ]  # fmt: skip
    rows = (_cells(row) for row in queries.names_of(announcement, **asked))
    return csv_answer(f"announcement-{announcement.entry_id}.csv", header, rows)


def _cells(row: Recipient) -> list[str]:
    shown = _row(row)
    is_done = shown["is_done"]
    return [
        row.person.full_name,
        row.person.email,
        row.unit_name,
        _moment(row.told_at),
        _moment(row.acknowledged_at) if is_done else "",
        str(row.acknowledged_version) if is_done else "",
        str(shown["channel"]) if is_done else "",
        str(row.steps_taken),
    ]


def _moment(moment: Any) -> str:
    return localtime(moment).isoformat(timespec="seconds") if moment else ""


def make_evidence(request: HttpRequest, id: UUID) -> HttpResponse:
    """Keep what stands now as evidence, and lead to it."""
    viewer = viewer_of(request)
    announcement = queries.find_followed(viewer, id)
    made = actions.make_evidence(actor=viewer, announcement=announcement)
    return redirect("announcements:evidence", id, made.id)


def evidence(request: HttpRequest, id: UUID, evidence_id: UUID) -> HttpResponse:
    """Show what was kept as evidence, ready to be printed, with its seal."""
    announcement = queries.find_followed(viewer_of(request), id)
    kept: Evidence | None = Evidence.objects.filter(announcement=announcement, pk=evidence_id).first()
    if kept is None:
        raise NotFound
    record = AuditRecord.objects.filter(pk=kept.audit_id).first()
    context = {
        "entry": announcement.entry,
        "evidence": kept,
        "content": kept.content,
        "words": kept.content["words"].get((get_language() or "en")[:2]) or kept.content["words"]["en"],
        "record": record,
        "is_intact": fingerprint_of_evidence(kept.content) == kept.sha256
        and record is not None
        and record.details.get("sha256") == kept.sha256,
        "channels": dict(Acknowledgement.Channel.choices),
        "counts": _counts(kept.content["recipients"]),
        "moment": _exactly,
    }
    return render(request, "announcements/evidence.html", context)


def _exactly(text: str) -> str:
    """Return a moment to the second, with its distance from UTC: the same in every language."""
    moment = localtime(datetime.fromisoformat(text))
    zone = moment.strftime("%z")
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC{zone[:3]}:{zone[3:]}"


def _counts(recipients: list[dict[str, Any]]) -> queries.Progress:
    here = [one for one in recipients if one["removed_at"] is None]
    return queries.Progress(sum(one["has_acknowledged"] for one in here), len(here))
