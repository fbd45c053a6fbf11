"""Report, decide, give back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content import actions as content
from parvis.content import policy as content_policy
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.moderation.elsewhere import elsewhere_of
from parvis.moderation.events import (
    EntryReported,
    ModeratorsWrote,
    PersonReported,
    ReportDecided,
    Reported,
    SpaceReported,
)
from parvis.moderation.models import Report, Verdict
from parvis.moderation.policy import is_concerned, verdicts
from parvis.moderation.queries import TOLD_OF, addressees, moderators
from parvis.people import actions as people
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.spaces import actions as spaces
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space

STATES = {
    Verdict.KEEP: Report.State.KEPT,
    Verdict.GIVE_BACK: Report.State.GIVEN_BACK,
    Verdict.HIDE: Report.State.HIDDEN,
    Verdict.TELL: Report.State.TOLD,
    Verdict.SUSPEND: Report.State.SUSPENDED,
    Verdict.REMOVE: Report.State.REMOVED,
    Verdict.ARCHIVE: Report.State.ARCHIVED,
}


def report_entry(*, reporter: Person, entry: Entry, reason: str, message: str = "") -> Report:
    """Tell the moderators about an entry that the reporter sees; reporting twice is reporting once."""
    if not content_policy.can(reporter, "report", entry):
        raise Forbidden
    quote = _quote(entry.title, entry.body_text) or _("(files only)")
    return _report(EntryReported, reporter, reason, message, quote, entry=entry)


def report_person(*, reporter: Person, person: Person, reason: str, message: str = "") -> Report:
    """Tell the moderators about somebody whose profile the reporter sees."""
    if not people_policy.can(reporter, "report", person):
        raise Forbidden
    # A guest sees no more than name, job and picture.
    about = "" if reporter.is_guest else person.bio
    return _report(
        PersonReported,
        reporter,
        reason,
        message,
        _quote(person.full_name, person.job_title, about),
        person=person,
    )


def report_words(
    *, reporter: Person, person: Person, words: str, said: str, reason: str, message: str = ""
) -> Report:
    """Tell the moderators what somebody said elsewhere, where perhaps no moderator reads.

    The caller has seen that the reporter read it and did not report it yet, and keeps what this report is about.
    """
    _check_reason(reason)
    with transaction.atomic():
        report: Report = Report.objects.create(
            person=person,
            said=said,
            reporter=reporter,
            reason=reason,
            message=message.strip()[:1000],
            quoted_text=words.strip() or _("(files only)"),
        )
        _tell_moderators(PersonReported, report, person_id=person.id)
    return report


def report_space(*, reporter: Person, space: Space, reason: str, message: str = "") -> Report:
    """Tell the moderators about a space that the reporter knows of: what it says of itself, nothing from within."""
    if not spaces_policy.can(reporter, "report", space):
        raise Forbidden
    quote = _quote(space.name, space.objective, space.description)
    return _report(SpaceReported, reporter, reason, message, quote, space=space)


def _quote(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _report(
    event: type[Reported], reporter: Person, reason: str, message: str, quote: str, **about: Any
) -> Report:
    _check_reason(reason)
    with transaction.atomic():
        report: Report
        report, is_new = Report.objects.get_or_create(
            **about,
            said="",
            reporter=reporter,
            state=Report.State.OPEN,
            defaults={"reason": reason, "message": message.strip()[:1000], "quoted_text": quote},
        )
        if is_new:
            _tell_moderators(event, report, **{f"{name}_id": thing.id for name, thing in about.items()})
    return report


def _check_reason(reason: str) -> None:
    if reason not in Report.Reason.values:
        raise Invalid({"reason": [_("Choose what is wrong with it.")]})


def _tell_moderators(event: type[Reported], report: Report, **subject: Any) -> None:
    told = tuple(person.id for person in moderators() if not _stays_unaware(person, report))
    record(event(actor_id=report.reporter_id, report_id=report.id, moderator_ids=told, **subject))


def _stays_unaware(moderator: Person, report: Report) -> bool:
    """Nobody hears that they reported something, nor that they were reported."""
    return moderator.id == report.reporter_id or (report.entry is None and is_concerned(moderator, report))


def decide(*, moderator: Person, report: Report, verdict: str, note: str = "", words: str = "") -> None:
    """Carry out a verdict; it holds for all reports about the same that stand as this one does."""
    if is_concerned(moderator, report):
        raise Invalid({"report": [_("Another moderator decides about what concerns yourself.")]})
    if not people_policy.can(moderator, "moderate", moderator.organization):
        raise Forbidden
    words = words.strip()[:1000]
    if verdict == Verdict.TELL and not words:
        raise Invalid({"words": [_("Write what they should know.")]})
    if verdict == Verdict.TELL and not addressees(report):
        raise Invalid({"words": [_("This space has no host at the moment: nobody would read it.")]})
    with transaction.atomic():
        same = list(
            about_the_same(report).filter(state=report.state).select_for_update().order_by("created_at")
        )
        if report.id not in {row.id for row in same} or verdict not in verdicts(moderator, report):
            raise Invalid({"report": [_("This cannot be decided any more: somebody was faster.")]})
        chosen = Verdict(verdict)
        _carry_out(moderator, report, chosen)
        for row in same:
            _close(row, moderator, STATES[chosen], note, words if row.id == report.id else "")
        if STATES[chosen] in TOLD_OF:
            _tell(report)


def about_the_same(report: Report) -> QuerySet[Report]:
    """Return the reports about what a report is about, whoever made them."""
    if report.said:
        return Report.objects.filter(pk__in=elsewhere_of(report).same(report))
    return Report.objects.filter(**report.about)


def _carry_out(moderator: Person, report: Report, verdict: Verdict) -> None:
    if report.said and verdict == Verdict.HIDE:
        elsewhere_of(report).hide(moderator, report)
    elif report.said and verdict == Verdict.GIVE_BACK:
        elsewhere_of(report).give_back(moderator, report)
    elif report.entry is not None and verdict == Verdict.HIDE:
        content.hide_entry(actor=moderator, entry=report.entry)
    elif report.entry is not None and verdict == Verdict.GIVE_BACK:
        content.unhide_entry(actor=moderator, entry=report.entry)
    elif report.person is not None and verdict == Verdict.SUSPEND:
        people.suspend_person(actor=moderator, person=report.person)
    elif report.person is not None and verdict == Verdict.REMOVE:
        people.remove_person(actor=moderator, person=report.person)
    elif report.space is not None and verdict == Verdict.ARCHIVE:
        spaces.archive_space(actor=moderator, space=report.space)


def _tell(report: Report) -> None:
    """The moderators speak as such: those whom they write to need not know which of them it was."""
    record(
        ModeratorsWrote(report_id=report.id, person_ids=tuple(addressees(report)), space_id=report.space_id)
    )


def _close(report: Report, moderator: Person, state: str, note: str, words: str) -> None:
    report.state, report.decided_by, report.decided_at = state, moderator, timezone.now()
    report.note, report.words = note.strip()[:1000], words
    report.save(update_fields=["state", "decided_by", "decided_at", "note", "words"])
    record(
        ReportDecided(actor_id=moderator.id, report_id=report.id, state=state, reporter_id=report.reporter_id)
    )
