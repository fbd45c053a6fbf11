"""Addresses of pages that are named by ids: resolved once per page and prefix, then filled in.

Django walks its patterns for every address, which costs more than all else that a card is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf
from django.urls import reverse as resolve

__all__ = ["NoReverseMatch", "pattern", "reverse", "url_or_none"]

_PLACES = tuple(UUID(int=0xFEDCBA98_0000_7000_9000_000000000000 + number) for number in range(4))


def reverse(name: str, args: Sequence[object] = (), kwargs: dict[str, Any] | None = None) -> str:
    """Return the path of a named page below the organization's prefix, as Django's function of that name does."""
    if kwargs or not all(isinstance(argument, UUID) for argument in args):
        return resolve(name, args=args, kwargs=kwargs)
    return _pattern(name, len(args), get_script_prefix(), get_urlconf()).format(*args)


def url_or_none(name: str, *args: object) -> str | None:
    """Return the path of a page of a room above, which may not be built: what leads there is left out then."""
    try:
        return reverse(name, args)
    except NoReverseMatch:
        return None


def pattern(name: str) -> str:
    """Return the path of a page that is named by one id, for a whole page of them: `pattern(name).format(id)`."""
    return _pattern(name, 1, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=4096)
def _pattern(name: str, count: int, _prefix: str, urlconf: str | None) -> str:
    path = resolve(name, urlconf=urlconf, args=_PLACES[:count]).replace("{", "{{").replace("}", "}}")
    for place, id in enumerate(_PLACES[:count]):
        path = path.replace(str(id), f"{{{place}}}")
    return path
