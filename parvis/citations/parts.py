"""The original below a cross-post's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from parvis.citations.queries import shown_originals
from parvis.content.models import Entry
from parvis.content.parts import Part, register
from parvis.foundation.addresses import reverse
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person

TEXT_LENGTH = 420


@dataclass(frozen=True)
class OriginalFace:
    """An original as its template shows it."""

    url: str
    title: str
    text: str
    author: str
    space: str
    published_at: datetime | None
    is_article: bool


def face(viewer: Person, entry: Entry, details: dict[str, Any]) -> OriginalFace:
    """Return an original ready to be shown; the query kept away what the viewer may not read."""
    address = reverse("content:thread", args=[details["thread"] or details["id"]])
    return OriginalFace(
        url=f"{address}#entry-{details['id']}" if details["thread"] else address,
        title=details["title"],
        text=excerpt(details["text"], TEXT_LENGTH),
        author=details["author"],
        space=details["space"],
        published_at=parse_datetime(details["published_at"]),
        is_article=details["kind"] == "article",
    )


ORIGINAL = register(
    Part(name="original", template="citations/original.html", rows=shown_originals, face=face, position=5)
)
