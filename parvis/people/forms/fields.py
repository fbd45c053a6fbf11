"""Fields that several forms share."""

from __future__ import annotations

import functools
import unicodedata
import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, Any]]


class LineField(forms.CharField):
    """One line of text: control characters go, blanks become one, so that names look alike wherever they stand."""

    def to_python(self, value: Any) -> str:
        """Return the cleaned line."""
        text = super().to_python(value) or ""
        kept = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
        return " ".join(without_tricks(kept).split())


def without_tricks(text: str) -> str:
    """Remove what turns the direction of the text around it, and lone surrogates that no database keeps."""
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return "".join(char for char in text if char not in turning and not 0xD800 <= ord(char) <= 0xDFFF)


class WordsField(forms.CharField):
    """A list of short words, separated by commas or lines; each counts once, whatever its case."""

    def __init__(self, *, most: int, longest: int, **options: Any) -> None:
        self.most, self.longest = most, longest
        super().__init__(max_length=most * (longest + 2), **options)

    def prepare_value(self, value: Any) -> Any:
        """Show the list as one types it."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the words."""
        text = without_tricks(super().to_python(self.prepare_value(value)) or "")
        words = (" ".join(part.split()) for part in text.replace("\n", ",").replace(";", ",").split(","))
        found: dict[str, str] = {}
        for word in words:
            if word:
                found.setdefault(word.casefold(), word)
        if any(len(word) > self.longest for word in found):
            raise forms.ValidationError(
                _("Each entry has at most %(count)s characters.") % {"count": self.longest}
            )
        if len(found) > self.most:
            raise forms.ValidationError(_("At most %(count)s entries.") % {"count": self.most})
        return list(found.values())

    def run_validators(self, value: Any) -> None:
        """The checks are in `to_python`: Django's look at the length of a text."""


@functools.cache
def zones_by_region() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the time zones of this machine, grouped by continent."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in {
            "Africa",
            "America",
            "Antarctica",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        }:
            groups.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return tuple((region, tuple(zones)) for region, zones in groups.items())


def zone_choices(*, empty_label: Any = None) -> Choices:
    """Return the choices of a time zone."""
    start: Choices = [("", empty_label)] if empty_label is not None else []
    return [*start, ("UTC", "UTC"), *zones_by_region()]


def password_field(label: Any = None, *, is_new: bool = True) -> forms.CharField:
    """Return a password field that password managers understand."""
    kind = "new-password" if is_new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label or _("Password"), widget=widget, strip=False, max_length=1024)
