"""Who decides about which report, and what they can decide."""

from __future__ import annotations

from parvis.moderation.models import Report, Verdict
from parvis.people import policy as people
from parvis.people.models import Person
from parvis.spaces import policy as spaces


def is_concerned(viewer: Person, report: Report) -> bool:
    """Tell whether the report is about the viewer, what they wrote, or a space that they answer for."""
    if report.space is not None:
        return spaces.is_host(viewer, report.space)
    return viewer.id == (report.entry.author_id if report.entry is not None else report.person_id)


def verdicts(viewer: Person, report: Report) -> list[Verdict]:
    """Return what the viewer can decide about the report now; nobody judges their own case."""
    if not people.can(viewer, "moderate", viewer.organization) or is_concerned(viewer, report):
        return []
    if not report.is_open:
        return [Verdict.GIVE_BACK] if report.state == Report.State.HIDDEN else []
    if report.said:
        return [Verdict.KEEP, Verdict.HIDE, Verdict.TELL]
    if report.person is not None:
        return [Verdict.KEEP, *_about_person(viewer, report.person)]
    if report.space is not None:
        return [Verdict.KEEP, Verdict.TELL, *_about_space(viewer, report)]
    return [Verdict.KEEP, Verdict.HIDE]


def _about_person(viewer: Person, person: Person) -> list[Verdict]:
    """Only administrators end somebody's access: moderators write to them."""
    if not person.is_active:
        return []
    return [
        Verdict.TELL,
        *([Verdict.SUSPEND, Verdict.REMOVE] if people.can(viewer, "remove", person) else []),
    ]


def _about_space(viewer: Person, report: Report) -> list[Verdict]:
    space = report.space
    return (
        [Verdict.ARCHIVE]
        if space is not None and space.is_active and spaces.can(viewer, "archive", space)
        else []
    )
