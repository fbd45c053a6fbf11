"""Dates and numbers in the reader's language and time zone."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from parvis.foundation.ui import formats

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def ago(**span: float) -> dt.datetime:
    return NOW - dt.timedelta(**span)


def plain(text: str) -> str:
    """Without the narrow and unbreakable spaces that each language asks for."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("moment", "english", "french"),
    [
        (ago(seconds=20), "just now", "à l’instant"),
        (ago(minutes=3), "3 min. ago", "il y a 3 min"),
        (ago(hours=5), "5 hr. ago", "il y a 5 h"),
        (ago(days=2), "2 days ago", "il y a 2 j"),
        (ago(days=30), "Oct 23", "23 oct."),
        (ago(days=400), "Oct 18, 2025", "18 oct. 2025"),
    ],
)
def test_how_long_ago(moment: dt.datetime, english: str, french: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override(PARIS):
        for language, expected in (("en", english), ("fr", french)):
            with override(language):
                assert plain(formats.relative(moment)) == expected


def test_a_moment_is_told_in_the_reader_s_time_zone() -> None:
    with timezone.override(PARIS), override("fr"):
        assert formats.short_time(NOW) == "10:00"
        assert formats.long_datetime(NOW) == "dimanche 22 novembre 2026, 10:00"


def test_the_day_is_the_reader_s() -> None:
    late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    with timezone.override(PARIS), override("fr"):
        assert formats.long_date(late) == "23 novembre 2026"


def test_sizes_and_numbers() -> None:
    with override("fr"):
        assert plain(formats.file_size(2_500_000)) == "2,5 Mo"
        assert plain(formats.number(12345)) == "12 345"
    with override("en"):
        assert plain(formats.file_size(999)) == "999 B"
        assert formats.number(12345) == "12,345"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Welcome** to the *square*.", "Welcome to the square."),
        ("> said\n- one\n# Two", "said one Two"),
        ("[the map](https://example.org) of snake_case", "the map of snake_case"),
    ],
)
def test_a_glimpse_of_a_text_shows_no_marks(markdown: str, text: str) -> None:
    assert formats.plain(markdown) == text
