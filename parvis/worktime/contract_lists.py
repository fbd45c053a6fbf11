"""Which contract many people are to have, by a unit or by a list from elsewhere: what would change, and what cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.people.models import Person, sort_key
from parvis.people.people_list import COLUMNS, MOST_ROWS, rows_of
from parvis.people.queries import directory
from parvis.worktime.models import Contract, WorkingTimePolicy

EMAIL = COLUMNS["email"]
CONTRACT = {"contract", "contrat", "working time", "temps de travail", "horaire", "horaires"}
# What stands in a list for no contract at all.
NONE = {"", "-", "none", "no", "aucun", "sans"}

Policy = WorkingTimePolicy | None


@dataclass(frozen=True)
class Change:
    """Somebody would have another contract; none is None."""

    person: Person
    before: Policy
    after: Policy


@dataclass(frozen=True)
class Fault:
    """A line that cannot be used, and why; its text, so that it can be corrected."""

    number: int
    text: str
    why: str


@dataclass(frozen=True)
class Plan:
    """What would change; `fault` when the list cannot be read at all."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault: str = ""

    @property
    def rest(self) -> str:
        """Return the lines that cannot be used, as a list again."""
        return "\n".join(line.text for line in self.faults)


def plan_of_unit(viewer: Person, unit_id: UUID, after: Policy, *, only_without: bool) -> Plan:
    """Return what changes if everybody of a unit and of those below it has this contract."""
    people = list(directory(viewer, unit=unit_id)[: MOST_ROWS + 1])
    if len(people) > MOST_ROWS:
        return Plan(
            fault=_("There are more than %(count)s people: take a smaller unit.") % {"count": MOST_ROWS}
        )
    found = _plan([(person, after) for person in people])
    if not only_without:
        return found
    kept = [change for change in found.changes if change.before is None]
    return Plan(changes=kept, same=found.same + len(found.changes) - len(kept))


def plan_of_list(viewer: Person, text: str) -> Plan:
    """Return what a list of addresses and contracts changes; its first line may name the two columns."""
    rows = list(rows_of(text))
    if not rows:
        return Plan(fault=_("This list is empty."))
    if len(rows) > MOST_ROWS:
        return Plan(fault=_("This list has more than %(count)s lines: split it.") % {"count": MOST_ROWS})
    columns = _columns(rows[0][1])
    lines = rows[1:] if columns else rows
    at_email, at_contract = columns or (0, 1)
    cells = [(number, cells, _cell(cells, at_email).strip("<> ").lower()) for number, cells in lines]
    people = _people(viewer, [email for _number, _cells, email in cells])
    contracts = {sort_key(policy.name): policy for policy in _contracts()}
    wanted: dict[UUID, tuple[Person, Policy]] = {}
    faults = []
    for number, said, email in cells:
        name = _cell(said, at_contract)
        person, contract = people.get(email), contracts.get(sort_key(name))
        if why := _fault(email, person, name, contract, wanted):
            faults.append(Fault(number, ";".join((_cell(said, at_email), name)), why))
        elif person is not None:
            wanted[person.id] = (person, contract)
    found = _plan(list(wanted.values()))
    return Plan(changes=found.changes, same=found.same, faults=faults)


def _columns(cells: list[str]) -> tuple[int, int] | None:
    names = [sort_key(cell).replace("_", " ").strip(" *:") for cell in cells]
    at_email = next((place for place, name in enumerate(names) if name in EMAIL), None)
    at_contract = next((place for place, name in enumerate(names) if name in CONTRACT), None)
    return None if at_email is None or at_contract is None else (at_email, at_contract)


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _people(viewer: Person, emails: list[str]) -> dict[str, Person]:
    return {person.email.lower(): person for person in directory(viewer).filter(email__in=emails)}


def _contracts() -> Iterator[WorkingTimePolicy]:
    yield from WorkingTimePolicy.objects.filter(level=WorkingTimePolicy.Level.CONTRACT)


def _fault(
    email: str, person: Person | None, name: str, contract: Policy, wanted: dict[UUID, tuple[Person, Policy]]
) -> str:
    if not email:
        return _("There is no e-mail address.")
    if person is None:
        return _("Nobody in the directory has the address %(email)s.") % {"email": email[:80]}
    if person.id in wanted:
        return _("%(name)s stands in the list already.") % {"name": person.full_name}
    if contract is None and sort_key(name) not in NONE:
        return _("There is no contract “%(name)s”.") % {"name": name[:80]}
    return ""


def _plan(wanted: list[tuple[Person, Policy]]) -> Plan:
    having = Contract.objects.filter(person__in=[person.id for person, _after in wanted])
    before = {row.person_id: row.policy for row in having.select_related("policy")}
    changes = [Change(person, before.get(person.id), after) for person, after in wanted]
    changed = [change for change in changes if change.before != change.after]
    return Plan(changes=changed, same=len(changes) - len(changed))
