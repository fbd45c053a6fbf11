"""The shape of a policy, of one's own week, and of leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import Invalid
from parvis.people.forms.fields import LineField
from parvis.people.models import Unit
from parvis.people.queries import unit_tree
from parvis.worktime import words
from parvis.worktime.actions import MOST_QUOTA, Terms
from parvis.worktime.holidays import region_name, regions
from parvis.worktime.hours import Period, Week
from parvis.worktime.models import WorkingTimePolicy

Level = WorkingTimePolicy.Level
USUAL: Week = ((Period(510, 1080),), *((Period(510, 1080),),) * 4, (), ())
DAYS = tuple(f"day_{number}" for number in range(7))


class DayField(forms.CharField):
    """The hours of one day, as people write them."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
        super().__init__(required=False, max_length=words.DAY_TEXT_LENGTH, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """Return the periods."""
        try:
            return words.read_day(super().clean(value))
        except Invalid as error:
            raise forms.ValidationError([str(text) for text in error.errors[""]]) from error


class WeekForm(forms.Form):
    """A field for each day, from Monday on."""

    def __init__(self, data: Any = None, *, week: Week, initial: dict[str, Any] | None = None) -> None:
        days = {name: words.write_day(day) for name, day in zip(DAYS, week, strict=True)}
        super().__init__(data, initial={**days, **(initial or {})})
        for name, label in zip(DAYS, words.day_names(), strict=True):
            self.fields[name] = DayField(label=label)

    @property
    def days(self) -> list[forms.BoundField]:
        """Return the fields of the days."""
        return [self[name] for name in DAYS]

    def week(self) -> Week:
        """Return what was typed."""
        return tuple(self.cleaned_data[name] for name in DAYS)


class PolicyForm(WeekForm):
    """Everything that a policy says."""

    name = LineField(label=_("Name of the contract"), max_length=80)
    unit = forms.ChoiceField(label=_("Unit"))
    country = forms.ChoiceField(label=_("Public holidays of"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    own_hours = forms.ChoiceField(
        label=_("Who may choose hours of their own"),
        choices=WorkingTimePolicy.OwnHours.choices,
        widget=forms.RadioSelect,
    )
    urgent = forms.ChoiceField(
        label=_("Who may mark something as urgent"),
        choices=WorkingTimePolicy.Urgent.choices,
        widget=forms.RadioSelect,
    )
    urgent_quota = forms.IntegerField(
        label=_("Urgent calls of one person in a month"), min_value=0, max_value=MOST_QUOTA
    )

    def __init__(self, data: Any = None, *, policy: WorkingTimePolicy, is_new: bool) -> None:
        kept = ("name", "country", "region", "own_hours", "urgent", "urgent_quota")
        initial = {name: getattr(policy, name) for name in kept}
        super().__init__(data, week=USUAL if is_new else policy.hours, initial=initial)
        if policy.level != Level.CONTRACT:
            del self.fields["name"]
        if is_new and policy.level == Level.UNIT:
            self._choices("unit", _units_without_policy())
        else:
            del self.fields["unit"]
        self._choices("country", country_choices())
        self._choices("region", region_choices(str(self["country"].value() or "")))

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def terms(self) -> Terms:
        """Return what was typed."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("country", "own_hours", "urgent", "urgent_quota")}
        return Terms(week=self.week(), region=said["region"] if said["country"] else "", **kept)

    def chosen_unit(self) -> Unit | None:
        """Return the unit, if one was asked for."""
        id = self.cleaned_data.get("unit")
        found: Unit | None = Unit.objects.filter(pk=id).first() if id else None
        return found


def _units_without_policy() -> list[tuple[str, Any]]:
    taken = set(WorkingTimePolicy.objects.filter(unit__isnull=False).values_list("unit_id", flat=True))
    units = [unit for unit in unit_tree() if unit.id not in taken]
    return [("", _("Choose…")), *((str(unit.id), "\u2003" * unit.depth + unit.name) for unit in units)]


def country_choices() -> list[tuple[str, Any]]:
    """Return the countries whose holidays are known, by name."""
    named = sorted((words.place_of(code), code) for code in regions())
    return [("", _("None: public holidays are days like others")), *((code, name) for name, code in named)]


def region_choices(country: str) -> list[tuple[str, Any]]:
    """Return the parts of a country that have holidays of their own."""
    named = sorted((region_name(country, region), region) for region in regions().get(country, ()))
    return [("", _("The whole country")), *((region, name) for name, region in named)]


class LeaveForm(forms.Form):
    """From one day to another."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: that day only."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
