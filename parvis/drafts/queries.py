"""One's own drafts, and where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, QuerySet

from parvis.content.models import Entry
from parvis.content.queries import unpublished
from parvis.drafts.models import Draft
from parvis.people.models import Person
from parvis.spaces.models import Space


@dataclass(frozen=True)
class DraftInPlace:
    """A draft with what it belongs to, as far as its author may still read it."""

    draft: Draft
    kind: str
    entry: Entry | None = None
    space: Space | None = None


# What is typed in other places waits there, e.g. in its conversation.
_LISTED = ("post", "reply", "edit")


def find_draft(person: Person, place: str) -> Draft | None:
    """Return what somebody has typed in a place."""
    found: Draft | None = Draft.objects.filter(person=person, place=place).first()
    return found


def drafts_of(person: Person) -> list[DraftInPlace]:
    """Return somebody's drafts, the latest first, each with its place."""
    drafts = [
        draft
        for draft in Draft.objects.filter(person=person)
        .annotate(file_count=Count("files"))
        .order_by("-saved_at")
        if draft.body or draft.title or draft.fields or draft.file_count
    ]
    named = {draft.id: _named(draft.place) for draft in drafts}
    drafts = [draft for draft in drafts if named[draft.id][0] in _LISTED]
    entries = Entry.objects.visible_to(person).select_related("author", "space")
    found = entries.in_bulk([id for kind, id in named.values() if id and kind in ("reply", "edit")])
    wanted = [id for kind, id in named.values() if id and kind == "post"] + [
        d.space_id for d in drafts if d.space_id
    ]
    spaces = Space.objects.readable_by(person).in_bulk(wanted)
    return [
        DraftInPlace(
            draft,
            kind=named[draft.id][0],
            entry=found.get(named[draft.id][1]),
            space=spaces.get(draft.space_id or named[draft.id][1]),
        )
        for draft in drafts
    ]


def waiting_of(person: Person, *, kinds: Sequence[str] = ("post",)) -> QuerySet[Entry]:
    """Return one's texts that wait: for their hour, the next one first, then those that wait for their author."""
    mine = unpublished(person).filter(author=person, kind__in=kinds)
    return mine.annotate(file_count=Count("attachments")).order_by(
        F("publish_at").asc(nulls_last=True), "-created_at"
    )


def _named(place: str) -> tuple[str, UUID | None]:
    """Take a composer's key apart: what is written, and about which entry or in which space."""
    kind, _dash, rest = place.partition("-")
    try:
        return kind, UUID(rest[:36]) if rest else None
    except ValueError:
        return kind, None
