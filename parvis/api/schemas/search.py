"""What search finds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from parvis.api.schemas.basics import Cursor, Day, Input
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


class SearchSuggestionsOut(Schema):
    """What a half-typed text may mean."""

    saved: list[SavedSearchOut]
    named: list[NamedOut]
    entries: list[EntryOut]


class SavedSearchIn(Input):
    """A search to keep under a name."""

    name: Annotated[str, Field(max_length=80)]
    q: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(max_length=16, pattern="^[a-z_]*$")] = ""
    space: UUID | None = None
    author: UUID | None = None
    since: Day | None = None
    until: Day | None = Field(None, description="The last day that counts.")
    has_file: StrictBool = False


class SavedSearchOut(Schema):
    """A search of one's own."""

    id: UUID
    name: str
    query: str = Field(description="What stands after the question mark of the page of results.")
    url: str
    created_at: datetime


class SavedSearchList(Schema):
    """By name."""

    items: list[SavedSearchOut]
