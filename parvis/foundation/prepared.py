"""Questions that are asked all the time, compiled once: Django makes the SQL, every further asking only runs it.

    @prepared
    def _replies(viewer: Person, thread_id: UUID) -> QuerySet[Entry]:
        return Entry.objects.legible_to(viewer).filter(thread_id=thread_id).select_related("author")

    rows = _replies(viewer, thread.id)

Building a queryset and reading its rows costs ten times what the statement costs. The rule stays where it is,
in the queryset; what is kept is the text that Django made of it for such a viewer, with slots for ids.

What an argument is decides how it is treated. An id (`UUID`), a text, an instant and a list are slots: their
values go into the parameters, so that the function must not look at them. A list is used as `any_of("content_entry.id", ids)`.
A person or a space is a slot with a shape: the function may look at what decides rights (kind, state, roles,
privacy), and anything else of them raises. Whatever else is given (a number, a boolean, None) is part of the shape: one text for each.

The same can be asked for many people in one statement, each answered as if they had asked by themselves:

    for person, rows in zip(people, _replies.each([(person, thread.id) for person in people])): ...

`insert_new(row)` writes a row in the same spirit.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL
from django.db.models.query import FlatValuesListIterable, ModelIterable

from parvis.foundation.tenancy import bound_organization_id, rebound

Arguments = ParamSpec("Arguments")
Row = TypeVar("Row")

# What the shape of a person, or of a space, is made of; a rule that reads more cannot be prepared until it is added.
SHAPE_OF_PERSON = ("kind", "state", "is_administrator", "is_moderator")
SHAPE = (*SHAPE_OF_PERSON, "privacy")
SHAPES_KEPT = 128
_INSTANT = datetime(8765, 4, 3, tzinfo=UTC)
_ORGANIZATION = UUID(int=0xFEDCBA98_0000_7000_8000_000000000000)


class NotPreparable(TypeError):
    """The question depends on more than its slots: a programming error."""


class _Slot(list[Any]):
    """Stands for a list."""


_SLOTS = (UUID, str, datetime, _Slot)


def any_of(column: str, values: Sequence[Any], *, array: str = "uuid[]") -> models.Q:
    """Return the condition that a column is one of a list, in one parameter however long the list is."""
    condition = f"{column} = ANY(%s::{array})"
    return models.Q(RawSQL(condition, [values], output_field=models.BooleanField()))  # noqa: S611 - constants


@dataclass(frozen=True)
class Statement:
    """A question with its arguments, to be asked inside another statement."""

    sql: str
    parameters: list[Any]


class Prepared(Generic[Arguments, Row]):
    """A question that is compiled once for each shape of its arguments."""

    def __init__(self, question: Callable[Arguments, models.QuerySet[Any, Row]]) -> None:
        functools.update_wrapper(self, question)
        self._question = question
        self._compiled: dict[tuple[Any, ...], _Statement] = {}

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Row]:
        """Return the rows."""
        return self._statement(args, kwargs).run((*args, *kwargs.values()))

    def each(self, asked: Sequence[tuple[Any, ...]]) -> list[list[Row]]:
        """Return the rows of each of these arguments, in their order: one statement for each shape among them."""
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for number, given in enumerate(asked):
            alike[tuple(map(_shape_of, given))].append(number)
        found: list[list[Row]] = [[] for _given in asked]
        for numbers in alike.values():
            statement = self._statement(asked[numbers[0]], {})
            answers = statement.run_each([asked[number] for number in numbers])
            for number, rows in zip(numbers, answers, strict=True):
                found[number] = rows
        return found

    def first(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Row | None:
        """Return the first row, None where there is none."""
        return next(iter(self(*args, **kwargs)), None)

    def within(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Statement | None:
        """Return it as a part of another statement; None where it is known that there are no rows."""
        statement = self._statement(args, kwargs)
        given = (*args, *kwargs.values())
        return Statement(statement.sql, statement.parameters(given)) if statement.sql else None

    def _statement(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Statement:
        given = (*args, *kwargs.values())
        shape = (tuple(kwargs), bound_organization_id() is None, *map(_shape_of, given))
        statement = self._compiled.get(shape)
        if statement is None:
            if len(self._compiled) >= SHAPES_KEPT:
                self._compiled.clear()
            statement = self._compiled[shape] = _compile(self._question, args, kwargs)
        return statement


def prepared(question: Callable[Arguments, models.QuerySet[Any, Row]]) -> Prepared[Arguments, Row]:
    """Turn a function that returns a queryset into one that returns its rows."""
    return Prepared(question)


def _shape_of(value: Any) -> Any:
    if isinstance(value, UUID | str | datetime | list | tuple):
        return type(value).__name__ if not isinstance(value, tuple) else "list"
    if isinstance(value, models.Model):
        return (type(value), _is_of_here(value), *(getattr(value, name, None) for name in SHAPE))
    return value


def _is_of_here(value: Any) -> bool:
    return bool(value.organization_id == bound_organization_id())


def _compile(question: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> _Statement:
    given = [*args, *kwargs.values()]
    slots = [_slot_for(number, value) for number, value in enumerate(given)]
    with rebound(_ORGANIZATION if bound_organization_id() is not None else None):
        queryset = question(*slots[: len(args)], **dict(zip(kwargs, slots[len(args) :], strict=True)))
        return _Statement(queryset, slots)


def _slot_for(number: int, value: Any) -> Any:
    id = UUID(int=_ORGANIZATION.int + number + 1)
    if isinstance(value, UUID):
        return id
    if isinstance(value, str):
        return f"slot {id}"
    if isinstance(value, datetime):
        return _INSTANT + timedelta(seconds=number)
    if isinstance(value, list | tuple):
        return _Slot([id])
    if isinstance(value, models.Model):
        # No other field is there: a rule that reads one is refused, instead of being answered for somebody else.
        person = type(value).__new__(type(value))
        shape = {name: getattr(value, name) for name in SHAPE if hasattr(value, name)}
        organization_id = _ORGANIZATION if _is_of_here(value) else None
        person.__dict__.update(id=id, organization_id=organization_id, _state=_loaded_state(), **shape)
        return person
    return value


class _Statement:
    """One text with the places of its slots, and how its rows become objects."""

    def __init__(self, queryset: Any, slots: Sequence[Any]) -> None:
        compiler = queryset.query.get_compiler(using="default")
        try:
            self.sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            # Known without asking, e.g. for somebody who left.
            self.sql = ""
            return
        self._constants = list(parameters)
        self._places = [
            (place, source)
            for place, parameter in enumerate(self._constants)
            if (source := _source_of(parameter, slots)) is not None
        ]
        _check_all_used(slots, self._places)
        expressions = [column[0] for column in compiler.select]
        self._compiler, self._converters = compiler, compiler.get_converters(expressions)
        makes_objects = queryset._iterable_class is ModelIterable
        self._objects = _Objects(compiler, compiler.klass_info) if makes_objects else None
        self._annotations = sorted(compiler.annotation_col_map.items())
        self._is_flat = queryset._iterable_class is FlatValuesListIterable

    def run(self, given: Sequence[Any]) -> list[Any]:
        """Ask with these arguments."""
        if not self.sql:
            return []
        return self._read(_fetched(self.sql, self.parameters(given)))

    def run_each(self, many: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """Ask once with each of these arguments; the slots become columns of what is asked."""
        if not self.sql or len(many) == 1:
            return [self.run(given) for given in many]
        sources = sorted({source for _place, source in self._places if source >= 0})
        columns = [[_column_value(given[source]) for given in many] for source in sources]
        kinds = ", ".join(f"%s::{_array_of(many[0][source])}" for source in sources)
        names = ", ".join(f"a{source}" for source in sources)
        sql = (
            f"SELECT asked.place, answer.* FROM unnest({kinds}) WITH ORDINALITY AS asked ({names}, place),"
            f" LATERAL (SELECT row_number() OVER () AS place, rows.* FROM ({self._by_column()}) AS rows) AS answer"
            " ORDER BY 1, 2"
        )
        slots = {place for place, source in self._places if source >= 0}
        others = [value for place, value in enumerate(self.parameters(many[0])) if place not in slots]
        answers: list[list[Any]] = [[] for _given in many]
        for row in _fetched(sql, [*columns, *others]):
            answers[row[0] - 1].append(row[2:])
        return [self._read(rows) for rows in answers]

    def _by_column(self) -> str:
        """Return the text with the columns of what is asked in its slots."""
        column_at = {place: f"asked.a{source}" for place, source in self._places if source >= 0}
        places = iter(range(len(self._constants)))

        def filled(found: re.Match[str]) -> str:
            return found[0] if found[0] == "%%" else column_at.get(next(places), found[0])

        return re.sub(r"%[%s]", filled, self.sql)

    def _read(self, rows: Any) -> list[Any]:
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        if self._objects is None:
            return [row[0] for row in rows] if self._is_flat else list(rows)
        return [self._with_annotations(self._objects.read(row), row) for row in rows]

    def parameters(self, given: Sequence[Any]) -> list[Any]:
        """Return the parameters of the statement with these arguments in their slots."""
        parameters = list(self._constants)
        for place, source in self._places:
            parameters[place] = bound_organization_id() if source < 0 else _value_of(given[source])
        return parameters

    def _with_annotations(self, found: Any, row: Sequence[Any]) -> Any:
        for name, place in self._annotations:
            found.__dict__[name] = row[place]
        return found


def _fetched(sql: str, parameters: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _source_of(parameter: Any, slots: Sequence[Any]) -> int | None:
    """Return which argument a parameter stands for, -1 for the organization, None for a constant."""
    if parameter == _ORGANIZATION:
        return -1
    for number, slot in enumerate(slots):
        id = slot.__dict__["id"] if isinstance(slot, models.Model) else slot
        if type(parameter) is type(id) and parameter == id and isinstance(id, _SLOTS):
            return number
    if isinstance(parameter, datetime | date | UUID):
        raise NotPreparable(f"{parameter!r} would be remembered; use a slot, or a function of the database")
    return None


def _check_all_used(slots: Sequence[Any], places: list[tuple[int, int]]) -> None:
    used = {source for _place, source in places}
    for number, slot in enumerate(slots):
        if isinstance(slot, _SLOTS) and number not in used:
            raise NotPreparable(f"argument {number} does not reach the statement as it is")


def _value_of(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return list(value) if isinstance(value, tuple) else value


def _array_of(value: Any) -> str:
    """Return what holds one such argument for each who asks; a list of each is written as text."""
    if isinstance(value, UUID | models.Model):
        return "uuid[]"
    return "timestamptz[]" if isinstance(value, datetime) else "text[]"


def _column_value(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return _value_of(value)
    quoted = (str(each).replace("\\", "\\\\").replace('"', '\\"') for each in value)
    return "{" + ",".join(f'"{each}"' for each in quoted) + "}"


class _Objects:
    """Makes a model's objects of rows, with those they point at: what Django does, less what is never used here."""

    def __init__(self, compiler: Any, info: dict[str, Any]) -> None:
        self._model, places = info["model"], info["select_fields"]
        self._names = [compiler.select[place][0].target.attname for place in places]
        self._from, self._until = places[0], places[-1] + 1
        if places != list(range(self._from, self._until)):
            raise NotPreparable("the columns of a model must stand together")
        self._key = self._from + self._names.index(self._model._meta.pk.attname)
        self._related = [
            (_Objects(compiler, related), related["field"].cache_name)
            for related in info.get("related_klass_infos", [])
        ]
        if any(related["reverse"] for related in info.get("related_klass_infos", [])):
            raise NotPreparable("only what an object points at is read along")

    def read(self, row: Sequence[Any]) -> Any:
        """Return the object of a row, None where an outer join found nothing."""
        if row[self._key] is None:
            return None
        found = self._model.__new__(self._model)
        state = found._state = _loaded_state()
        found.__dict__.update(zip(self._names, row[self._from : self._until], strict=True))
        for related, name in self._related:
            state.fields_cache[name] = related.read(row)
        return found


def _loaded_state() -> ModelState:
    state = ModelState()
    state.db, state.adding, state.fields_cache = "default", False, {}
    return state


def insert_new(row: models.Model) -> bool:
    """Insert a row; return False, and change nothing, where its key or another unique one is taken.

    Nothing fails, so that no savepoint is needed; what else is wrong with the row is an error as always.
    """
    statement, fields = _insertion(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        is_new: bool = cursor.rowcount == 1
    if is_new:
        row._state.adding, row._state.db = False, connection.alias
    return is_new


@functools.cache
def _insertion(model: type[models.Model]) -> tuple[str, list[models.Field[Any, Any]]]:
    """Return the statement of a model, and the fields that fill it."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    slots = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({slots}) ON CONFLICT DO NOTHING', fields
