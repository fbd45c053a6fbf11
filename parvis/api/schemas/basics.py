"""What all operations share."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

Cursor = Annotated[str, Field(description="The cursor of the next page, empty on the last one.")]


def _as_text(value: object) -> object:
    """Refuse a number, which the validator would take for seconds since 1970."""
    if value is None or isinstance(value, str):
        return value
    raise PydanticCustomError("datetime_parsing", "a date and time with its offset is wanted")


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text)]


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
