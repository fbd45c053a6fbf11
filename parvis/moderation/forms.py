"""The shapes of a report and of a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.moderation.models import Report, Verdict

Reason = Report.Reason
OF_PEOPLE = (Reason.HARASSMENT, Reason.PRETENDING)
OF_ALL = tuple(reason for reason in Reason if reason not in OF_PEOPLE)


class ReportForm(forms.Form):
    """What is wrong, and anything the moderators should know."""

    reason = forms.ChoiceField(label=_("What is wrong?"), widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("What should the moderators know? (optional)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, is_about_person: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = (*OF_PEOPLE, *OF_ALL) if is_about_person else OF_ALL
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in reasons]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """A verdict, a note for the record, and words to those concerned."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    note = forms.CharField(label=_("Note for the record"), max_length=1000, required=False)
    words = forms.CharField(max_length=1000, required=False)
