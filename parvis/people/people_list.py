"""Lists of people as spreadsheets give them: CSV in whatever encoding, separator and column order."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from parvis.people.actions import Invitee
from parvis.people.actions.invitations import is_an_address
from parvis.people.models import sort_key

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024 * 1024

# What the columns are called out there, without accents.
COLUMNS = {
    "full_name": {
        "name",
        "full name",
        "fullname",
        "nom",
        "nom complet",
        "display name",
        "prenom nom",
        "nom prenom",
    },
    "first_name": {"first name", "firstname", "given name", "prenom"},
    "last_name": {"last name", "lastname", "surname", "family name", "nom de famille"},
    "email": {
        "e-mail",
        "email",
        "mail",
        "e-mail address",
        "email address",
        "courriel",
        "adresse e-mail",
        "adresse mail",
    }
    | {"adresse de courriel", "adresse electronique", "adresse"},
    "unit": {"unit", "department", "team", "unite", "service", "departement", "equipe", "direction"},
    "job_title": {"title", "job title", "job", "position", "role", "titre", "fonction", "poste", "metier"},
}


@dataclass(frozen=True)
class Line:
    """One line of the list: who it means, or why it cannot be used."""

    number: int
    invitee: Invitee | None
    shown: str
    fault: str = ""


@dataclass(frozen=True)
class PeopleList:
    """A list as read; `fault` when it cannot be read at all."""

    lines: list[Line] = field(default_factory=list)
    fault: str = ""

    @property
    def invitees(self) -> list[Invitee]:
        """Return whom the good lines mean."""
        return [line.invitee for line in self.lines if line.invitee is not None]

    @property
    def faults(self) -> list[Line]:
        """Return the lines that cannot be used."""
        return [line for line in self.lines if line.invitee is None]


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8 or UTF-16 with its mark, else what Western spreadsheets write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Windows-1252 has five unassigned bytes; they show as a mark instead of stopping the list.
        return data.decode("cp1252", errors="replace")


def read_people_list(text: str) -> PeopleList:
    """Read a list; its first line may name the columns, otherwise they are name, e-mail, unit, title."""
    rows = list(rows_of(text))
    if not rows:
        return PeopleList(fault=_("This list is empty."))
    if len(rows) > MOST_ROWS:
        return PeopleList(
            fault=_("This list has more than %(count)s lines: split it.") % {"count": MOST_ROWS}
        )
    columns = _columns(rows[0][1])
    if columns is not None:
        rows = rows[1:]
    columns = columns or _guessed(rows[0][1])
    if "email" not in columns.values():
        return PeopleList(fault=_("No column holds e-mail addresses. Name one “e-mail” in the first line."))
    seen: dict[str, int] = {}
    return PeopleList(lines=[_line(number, cells, columns, seen) for number, cells in rows])


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Return the lines that say something, each with its number; the first one tells the separator."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t|", key=first.count) if any(mark in first for mark in ";,\t|") else ","
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, [" ".join(cell.split()) for cell in cells]
            number = reader.line_num + 1
    except csv.Error:
        # e.g. a field beyond csv's limit: the line stays, as one that cannot be read.
        yield number, ["�"]


def _columns(cells: list[str]) -> dict[int, str] | None:
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        heading = sort_key(cell).replace("_", " ").strip(" *:")
        for name, headings in COLUMNS.items():
            if heading in headings and name not in found.values():
                found[place] = name
    return found if "email" in found.values() else None


def _guessed(cells: list[str]) -> dict[int, str]:
    place = next((index for index, cell in enumerate(cells) if is_an_address(cell.lower())), None)
    if place is None:
        return {}
    others = iter(["full_name", "unit", "job_title"])
    return {index: "email" if index == place else next(others, "") for index in range(len(cells))}


def _line(number: int, cells: list[str], columns: dict[int, str], seen: dict[str, int]) -> Line:
    said = {name: cells[place] for place, name in columns.items() if name and place < len(cells)}
    shown = " · ".join(cell for cell in cells if cell)[:200]
    email = said.get("email", "").strip("<> ").lower()
    fault = _fault(email, seen)
    if fault:
        return Line(number, None, shown, fault)
    seen[email] = number
    name = said.get("full_name") or " ".join(
        filter(None, [said.get("first_name", ""), said.get("last_name", "")])
    )
    return Line(
        number,
        Invitee(
            email=email,
            full_name=name[:120],
            job_title=said.get("job_title", "")[:120],
            unit=said.get("unit", "")[:120],
        ),
        shown,
    )


def _fault(email: str, seen: dict[str, int]) -> str:
    if not email:
        return _("There is no e-mail address.")
    if not is_an_address(email):
        return _("“%(text)s” is not an e-mail address.") % {"text": email[:80]}
    if email in seen:
        return _("The address stands in line %(number)s already.") % {"number": seen[email]}
    return ""
