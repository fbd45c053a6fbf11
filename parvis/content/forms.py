"""The shape of what is typed into a composer. Rights and rules are the actions' to check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict

from parvis.content.actions import AttachmentDraft
from parvis.foundation.errors import Invalid
from parvis.foundation.ids import parse_id


class TextForm(forms.Form):
    """A text with its files. `id` is the client's, so that a retry creates nothing twice."""

    id = forms.UUIDField(required=False)
    title = forms.CharField(required=False)
    body = forms.CharField(required=False, strip=False)

    @property
    def attachments(self) -> list[AttachmentDraft]:
        """Return the files in the order given, each with the description that was typed for it."""
        data = self.data
        assert isinstance(data, QueryDict)
        return [
            AttachmentDraft(
                file_id=_file_id(value),
                alternative_text=data.get(f"alternative_{value}", "").strip(),
                is_decorative=f"decorative_{value}" in data,
                poster_id=_companion(data.get(f"poster_{value}")),
                captions_id=_companion(data.get(f"captions_{value}")),
            )
            for value in dict.fromkeys(data.getlist("attachments"))
        ]


class PostForm(TextForm):
    """A text that starts a thread, and where."""

    space = forms.UUIDField()
    # A local time, as browsers write it; empty publishes at once.
    publish_at = forms.DateTimeField(required=False)


class ScheduledForm(TextForm):
    """A post that waits: its text, and its hour."""

    publish_at = forms.DateTimeField(required=False)


class EditForm(TextForm):
    """A changed text, and the version that was changed."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)


def read(form_class: type[TextForm], request: HttpRequest) -> Any:
    """Return the filled form; `Invalid` for what has not its shape."""
    form = form_class(request.POST)
    if not form.is_valid():
        raise Invalid({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return form


def _file_id(value: str) -> UUID:
    # For what is none, an id that nobody has: the action says that the file was not found.
    return parse_id(value) or UUID(int=0)


def _companion(value: str | None) -> UUID | None:
    return _file_id(value) if value else None
