"""Whom to follow, where to go."""

from __future__ import annotations

from typing import Literal

from ninja import Schema

from parvis.api.schemas.people import ProfileOut
from parvis.api.schemas.spaces import SpaceOut

SuggestionKind = Literal["person", "space"]


class SuggestedPersonOut(Schema):
    """Somebody to follow, and why."""

    person: ProfileOut
    reason: str


class SuggestedSpaceOut(Schema):
    """A space to look at, and why."""

    space: SpaceOut
    reason: str


class SuggestionsOut(Schema):
    """Who to follow and where to go."""

    people: list[SuggestedPersonOut]
    spaces: list[SuggestedSpaceOut]
