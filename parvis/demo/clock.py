"""Place the world in time: every date is counted back from now, so that the demo is always fresh."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis.demo.reading import Entry, Language, When, World

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
CODE = re.compile(r"(```.*?```|`[^`]*`)", re.DOTALL)
# Before : ; ? ! » % €, after « and n°, and between thousands.
FRENCH_SPACE = re.compile(r"(?<=[^\s|]) (?=[:;?!»%€](?:\W|$))|(?<=[«°]) |(?<=\d) (?=\d{3}\b)")
PLACEHOLDER = re.compile(r"\{(date|day|month|week)([+-]\d+)?\}")


def schedule(world: World, *, now: datetime) -> dict[int, datetime]:
    """When each entry was published, by id(entry): never in the future, a reply after what it answers.

    Clock times are local, so that 09:44 in Lyon can be before 09:40 in Manchester; and the demo may start at
    midnight, when this morning has not been yet. Such a reply follows some minutes after what it answers.
    """
    times: dict[int, datetime] = {}
    for entry in world.entries:
        moment = moment_of(entry.when, timezone=world.people[entry.author].timezone, now=now)
        moment = min(moment, now - timedelta(minutes=4))
        if entry.parent is not None and moment <= (parent := times[id(entry.parent)]):
            pause = timedelta(minutes=2 + len(entry.body) % 17)
            moment = parent + min(pause, (now - parent) / 2)
        times[id(entry)] = moment
    return times


def moment_of(when: When, *, timezone: str, now: datetime) -> datetime:
    """A moment in UTC: minutes before now, or a clock time of a working day where the author is."""
    if when.minutes is not None:
        return now - timedelta(minutes=when.minutes)
    zone = ZoneInfo(timezone)
    day = working_day(now.astimezone(zone).date(), when.days)
    return datetime.combine(day, time(*when.clock), tzinfo=zone).astimezone(UTC)


def working_day(today: date, offset: int) -> date:
    """The working day that many working days away; 0 is today whatever it is."""
    step = timedelta(days=1 if offset > 0 else -1)
    day, left = today, abs(offset)
    while left:
        day += step
        if day.weekday() < 5:
            left -= 1
    return day


def fill_dates(text: str, *, published: date, language: Language) -> str:
    """Replace {date+3} and its like, counted from the day of publication."""
    return PLACEHOLDER.sub(lambda found: _date(found[1], int(found[2] or 0), published, language), text)


def words_of(entry: Entry, *, published: datetime, timezone: str) -> tuple[str, str]:
    """Title and text of an entry, with dates filled and French spaces that do not break."""
    day = published.astimezone(ZoneInfo(timezone)).date()
    title, body = (
        fill_dates(text, published=day, language=entry.language) for text in (entry.title, entry.body)
    )
    if entry.language != "fr":
        return title, body
    parts = CODE.split(body)
    return unbroken(title), "".join(part if index % 2 else unbroken(part) for index, part in enumerate(parts))


def unbroken(text: str) -> str:
    """Put the no-break spaces that French wants before high punctuation, units and within numbers."""
    return FRENCH_SPACE.sub("\u00a0", text)


def _date(what: str, offset: int, published: date, language: Language) -> str:
    if what == "month":
        return MONTHS[language][(published.month - 1 + offset) % 12]
    if what == "week":
        return str((published + timedelta(weeks=offset)).isocalendar().week)
    day = working_day(published, offset)
    if what == "day":
        return DAYS[language][day.weekday()]
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{DAYS[language][day.weekday()]} {number} {MONTHS[language][day.month - 1]}"
