"""The shape of a new emoji."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = "image/png,image/gif,image/webp,image/jpeg,image/avif"


class EmojiForm(forms.Form):
    """A picture and its name."""

    picture = forms.FileField(label=_("Image"), widget=forms.FileInput(attrs={"accept": ACCEPTED}))
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
