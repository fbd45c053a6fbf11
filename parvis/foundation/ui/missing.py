"""What a template says of something that is not there.

`{% if can.edit %}` asks a mapping whether it has something: that may be asked. A name that nobody gave, an attribute
that does not exist, and a key that is printed or compared all the same are mistakes: they fail in tests and while
developing. In production they are logged and show nothing: half a page that reads well is worth more to whoever
stands before it than an error page, and a 5xx would take back what they have just sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Undefined

logger = logging.getLogger(__name__)


def _is_key_of_a_mapping(missing: Undefined) -> bool:
    return isinstance(missing._undefined_obj, Mapping)


class Refused(StrictUndefined):
    """Fails wherever it is used."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        if not _is_key_of_a_mapping(self):
            self._fail_with_undefined_error()
        return False


class Logged(Undefined):
    """Shows nothing, and says so in the log."""

    __slots__ = ()

    def __str__(self) -> str:
        _note(self._undefined_message)
        return ""

    def __bool__(self) -> bool:
        if not _is_key_of_a_mapping(self):
            _note(self._undefined_message)
        return False

    def __iter__(self) -> Iterator[Any]:
        _note(self._undefined_message)
        return iter(())


@lru_cache(maxsize=1000)
def _note(message: str) -> None:
    """Say it once: a card of a feed would say it twenty times on each page."""
    logger.error("template.missing", extra={"missing": message})
