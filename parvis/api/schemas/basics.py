"""What all operations share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, LiteralString

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StrictInt
from pydantic_core import PydanticCustomError

Cursor = Annotated[str, Field(description="The cursor of the next page, empty on the last one.")]


# Read as seconds since 1970 by the validator, which no description says.
NUMBER = re.compile(r"\s*[-+]?[\d._]+(?:e[-+]?\d+)?\s*", re.IGNORECASE)


def _written(fault: LiteralString) -> Callable[[object], object]:
    def check(value: object) -> object:
        if value is None or (isinstance(value, str) and not NUMBER.fullmatch(value)):
            return value
        raise PydanticCustomError(fault, "a written date is wanted")

    return check


def _on_every_clock(value: datetime) -> datetime:
    """Refuse what has no date in some zone: kept, it could not be read again."""
    if not 1 < value.year < 9999:
        raise PydanticCustomError("datetime_parsing", "a date of every time zone is wanted")
    return value


Moment = Annotated[
    AwareDatetime, BeforeValidator(_written("datetime_parsing")), AfterValidator(_on_every_clock)
]
# In an address a "+" is often lost: without an offset it is the server's zone.
LooseMoment = Annotated[
    datetime, BeforeValidator(_written("datetime_parsing")), AfterValidator(_on_every_clock)
]
# The version that somebody read; PostgreSQL's integer.
Version = Annotated[StrictInt, Field(ge=1, le=2**31 - 1)]
Day = Annotated[date, BeforeValidator(_written("date_parsing"))]


class Input(Schema):
    """What a client sends: a field that we do not know is an error, never silently dropped."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Problem details (RFC 9457), in the asker's language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str = ""
    errors: dict[str, list[str]] | None = None
