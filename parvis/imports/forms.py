"""What an administrator says to bring an archive in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.imports.models import ImportRun
from parvis.imports.source import Privacy


class ArchiveForm(forms.Form):
    """An archive, where it comes from, and, for mail, where it goes."""

    source = forms.ChoiceField(
        label=_("Where it comes from"),
        choices=[
            (ImportRun.Source.SLACK, _("Slack")),
            (ImportRun.Source.MATTERMOST, _("Mattermost")),
            (ImportRun.Source.MBOX, _("A mailing list")),
        ],
        widget=forms.RadioSelect,
        initial=ImportRun.Source.SLACK,
    )
    archive = forms.FileField(
        label=_("Archive file"),
        widget=forms.FileInput(
            attrs={"accept": ".zip,.jsonl,.json,.mbox,.mbx,.gz,.eml,application/zip,application/mbox"}
        ),
    )
    space = forms.CharField(
        label=_("Name of the space"),
        required=False,
        max_length=80,
        help_text=_("Empty: each list keeps its name."),
    )
    privacy = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[
            (Privacy.CLOSED, _("Closed: whoever wrote to the list")),
            (Privacy.OPEN, _("Open: all members of the organization")),
            (Privacy.SECRET, _("Secret: whoever wrote to the list, and nobody else knows of it")),
        ],
        initial=Privacy.CLOSED,
    )

    def clean_source(self) -> str:
        """Return the source's word."""
        return str(self.cleaned_data["source"])

    def options(self) -> dict[str, Any]:
        """Return how the archive is to be read."""
        if self.cleaned_data["source"] != ImportRun.Source.MBOX:
            return {}
        return {"space": self.cleaned_data["space"].strip(), "privacy": str(self.cleaned_data["privacy"])}
