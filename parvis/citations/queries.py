"""Reads about citations: each side only for who may read it, and counted only so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast, JSONObject, Left

from parvis.citations.models import Citation
from parvis.content.models import Entry
from parvis.people.models import Person

LISTED = 50
EXCERPT_LENGTH = 900


def citing(viewer: Person, entry_ids: Collection[UUID], *, limit: int = LISTED) -> list[Citation]:
    """Return what cites these entries, as far as the viewer may read it, the newest first."""
    rows = Citation.objects.filter(cited_id__in=entry_ids, entry__in=Entry.objects.visible_to(viewer))
    rows = rows.select_related("entry", "entry__author", "entry__author__picture", "entry__space", "cited")
    # A thread that speaks of itself cites nothing.
    found = [row for row in rows.order_by("-entry__published_at")[: limit * 2] if not _is_of_one_thread(row)]
    return found[:limit]


def _is_of_one_thread(row: Citation) -> bool:
    return bool(row.entry.root_id == row.cited.root_id)


def citing_thread(viewer: Person, root: Entry) -> list[Citation]:
    """Return what cites a thread: its root, or a comment of it that the viewer may read."""
    comments = Entry.objects.visible_to(viewer).filter(thread=root).values_list("id", flat=True)
    return citing(viewer, [root.id, *comments])


def shown_originals(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return the originals that these cross-posts show: those that the viewer may read, and nothing of others."""
    rows = Citation.objects.filter(
        entry_id__in=entry_ids, is_cross_post=True, cited__in=Entry.objects.visible_to(viewer)
    )
    shown: QuerySet[Any, Any] = rows.annotate(
        of=F("entry_id"),
        details=JSONObject(
            id=Cast("cited_id", CharField()),
            thread=Cast("cited__thread_id", CharField()),
            kind=F("cited__kind"),
            title=F("cited__title"),
            text=Left("cited__body_text", EXCERPT_LENGTH),
            author=F("cited__author__full_name"),
            space=F("cited__space__name"),
            published_at=F("cited__published_at"),
        ),
    )
    return shown


def cross_posts_of(entry_id: UUID) -> list[Entry]:
    """Return the published entries that show this one, for those who keep them up to date."""
    rows = Citation.objects.filter(cited_id=entry_id, is_cross_post=True, entry__state=Entry.State.PUBLISHED)
    return [row.entry for row in rows.select_related("entry")]
