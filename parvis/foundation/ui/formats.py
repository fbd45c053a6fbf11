"""Dates, numbers and names as the viewer reads them: his language and his time zone (both set by middleware)."""

import datetime as dt
import re
import zlib
from collections.abc import Callable
from functools import cache, lru_cache

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext
from markupsafe import Markup

WEEK = dt.timedelta(days=7)
AVATAR_HUES = 8
_MARKS = re.compile(
    r"!?\[(?P<text>[^\]\n]{0,200})\]\([^)\s]{0,500}\)|(?<!\w)[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?!\w)|^[ \t]{0,9}(?:#{1,6}|>|[-+])[ \t]",
    re.MULTILINE,
)


def viewer_locale() -> Locale:
    """The Babel locale of the language in use."""
    return _locale_of(get_language() or "en")


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


def long_datetime(moment: dt.datetime) -> str:
    """Sunday, November 22, 2026 at 9:10 AM, in the viewer's words and zone."""
    return _words(format_datetime, _here(moment), "EEEE d MMMM y, HH:mm" if _day_first() else "full")


def exact(moment: dt.datetime) -> str:
    """22 November 2026, 09:10: a day and its minute, without the day of the week, seconds or zone."""
    return f"{long_date(moment)}, {short_time(moment)}"


def short_date(moment: dt.date) -> str:
    """22 Nov, with the year when it is not this one."""
    day = _here(moment).date() if isinstance(moment, dt.datetime) else moment
    this_year = day.year == timezone.localdate().year
    pattern = (
        ("d MMM" if this_year else "d MMM y") if _day_first() else ("MMM d" if this_year else "MMM d, y")
    )
    return _words(format_date, day, pattern)


def long_date(moment: dt.date) -> str:
    """22 November 2026."""
    day = _here(moment).date() if isinstance(moment, dt.datetime) else moment
    return _words(format_date, day, "long")


def short_time(moment: dt.datetime) -> str:
    """9:10 AM or 09:10."""
    return _words(format_time, _here(moment), "short")


def relative(moment: dt.datetime, now: dt.datetime | None = None) -> str:
    """3 minutes ago, 2 h ago, yesterday; beyond a week the date itself."""
    age = (now or timezone.now()) - moment
    if age < dt.timedelta(minutes=1) and age > -dt.timedelta(minutes=1):
        return gettext("just now")
    if abs(age) >= WEEK:
        return short_date(moment)
    return format_timedelta(-age, add_direction=True, format="short", locale=viewer_locale(), threshold=0.95)


def when(moment: dt.datetime) -> Markup:
    """A `<time>` that says how long ago, holds the exact moment, and keeps itself up to date."""
    return Markup('<time datetime="{}" title="{}" data-relative>{}</time>').format(
        moment.astimezone(dt.UTC).isoformat(timespec="seconds"), long_datetime(moment), relative(moment)
    )


def number(value: float) -> str:
    """12,345 or 12 345."""
    return format_decimal(value, locale=viewer_locale())


def compact(value: float) -> str:
    """12K or 12 k: for counters that have little room."""
    return (
        format_compact_decimal(value, locale=viewer_locale(), fraction_digits=1)
        if value >= 1000
        else str(value)
    )


def file_size(octets: int) -> str:
    """3.4 MB or 3,4 Mo."""
    size, unit = float(octets), 0
    units = [gettext("B"), gettext("kB"), gettext("MB"), gettext("GB"), gettext("TB")]
    while size >= 1000 and unit < len(units) - 1:
        size, unit = size / 1000, unit + 1
    return f"{format_decimal(round(size, 1 if unit > 1 else 0), locale=viewer_locale())}\u00a0{units[unit]}"


def plain(markdown: str) -> str:
    """Markdown without its marks, in one line: for a card that has room for a glimpse."""
    return " ".join(_MARKS.sub(lambda mark: mark["text"] or "", markdown).split())


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]] if words else ["?"]
    return "".join(letters).upper()


def hue(name: str) -> int:
    """One of eight colours, always the same for the same name."""
    return zlib.crc32(name.encode()) % AVATAR_HUES


def _here(moment: dt.date) -> dt.datetime:
    assert isinstance(moment, dt.datetime)
    return timezone.localtime(moment).replace(microsecond=0)


def _words(write: Callable[..., str], moment: dt.date, pattern: str) -> str:
    # Moments of two zones are equal if they are one instant, and are told differently.
    zone = str(moment.tzinfo) if isinstance(moment, dt.datetime) else ""
    return _words_of(write, moment, zone, pattern, get_language() or "en")


@lru_cache(maxsize=10_000)
def _words_of(write: Callable[..., str], moment: dt.date, _zone: str, pattern: str, language: str) -> str:
    # A pattern is taken apart and filled in anew each time: pages tell the same moments over and over.
    return write(moment, pattern, locale=_locale_of(language))


def _day_first() -> bool:
    return viewer_locale().language != "en"
