"""The shape of what an announcement's page sends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.announcements.actions import Wording
from parvis.announcements.audience import Group
from parvis.announcements.models import Announcement
from parvis.content.forms import TextForm
from parvis.content.later import LOCAL
from parvis.foundation.errors import Invalid
from parvis.foundation.ids import parse_id
from parvis.worktime.models import REASON_LENGTH

GROUP_FIELDS = ("group_unit", "group_location", "group_job", "group_skill", "group_kind")
HOURS = [LOCAL, LOCAL + ":%S"]
DEFAULT_DAYS = timedelta(days=90)


class AnnouncementForm(TextForm):
    """An announcement as its page sends it; moments are local, as browsers write them."""

    space = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    audience = forms.ChoiceField(required=False, choices=[("space", ""), ("groups", "")])
    asks = forms.BooleanField(required=False)
    question_en = forms.CharField(required=False)
    question_fr = forms.CharField(required=False)
    deadline = forms.DateTimeField(required=False, input_formats=HOURS)
    ends_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    reminders = forms.RegexField(r"^(\d{1,3}(,\d{1,3})*)?$", required=False)
    escalation = forms.ChoiceField(required=False, choices=Announcement.Escalation.choices)
    asks_again = forms.BooleanField(required=False)
    publish_at = forms.DateTimeField(required=False, input_formats=HOURS)
    urgent_reason = forms.CharField(required=False, max_length=REASON_LENGTH)


def wording_of(form: AnnouncementForm) -> Wording:
    """Return what was written; `Invalid` for what has not the shape."""
    if not form.is_valid():
        raise Invalid({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    assert isinstance(form.data, QueryDict)
    data = form.cleaned_data
    return Wording(
        title=data["title"],
        body=data["body"],
        attachments=form.attachments,
        is_for_the_space=data["audience"] != "groups",
        groups=groups_typed(form.data),
        asks=data["asks"],
        question_en=data["question_en"],
        question_fr=data["question_fr"],
        deadline=data["deadline"],
        ends_at=_end_of(data["ends_on"]),
        reminder_days=[int(day) for day in data["reminders"].split(",") if day],
        escalation=data["escalation"] or Announcement.Escalation.NOBODY,
        urgent_reason=data["urgent_reason"],
    )


def groups_typed(data: QueryDict) -> list[Group]:
    """Return the groups that were filled in; `Invalid` for a unit that is none."""
    groups = []
    for unit, location, job, skill, kind in rows_typed(data):
        unit_id = parse_id(unit)
        if unit and unit_id is None:
            raise Invalid({"audience": [_("There is no such unit.")]})
        groups.append(
            Group(
                unit_id=unit_id,
                location=location.strip(),
                job_title=job.strip(),
                skill=skill.strip(),
                kind=kind,
            )
        )
    return [group for group in groups if not group.is_empty]


def rows_typed(data: QueryDict) -> list[tuple[str, ...]]:
    """Return the rows of groups as they were typed, empty ones too."""
    return list(zip_longest(*(data.getlist(name) for name in GROUP_FIELDS), fillvalue=""))


def _end_of(day: date | None) -> datetime | None:
    """Return the end of a day where the author is."""
    return timezone.make_aware(datetime.combine(day, time(23, 59))) if day is not None else None


def default_end() -> str:
    """Return the end that is proposed."""
    return (timezone.localdate() + DEFAULT_DAYS).isoformat()
