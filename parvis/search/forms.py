"""What an address says that is asked for. Checks shape, never rights."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from parvis.search.queries import Wish

NAMES = ("q", "kind", "space", "author", "since", "until", "has_file")


class SearchForm(forms.Form):
    """The box and its filters; what is not understood is left out and said."""

    q = forms.CharField(required=False, strip=True)
    kind = forms.SlugField(required=False, max_length=16)
    space = forms.UUIDField(required=False, label=_("Space"))
    author = forms.UUIDField(required=False, label=_("Author"))
    since = forms.DateField(required=False, label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    has_file = forms.BooleanField(required=False, label=_("With a file"))

    def wish(self) -> Wish:
        """Return what is asked for, as far as it was understood."""
        self.full_clean()
        asked: dict[str, Any] = self.cleaned_data
        return Wish(
            text=asked.get("q") or "",
            segment=asked.get("kind") or "",
            space_id=asked.get("space"),
            author_id=asked.get("author"),
            since=_start_of(asked.get("since")),
            until=_start_of(asked.get("until"), days=1),
            has_file=bool(asked.get("has_file")),
        )


def _start_of(day: date | None, *, days: int = 0) -> datetime | None:
    """Return when a day begins where the reader is; the last day of a range counts."""
    if day is None or not 1900 <= day.year <= 9000:
        return None
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(days=days))


def address_of(wish_data: dict[str, str], **changes: str | UUID | None) -> str:
    """Return the part of an address after the question mark, with some names changed; None takes one away."""
    wanted = {name: wish_data.get(name, "") for name in NAMES} | changes
    return urlencode({name: str(value) for name, value in wanted.items() if value})
