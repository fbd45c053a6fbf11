"""Write announcements: the text by content, the audience and the question beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.announcements.actions.telling import USUAL_LIFE, ask_again, spread_soon
from parvis.announcements.audience import Audience, Group, nobody
from parvis.announcements.ladder import LATEST_DAY, MOST_STEPS
from parvis.announcements.models import NAME, QUESTION_LIMIT, Announcement, AudienceGroup
from parvis.content import actions as content
from parvis.content.actions import AttachmentDraft
from parvis.content.models import Entry
from parvis.foundation.audit import audit
from parvis.foundation.errors import Invalid
from parvis.foundation.richtext import clean_text
from parvis.people.models import Person, Unit
from parvis.spaces.models import Space
from parvis.worktime import urgency

GROUP_LIMIT = 20
LONGEST_LIFE = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """An announcement as somebody wrote it."""

    title: str
    body: str
    attachments: Sequence[AttachmentDraft] = ()
    is_for_the_space: bool = True
    groups: Sequence[Group] = ()
    asks: bool = True
    question_en: str = ""
    question_fr: str = ""
    deadline: datetime | None = None
    ends_at: datetime | None = None
    reminder_days: Sequence[int] = ()
    escalation: str = Announcement.Escalation.NOBODY
    urgent_reason: str = ""


def begin_announcement(*, author: Person, space: Space, wording: Wording, id: UUID | None = None) -> Entry:
    """Keep a new announcement as a draft: its author and the hosts of the space see it."""
    _check(wording)
    with transaction.atomic():
        entry = content.save_draft(
            author=author,
            space=space,
            kind=NAME,
            title=wording.title,
            body=wording.body,
            attachments=list(wording.attachments),
            id=id,
        )
        if entry.is_unpublished:
            _keep_beside(entry, wording)
            content.show_part(entry=entry, part=NAME)
    return entry


def edit_announcement(
    *, editor: Person, entry: Entry, wording: Wording, expected_version: int, asks_again: bool = False
) -> Entry:
    """Change an announcement; with `asks_again`, whoever has acknowledged has to again. `Conflict` as for any entry."""
    _check(wording, audience=None if entry.is_unpublished else _audience(entry.author, entry.space, wording))
    with transaction.atomic():
        files = None if _same_files(entry, wording.attachments) else list(wording.attachments)
        entry = content.edit_entry(
            editor=editor,
            entry=entry,
            title=wording.title,
            body=wording.body,
            expected_version=expected_version,
            attachments=files,
        )
        asked_before = Announcement.objects.filter(entry=entry, asks=True).exists()
        announcement = _keep_beside(entry, wording)
        if announcement.asked_at is not None:
            audit(
                action="announcements.changed", actor_id=editor.id, target=announcement, version=entry.version
            )
            if asks_again or (wording.asks and not asked_before):
                ask_again(announcement, actor=editor)
            spread_soon(announcement, replans=True)
    return entry


def publish_announcement(*, actor: Person, entry: Entry) -> Entry:
    """Publish an announcement that waits, now."""
    with transaction.atomic():
        _call_out(actor, entry)
        return content.publish_draft(actor=actor, entry=entry)


def schedule_announcement(*, actor: Person, entry: Entry, at: datetime) -> Entry:
    """Let it publish itself at its hour; an urgent call counts from now on."""
    with transaction.atomic():
        _call_out(actor, entry)
        return content.schedule(actor=actor, entry=entry, at=at)


def _call_out(actor: Person, entry: Entry) -> None:
    """Let it reach people outside their hours if it says why, for the one who publishes it, once."""
    reason = Announcement.objects.values_list("urgent_reason", flat=True).get(entry=entry)
    if reason and not urgency.is_urgent(entry.id):
        content.call_urgently(author=actor, entry=entry, reason=reason)


def _same_files(entry: Entry, drafts: Sequence[AttachmentDraft]) -> bool:
    kept = entry.attachments.order_by("position").values_list("file_id", "alternative_text")
    return list(kept) == [(draft.file_id, draft.alternative_text) for draft in drafts]


def check_before_publishing(*, author: Person, space: Space, wording: Wording) -> None:
    """Refuse what cannot be published, `Invalid` by field: nobody to read it, a time that has passed."""
    _check(wording, audience=_audience(author, space, wording), is_due=True)


def _audience(author: Person, space: Space, wording: Wording) -> Audience:
    return Audience(
        space=space, author_id=author.id, is_for_the_space=wording.is_for_the_space, groups=wording.groups
    )


def _check(wording: Wording, *, audience: Audience | None = None, is_due: bool = False) -> None:
    errors = {**_errors_of_times(wording, is_due=is_due), **_errors_of_groups(wording)}
    if max(len(wording.question_en), len(wording.question_fr)) > QUESTION_LIMIT:
        errors["question"] = [_("A question has at most %(limit)s characters.") % {"limit": QUESTION_LIMIT}]
    if wording.escalation not in Announcement.Escalation.values:
        errors["escalation"] = [_("Choose who gets the list.")]
    days = list(wording.reminder_days)
    if len(days) > MOST_STEPS or days != sorted(set(days)) or not all(0 < day <= LATEST_DAY for day in days):
        errors["reminders"] = [_("Choose one of the rhythms of reminders.")]
    if audience is not None and "audience" not in errors and not audience.reached().exists():
        errors["audience"] = [nobody(audience)]
    if errors:
        raise Invalid(errors)


def _errors_of_times(wording: Wording, *, is_due: bool) -> dict[str, list[str]]:
    errors, now = {}, timezone.now()
    if is_due and wording.asks and wording.deadline is not None and wording.deadline <= now:
        errors["deadline"] = [_("The deadline has passed: choose one that is still to come.")]
    if wording.deadline is not None and wording.deadline > now + LONGEST_LIFE:
        errors["deadline"] = [_("Choose an end within three years.")]
    if wording.ends_at is not None and is_due and wording.ends_at <= now:
        errors["ends_at"] = [_("The end has passed: choose one that is still to come.")]
    if wording.ends_at is not None and wording.ends_at > now + LONGEST_LIFE:
        errors["ends_at"] = [_("Choose an end within three years.")]
    if wording.ends_at and wording.deadline and wording.asks and wording.ends_at < wording.deadline:
        errors["ends_at"] = [_("It cannot end before its deadline.")]
    return errors


def _errors_of_groups(wording: Wording) -> dict[str, list[str]]:
    if wording.is_for_the_space:
        return {}
    chosen = [group for group in wording.groups if not group.is_empty]
    if not chosen:
        return {"audience": [_("Say whom it is for: fill in one group at least.")]}
    if len(chosen) > GROUP_LIMIT:
        return {"audience": [_("At most %(limit)s groups.") % {"limit": GROUP_LIMIT}]}
    units = {group.unit_id for group in chosen if group.unit_id is not None}
    if Unit.objects.filter(id__in=units).count() != len(units):
        return {"audience": [_("There is no such unit.")]}
    if any(group.kind not in ("", *Person.Kind.values) for group in chosen):
        return {"audience": [_("Choose members or guests.")]}
    return {}


def _keep_beside(entry: Entry, wording: Wording) -> Announcement:
    announcement: Announcement
    announcement, _is_new = Announcement.objects.update_or_create(
        entry=entry,
        defaults={
            "is_for_the_space": wording.is_for_the_space,
            "asks": wording.asks,
            "question_en": _one_line(wording.question_en),
            "question_fr": _one_line(wording.question_fr),
            "deadline": wording.deadline if wording.asks else None,
            "ends_at": wording.ends_at or timezone.now() + USUAL_LIFE,
            "reminder_days": list(wording.reminder_days) if wording.asks else [],
            "escalation": wording.escalation if wording.asks else Announcement.Escalation.NOBODY,
            "urgent_reason": urgency.as_kept(clean_text(wording.urgent_reason)),
        },
    )
    AudienceGroup.objects.filter(announcement=announcement).delete()
    if not wording.is_for_the_space:
        chosen = [group for group in wording.groups if not group.is_empty]
        AudienceGroup.objects.bulk_create(
            AudienceGroup(
                announcement=announcement,
                position=position,
                unit_id=group.unit_id,
                location=_one_line(group.location)[:120],
                job_title=_one_line(group.job_title)[:120],
                skill=_one_line(group.skill)[:60],
                kind=group.kind,
            )
            for position, group in enumerate(chosen)
        )
    return announcement


def _one_line(text: str) -> str:
    return clean_text(" ".join(text.split()))
