"""The shape of a webhook."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.webhooks.names import CHOICES


class WebhookForm(forms.Form):
    """Where to, and what of."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )


class ChangedWebhookForm(WebhookForm):
    """The same, and whether it is told at all."""

    is_active = forms.BooleanField(
        label=_("In service"), required=False, widget=forms.CheckboxInput(attrs={"data-kind": "switch"})
    )
