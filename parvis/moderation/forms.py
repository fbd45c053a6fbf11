"""The shape of a report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.moderation.models import Report


class ReportForm(forms.Form):
    """What is wrong, and anything the moderators should know."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label=_("What should the moderators know? (optional)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )
