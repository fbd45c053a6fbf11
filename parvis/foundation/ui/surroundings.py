"""What a page follows from besides what its view gives it: looked up once, when it begins."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple

from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language


class Surroundings(NamedTuple):
    """Language, time zone, the prefix of addresses."""

    language: str | None
    zone: str
    prefix: str


page_surroundings: ContextVar[Surroundings | None] = ContextVar("page_surroundings", default=None)


def surroundings() -> Surroundings:
    """Return those of now."""
    return Surroundings(get_language(), timezone.get_current_timezone_name(), get_script_prefix())
