"""Reading bodies: what neither the database nor UTF-8 can hold is refused here, in whatever field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from parvis.foundation.errors import Invalid
from parvis.foundation.richtext.clean import UNSTORABLE


class StorableBodies(Parser):  # type: ignore[misc]
    """JSON whose texts can be kept."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body."""
        body = super().parse_body(request)
        refuse_unstorable(body)
        return body


def refuse_unstorable(body: Any) -> None:
    """Raise `Invalid`, which names the fields, for a body with a null or half a character."""
    sentence = _("This contains a character that cannot be stored.")
    if faults := {place: [sentence] for place, text in _texts(body) if UNSTORABLE.search(text)}:
        raise Invalid(faults)


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Walk through all texts of a body with their places: no deeper than JSON's own reader went."""
    waiting = [(place, value)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            yield place or "body", value
        elif isinstance(value, dict):
            waiting += [(f"{place}.{key}".lstrip("."), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{place}.{index}".lstrip("."), item) for index, item in enumerate(value)]
