"""Report, decide, give back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content import actions as content
from parvis.content import policy as content_policy
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.moderation.events import EntryReported, ReportDecided
from parvis.moderation.models import Report
from parvis.moderation.queries import moderators
from parvis.people import policy as people_policy
from parvis.people.models import Person


def report_entry(*, reporter: Person, entry: Entry, reason: str, message: str = "") -> Report:
    """Tell the moderators about an entry that the reporter sees; reporting twice is reporting once."""
    if not content_policy.can(reporter, "report", entry):
        raise Forbidden
    if reason not in Report.Reason.values:
        raise Invalid({"reason": [_("Choose what is wrong with it.")]})
    with transaction.atomic():
        report, is_new = Report.objects.get_or_create(
            entry=entry,
            reporter=reporter,
            state=Report.State.OPEN,
            defaults={
                "reason": reason,
                "message": message.strip()[:1000],
                "quoted_text": "\n".join(filter(None, [entry.title, entry.body_text])) or _("(files only)"),
            },
        )
        if is_new:
            ids = tuple(moderators().exclude(pk=reporter.pk).values_list("id", flat=True))
            record(
                EntryReported(actor_id=reporter.id, report_id=report.id, entry_id=entry.id, moderator_ids=ids)
            )
    found: Report = report
    return found


def decide(*, moderator: Person, report: Report, hides: bool, note: str = "") -> None:
    """Leave the entry in place, or hide it; the decision holds for all open reports about it."""
    _authorise(moderator, report)
    state = Report.State.HIDDEN if hides else Report.State.KEPT
    with transaction.atomic():
        if hides:
            content.hide_entry(actor=moderator, entry=report.entry)
        same_entry = Report.objects.filter(entry=report.entry, state=Report.State.OPEN)
        for open_report in list(same_entry.select_for_update()):
            _close(open_report, moderator, state, note)


def give_back(*, moderator: Person, report: Report, note: str = "") -> None:
    """Reverse a decision to hide: the entry is back in its place."""
    _authorise(moderator, report)
    with transaction.atomic():
        content.unhide_entry(actor=moderator, entry=report.entry)
        for hidden in Report.objects.filter(entry=report.entry, state=Report.State.HIDDEN):
            _close(hidden, moderator, Report.State.KEPT, note)


def _authorise(moderator: Person, report: Report) -> None:
    if not people_policy.can(moderator, "moderate", moderator.organization):
        raise Forbidden
    if report.entry.author_id == moderator.id:
        raise Invalid({"report": [_("Another moderator decides about what you wrote yourself.")]})


def _close(report: Report, moderator: Person, state: str, note: str) -> None:
    report.state, report.decided_by, report.decided_at = state, moderator, timezone.now()
    report.note = note.strip()[:1000]
    report.save(update_fields=["state", "decided_by", "decided_at", "note"])
    record(
        ReportDecided(actor_id=moderator.id, report_id=report.id, state=state, reporter_id=report.reporter_id)
    )
