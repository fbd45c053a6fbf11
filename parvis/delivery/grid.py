"""Kinds of events × ways of being told, as a table of choices; what is usual, and from whom, is the first of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from parvis.delivery import actions
from parvis.delivery.channels import Channel, all_channels
from parvis.delivery.choices import Chosen, decided_by, usual_above, usual_for
from parvis.delivery.models import Choice
from parvis.notifications import actions as inbox
from parvis.notifications import levels
from parvis.notifications.choosing import kind_explanations
from parvis.notifications.models import KindChoice
from parvis.people.models import Person, Unit

Kind, When = Choice.Kind, Choice.When
INBOX = "inbox"
Usual = Mapping[str, Mapping[str, Chosen]]


@dataclass(frozen=True)
class Cell:
    """One choice: the name of its field, what it is about, and what can be chosen; nothing where all is told."""

    name: str
    column: str
    label: str
    options: list[tuple[str, str]]
    value: str = ""


@dataclass(frozen=True)
class Row:
    """One kind of event."""

    kind: str
    label: str
    hint: str
    cells: list[Cell]


def columns() -> list[str]:
    """Return the names of the ways of being told."""
    return [_("In my inbox"), *(str(channel.label) for channel in all_channels())]


def rows_of(person: Person) -> list[Row]:
    """Return what somebody chose, beside what is usual for them."""
    own, usual = levels.own_choices_of(person), levels.on_by_default()
    cells = {kind: _inbox_cell(kind, own.get(kind), usual.get(kind)) for kind in Kind.values}
    return _rows(cells, usual_for(person), decided_by(person=person))


def rows_for(unit: Unit | None) -> list[Row]:
    """Return what a unit decided, or without one the organization, beside what holds when it does not."""
    on = levels.on_by_default()
    cells = {} if unit else {kind: _default_cell(kind, on.get(kind)) for kind in Kind.values}
    return _rows(cells, usual_above(unit), decided_by(unit=unit))


def keep_own(person: Person, wanted: Mapping[str, str]) -> None:
    """Keep what somebody chose in the table; what did not change is not touched."""
    own = levels.own_choices_of(person)
    for kind in KindChoice.Kind.values:
        now = {True: "on", False: "off"}.get(own[kind], "") if kind in own else ""
        value = wanted.get(f"{INBOX}:{kind}", now)
        if value == now:
            continue
        if value in {"on", "off"}:
            inbox.choose_kind(person=person, kind=kind, is_on=value == "on")
        else:
            inbox.forget_kind_choice(person=person, kind=kind)
    for channel, kind, when in _changed(decided_by(person=person), wanted):
        actions.choose(person=person, channel=channel, kind=kind, when=when)


def keep_for(actor: Person, unit: Unit | None, wanted: Mapping[str, str]) -> None:
    """Keep what an administrator decided for a unit or for everybody."""
    on = levels.on_by_default()
    for kind in KindChoice.Kind.values if unit is None else ():
        value = wanted.get(f"{INBOX}:{kind}", "")
        if value in {"on", "off"} and (value == "on") != on[kind]:
            inbox.set_default(actor=actor, kind=kind, is_on=value == "on")
    for channel, kind, when in _changed(decided_by(unit=unit), wanted):
        actions.choose_for(actor=actor, unit=unit, channel=channel, kind=kind, when=when)


def _changed(before: Mapping[tuple[str, str], str], wanted: Mapping[str, str]) -> list[tuple[str, str, str]]:
    places = [(channel.name, kind) for channel in all_channels() for kind in Kind.values]
    asked = [(channel, kind, wanted.get(f"{channel}:{kind}")) for channel, kind in places]
    return [
        (channel, kind, when)
        for channel, kind, when in asked
        if when is not None and when != before.get((channel, kind), "")
    ]


def _rows(inbox_cells: Mapping[str, Cell], usual: Usual, decided: Mapping[tuple[str, str], str]) -> list[Row]:
    hints = kind_explanations()
    return [
        Row(
            kind=str(kind),
            label=str(kind.label),
            hint=hints.get(kind, ""),
            cells=[
                *([inbox_cells[kind]] if kind in inbox_cells else []),
                *(
                    _cell(channel, kind, usual[channel.name][kind], decided.get((channel.name, kind), ""))
                    for channel in all_channels()
                ),
            ],
        )
        for kind in Kind
    ]


def _cell(channel: Channel, kind: Choice.Kind, usual: Chosen, value: str) -> Cell:
    whens = [When.NOW, When.DIGEST, When.NEVER] if channel.has_digest else [When.NOW, When.NEVER]
    others = [(str(when), str(when.label)) for when in whens]
    as_usual = When(usual.when if usual.when in whens else When.NEVER)
    return Cell(
        name=f"{channel.name}:{kind}",
        column=str(channel.label),
        label=f"{kind.label} · {channel.label}",
        options=[("", _as_usual(as_usual.label, usual)), *others],
        value=value if value in whens else "never" if value else "",
    )


def _as_usual(when: str | Promise, usual: Chosen) -> str:
    values = {"when": str(when), "unit": usual.unit.name if usual.unit else ""}
    if usual.origin == "unit":
        return _("%(when)s · as in %(unit)s") % values
    if usual.origin == "organization":
        return _("%(when)s · as decided for all") % values
    return _("%(when)s · usual") % values


def _inbox_cell(kind: str, own: bool | None, usual: bool | None) -> Cell:
    label = f"{Kind(kind).label} · {_('In my inbox')}"
    if usual is None:
        return Cell(f"{INBOX}:{kind}", _("In my inbox"), label, [])
    as_usual = _("Yes · usual") if usual else _("No · usual")
    options = [("", as_usual), ("on", _("Yes")), ("off", _("No"))]
    return Cell(
        f"{INBOX}:{kind}", _("In my inbox"), label, options, "" if own is None else "on" if own else "off"
    )


def _default_cell(kind: str, is_on: bool | None) -> Cell:
    cell = _inbox_cell(kind, is_on, is_on)
    return Cell(cell.name, cell.column, cell.label, cell.options[1:], cell.value)
