"""Public holidays, from a kept library that is loaded when somebody has a country."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

# Names are asked for in the reader's language, else as they are called there.
LANGUAGES = {"en": "en_US", "fr": "fr"}
# A few parts of a country are called by a number or a letter: their readers know them by name.
NAMES = {
    ("FR", "57"): "Moselle",
    ("FR", "6AE"): "Alsace",
    ("FR", "971"): "Guadeloupe",
    ("FR", "972"): "Martinique",
    ("FR", "973"): "Guyane",
    ("FR", "974"): "La Réunion",
    ("FR", "976"): "Mayotte",
    ("FR", "BL"): "Saint-Barthélemy",
    ("FR", "MF"): "Saint-Martin",
    ("FR", "NC"): "Nouvelle-Calédonie",
    ("FR", "PF"): "Polynésie française",
    ("FR", "PM"): "Saint-Pierre-et-Miquelon",
    ("FR", "TF"): "Terres australes françaises",
    ("FR", "WF"): "Wallis-et-Futuna",
}


@dataclass(frozen=True)
class Holiday:
    """A day and what it is called."""

    day: date
    name: str


@functools.lru_cache(maxsize=512)
def holidays_in(country: str, region: str, year: int) -> frozenset[date]:
    """Return the public holidays of one year; none for a place that the library does not know."""
    return frozenset(_named(country, region, year, ""))


def holidays_after(country: str, region: str, day: date, *, language: str, most: int = 12) -> list[Holiday]:
    """Return the next public holidays from a day on, in the order of time."""
    if not country:
        return []
    named = {
        **_named(country, region, day.year, language),
        **_named(country, region, day.year + 1, language),
    }
    return [Holiday(each, named[each]) for each in sorted(named) if each >= day][:most]


@functools.lru_cache(maxsize=64)
def _named(country: str, region: str, year: int, language: str) -> dict[date, str]:
    from holidays import country_holidays

    wanted = LANGUAGES.get(language[:2])
    try:
        # Sundays, where a law lists them, are days of the week here: who works on them says so.
        found = country_holidays(country, subdiv=region or None, years=year, language=wanted)
    except (NotImplementedError, ValueError):
        return {}
    return {day: "; ".join(found.get_list(day)) for day in found if day.year == year}


@functools.cache
def regions() -> dict[str, tuple[str, ...]]:
    """Return the countries whose holidays are known, each with its parts."""
    from holidays import list_supported_countries

    return {
        country: tuple(part for part in parts if not part.startswith("Zone "))
        for country, parts in list_supported_countries(include_aliases=False).items()
    }


@functools.lru_cache(maxsize=1_024)
def region_name(country: str, region: str) -> str:
    """Return what a part of a country is called, where the library knows more than its code."""
    from holidays import country_holidays

    aliases = getattr(country_holidays(country), "subdivisions_aliases", {})
    named = [name for name, code in aliases.items() if code == region and not name.isupper()]
    return NAMES.get((country, region)) or (named[0] if named else region)
