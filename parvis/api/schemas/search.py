"""What search finds."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Cursor
from parvis.api.schemas.entries import EntryOut
from parvis.api.schemas.people import ProfileOut
from parvis.api.schemas.spaces import SpaceOut


class FoundFile(Schema):
    """The attached file that says what was asked."""

    id: UUID
    name: str


class SearchHit(Schema):
    """Why an entry of `entries` was found, in the same order."""

    entry_id: UUID
    # With `<mark>` around the words, everything else escaped.
    snippet: str
    file: FoundFile | None


class NamedOut(Schema):
    """Something else with a name, e.g. a topic."""

    kind: str
    id: UUID | str
    title: str
    text: str
    url: str


class SearchOut(Schema):
    """What was found, by kind; people, spaces and others on the first page only."""

    entries: list[EntryOut]
    hits: list[SearchHit]
    people: list[ProfileOut]
    spaces: list[SpaceOut]
    others: list[NamedOut]
    corrected: str = Field(
        description="How the words were understood, where that is another text; else empty."
    )
    next: Cursor
