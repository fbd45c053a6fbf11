"""Entries at a glance: of each a number that is another one as soon as its card shows the viewer another thing.

Most cards of a page were made before, for somebody alike (`content.showing`). To know so needs no rows: PostgreSQL
hashes all that a card is made of, whole rows, so that no column is forgotten. Only what is not kept is read.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from parvis.content.models import Entry
from parvis.foundation.prepared import any_of, prepared
from parvis.people.models import Person


class Glance(NamedTuple):
    """What is known of an entry before it is read."""

    id: UUID
    space_id: UUID
    author_id: UUID
    published_at: datetime
    # No earlier than the latest reply.
    activity_at: datetime
    parts: list[str]
    digest: int


def _hash(row: str) -> str:
    return f"hash_record_extended({row}, {_SEED})"


# This process's own: nobody can write two texts that are taken for one.
_SEED = secrets.randbits(62)
# Of the entry and whom it is by, where it stands, its files and its latest reply whole rows; of marks what is shown.
_PICTURES = f"""
    SELECT array_agg({_hash("picture")} ORDER BY picture.id) FROM emoji_customemoji picture
    WHERE trim(':' FROM mark.emoji) = ANY(picture.former_names || picture.name::text)
"""
_SHOWN_OF_MARK = f"""
    ROW(mark.emoji, mark.person_id = %s, person.full_name, CASE WHEN mark.emoji LIKE ':%%' THEN ({_PICTURES}) END)
"""
_DIGEST = _hash(f"""ROW(
    content_entry,
    (SELECT author FROM people_person author WHERE author.id = content_entry.author_id),
    (SELECT space FROM spaces_space space WHERE space.id = content_entry.space_id),
    (SELECT array_agg({_hash("ROW(file, stored)")} ORDER BY file.position)
     FROM content_attachment file JOIN foundation_storedfile stored ON stored.id = file.file_id
     WHERE file.entry_id = content_entry.id),
    CASE WHEN content_entry.reply_count > 0 THEN
        (SELECT {_hash("ROW(reply, author)")} FROM content_entry reply JOIN people_person author ON author.id = reply.author_id
         WHERE reply.thread_id = content_entry.id AND reply.thread_id IS NOT NULL AND reply.state = 'published'
         ORDER BY reply.published_at DESC, reply.id DESC LIMIT 1)
    END,
    CASE WHEN content_entry.reaction_count > 0 THEN
        (SELECT array_agg({_hash(_SHOWN_OF_MARK)} ORDER BY mark.created_at, mark.id)
         FROM content_reaction mark JOIN people_person person ON person.id = mark.person_id
         WHERE mark.entry_id = content_entry.id)
    END,
    EXISTS (SELECT 1 FROM content_bookmark kept WHERE kept.entry_id = content_entry.id AND kept.person_id = %s),
    EXISTS (SELECT 1 FROM content_threadfollow followed WHERE followed.thread_id = content_entry.id
            AND followed.person_id = %s AND followed.level = 'following')
)""")


def at_a_glance(entries: QuerySet[Entry], viewer: Person) -> QuerySet[Any, Any]:
    """Return these entries as the columns of a `Glance`; the caller looked them up among the visible ones."""
    digest = RawSQL(_DIGEST, [viewer.pk] * 3, output_field=BigIntegerField())  # noqa: S611 - constants
    return entries.annotate(digest=digest).values_list(*Glance._fields)


def glances_of(viewer: Person, ids: Sequence[UUID]) -> list[Glance]:
    """Return some visible entries at a glance, in this order."""
    found = {glance.id: glance for glance in as_glances(_glances(viewer, list(ids)))} if ids else {}
    return [found[id] for id in ids if id in found]


def as_glances(rows: Iterable[Any]) -> list[Glance]:
    """Return rows as glances."""
    return [Glance._make(row) for row in rows]


@prepared
def _glances(viewer: Person, ids: list[UUID]) -> QuerySet[Any, Any]:
    return at_a_glance(Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids)), viewer)
