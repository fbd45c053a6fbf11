"""Search: entries, files, people, spaces and whatever else has a name."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from parvis.api.responses import PROBLEMS, Limit, viewer_of
from parvis.api.rows import entry_rows, named_row, profile_row, space_row
from parvis.api.schemas.basics import LooseMoment
from parvis.api.schemas.search import SearchOut
from parvis.foundation.errors import Invalid
from parvis.search.queries import EntryHit, Results, Wish
from parvis.search.queries import search as find
from parvis.search.snippets import pattern_of, snippet
from parvis.search.sources import sources
from parvis.spaces.queries import find_readable

router = Router(tags=["search"])

# Shown in full; other sources by name and address.
OWN_ROWS = {"people", "spaces"}


@router.get("/search", response={200: SearchOut, **PROBLEMS}, summary="Search")
def search(
    request: HttpRequest,
    q: str = Query(..., min_length=1, max_length=200),
    kind: str = Query("", max_length=16, pattern="^[a-z_]*$"),
    space: UUID | None = None,
    author: UUID | None = None,
    since: LooseMoment | None = None,
    until: LooseMoment | None = None,
    has_file: bool = False,
    limit: Limit = 20,
    cursor: str = "",
) -> Any:
    """What I may read, the best first. Words are stemmed in French and English, with accents or none; a typo and the
    beginning or inside of a word are understood; `"exact words"` and `-without`. `kind` is `entries`, a kind of entry
    (`post`, `comment` …), `files`, `people` or `spaces`; without it everything is searched."""
    viewer = viewer_of(request)
    if space is not None:
        find_readable(viewer, space)
    offset, asked_at = _read(cursor)
    wish = Wish(
        text=q,
        segment=kind,
        space_id=space,
        author_id=author,
        since=_aware(since),
        until=_aware(until),
        has_file=has_file,
    )
    # What came after the first page was asked for would shift the others.
    if offset:
        wish = replace(wish, until=min(wish.until or asked_at, asked_at))
    found = find(viewer, wish, offset=offset, limit=limit)
    pattern = pattern_of(found.words)
    return {
        "entries": entry_rows(viewer, [hit.entry for hit in found.entries]),
        "hits": [_hit_row(hit, pattern) for hit in found.entries],
        "people": [profile_row(person) for person in found.named.get("people", [])],
        "spaces": [space_row(viewer, item) for item in found.named.get("spaces", [])],
        "others": _others(found),
        "corrected": found.corrected,
        "next": _write(offset + limit, asked_at) if found.total > offset + limit else "",
    }


def _hit_row(hit: EntryHit, pattern: re.Pattern[str] | None) -> dict[str, Any]:
    text = hit.file_text if hit.attachment is not None else hit.entry.body_text
    file = hit.attachment
    return {
        "entry_id": hit.entry.id,
        "snippet": str(snippet(text, pattern)),
        "file": {"id": file.file_id, "name": file.name or file.file.name} if file is not None else None,
    }


def _others(found: Results) -> list[dict[str, Any]]:
    return [
        named_row(source, thing)
        for source in sources()
        if source.segment not in OWN_ROWS
        for thing in found.named.get(source.segment, [])
    ]


def _aware(at: datetime | None) -> datetime | None:
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


def _write(offset: int, asked_at: datetime) -> str:
    return base64.urlsafe_b64encode(f"{offset}|{asked_at.isoformat()}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, datetime]:
    """Return where a page begins and when the first one was asked for; `Invalid` for a cursor that is not ours."""
    if not cursor:
        return 0, timezone.now()
    try:
        offset, _separator, at = (
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        )
        place = int(offset), datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        place = -1, timezone.now()
    if not 0 <= place[0] <= 100_000 or timezone.is_naive(place[1]):
        raise Invalid({"cursor": [_("This page marker is not valid: start again from the first page.")]})
    return place
