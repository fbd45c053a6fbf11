"""Who may hear what: questions that this layer asks and the apps above answer.

    @audience.answers
    def readable_space_ids(person_id: UUID) -> Collection[UUID] | None: …

All are called in threads; those that take a person or a space are called in its organization's scope.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

Answer = TypeVar("Answer", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a connection showed: a session cookie or a bearer token, and where it knocked."""

    session_key: str | None
    token: str | None
    # From the path prefix /o/SLUG/ or the header X-Parvis-Organization.
    organization_slug: str | None
    host: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearer:
    """A person who is connected, and by what right."""

    organization_id: UUID
    person_id: UUID
    is_guest: bool = False
    session_key: str | None = None
    token_id: UUID | None = None
    # Whatever else must stay the same for the right to last, e.g. a mark of the password.
    mark: str = ""


_answers: dict[str, Callable[..., Any]] = {}


def answers(function: Answer) -> Answer:
    """Register the answer to the question of the same name below."""
    if function.__name__ not in QUESTIONS:
        raise ValueError(f"Nobody asks {function.__name__}; the questions are {', '.join(QUESTIONS)}.")
    _answers[function.__name__] = function
    return function


def identify(credentials: Credentials) -> Hearer | None:
    """Ask whose credentials these are; None when nobody's, or when they contradict the organization."""
    found: Hearer | None = _answers["identify"](credentials)
    return found


def still_welcome(hearers: Sequence[Hearer]) -> Collection[Hearer]:
    """Ask which of these still hold a live session or token and are still active people."""
    welcome: Collection[Hearer] = _answers["still_welcome"](hearers)
    return welcome


def readable_space_ids(person_id: UUID) -> Collection[UUID] | None:
    """Ask for all spaces that a person may read now; None when the person no longer takes part."""
    spaces: Collection[UUID] | None = _answers["readable_space_ids"](person_id)
    return spaces


def reader_ids(space_id: UUID) -> Collection[UUID]:
    """Ask for all persons who may read a space now."""
    readers: Collection[UUID] = _answers["reader_ids"](space_id)
    return readers


def circles_of(person_id: UUID) -> Mapping[UUID, int]:
    """Ask which circles somebody is in, and from which place on they hear each; none where no app knows circles."""
    if "circles_of" not in _answers:
        return {}
    circles: Mapping[UUID, int] = _answers["circles_of"](person_id)
    return circles


def people_of_circle(circle_id: UUID) -> Mapping[UUID, int]:
    """Ask who is in a circle, and from which place on each of them hears it."""
    if "people_of_circle" not in _answers:
        return {}
    people: Mapping[UUID, int] = _answers["people_of_circle"](circle_id)
    return people


def presence_allowed(person_id: UUID) -> tuple[bool, float]:
    """Ask whether somebody hides their presence, and until when (seconds since 1970) they want no disturbance."""
    if "presence_allowed" not in _answers:
        return False, 0.0
    allowed: tuple[bool, float] = _answers["presence_allowed"](person_id)
    return allowed


def bearer_of(token: str) -> Hearer | None:
    """Ask whose bearer token this is; nobody's as long as no app above knows tokens."""
    if "bearer_of" not in _answers:
        return None
    found: Hearer | None = _answers["bearer_of"](token)
    return found


def live_token_ids(token_ids: Collection[UUID]) -> Collection[UUID]:
    """Ask which tokens still open the door."""
    if "live_token_ids" not in _answers:
        return ()
    alive: Collection[UUID] = _answers["live_token_ids"](token_ids)
    return alive


QUESTIONS = (
    "identify",
    "still_welcome",
    "readable_space_ids",
    "reader_ids",
    "circles_of",
    "people_of_circle",
    "presence_allowed",
    "bearer_of",
    "live_token_ids",
)
