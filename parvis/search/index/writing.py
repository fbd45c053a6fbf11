"""Keep the index true to what is published and to what has a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models

from parvis.content.models import Entry
from parvis.foundation.tenancy import current_organization_id
from parvis.search.index.counting import LONGEST, SHORTEST, count_again
from parvis.search.models import Passage

# A tsvector holds a megabyte: of a long text the beginning is found, more of one in Latin letters.
_BEGINNING = "left({0}, CASE WHEN octet_length(left({0}, 120000)) <= 150000 THEN 120000 ELSE 37500 END)"
# The parser takes "and/or" and "a_b" for paths.
_READABLE = "translate({}, '/_', '  ')"
_STEMS = "to_tsvector('french', {0}) || to_tsvector('parvis_french', {0}) || to_tsvector('english', {0})"


def terms_of(title: str, body: str) -> str:
    """Return the SQL of a passage's terms, from the SQL of its two parts."""
    title, body = _READABLE.format(title), _READABLE.format(_BEGINNING.format(body))
    parts = [(_STEMS.format(title), "A"), (f"to_tsvector('parvis_plain', {title})", "B")]
    parts += [(_STEMS.format(body), "C"), (f"to_tsvector('parvis_plain', {body})", "D")]
    return " || ".join(f"setweight({vector}, '{weight}')" for vector, weight in parts)


COLUMNS = (
    "id, organization_id, entry_id, space_id, author_id, kind, month, published_at, has_file, length, terms"
)
MONTH = "extract(year FROM {0})::int * 12 + extract(month FROM {0})::int"
KEEP = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[2:])

# What features write beside a text and want found with it: `{more}` is the SQL of all of it.
_beside: list[str] = []

_SAYS_NEW_WORDS = f"""
    EXISTS (SELECT FROM unnest(tsvector_to_array(ts_filter(search_passage.terms, '{{b,d}}'))) AS said(word)
            WHERE length(word) BETWEEN {SHORTEST} AND {LONGEST} AND NOT EXISTS (
                SELECT FROM search_word w
                WHERE w.organization_id = search_passage.organization_id AND w.word = said.word))
"""

# The text is put together once for all its four readings: OFFSET keeps PostgreSQL from writing it out in each.
REINDEX = f"""
    INSERT INTO search_passage ({COLUMNS})
    SELECT p.id, e.organization_id, e.id, e.space_id, e.author_id, e.kind, {MONTH.format("e.published_at")}, e.published_at,
           EXISTS (SELECT 1 FROM content_attachment a WHERE a.entry_id = e.id), length(p.terms), p.terms
    FROM content_entry e, LATERAL (
        SELECT e.id, {terms_of("said.title", "said.text")} AS terms
        FROM (SELECT e.title, {{more}} e.body_text AS text OFFSET 0) said
        UNION ALL
        SELECT f.id, {terms_of("translate(f.name, '.-', '  ')", "f.text")} FROM (
            SELECT a.id, coalesce(nullif(a.name, ''), s.name) AS name,
                   a.alternative_text || ' ' || coalesce(t.text, '') AS text
            FROM content_attachment a JOIN foundation_storedfile s ON s.id = a.file_id
            LEFT JOIN search_filetext t ON t.sha256 = s.sha256
            WHERE a.entry_id = e.id OFFSET 0
        ) f
    ) p
    WHERE e.id = ANY(%s) AND e.state = 'published'
    ON CONFLICT (id) DO UPDATE SET {KEEP}
    RETURNING entry_id, has_file, {_SAYS_NEW_WORDS}
"""

# What is no longer published, and files that are no longer attached.
_GONE = """
    NOT EXISTS (SELECT 1 FROM content_entry e WHERE e.id = p.entry_id AND e.state = 'published')
    OR (p.id <> p.entry_id AND NOT EXISTS (SELECT 1 FROM content_attachment a WHERE a.id = p.id))
"""
FORGET = f"DELETE FROM search_passage p WHERE entry_id = ANY(%s) AND ({_GONE})"
FORGET_IN_SPACES = f"DELETE FROM search_passage p WHERE space_id = ANY(%s) AND ({_GONE})"

NOT_INDEXED = """
    SELECT id FROM content_entry e WHERE e.state = 'published' AND {where}
    AND NOT EXISTS (SELECT 1 FROM search_passage p WHERE p.id = e.id)
"""

NAME = f"""
    INSERT INTO search_passage ({COLUMNS})
    SELECT v.id, %s, NULL, NULL, NULL, %s, 0, now(), false, length(v.terms), v.terms
    FROM (SELECT u.id, {terms_of("u.title", "u.body")} AS terms
          FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS u(id, title, body)) v
    ON CONFLICT (id) DO UPDATE SET {KEEP}
"""


@dataclass(frozen=True)
class Named:
    """Something that is found by its name, and by what is said of it."""

    id: UUID
    name: str
    text: str = ""


class Indexed(NamedTuple):
    """A passage that was written: of which entry, and what is still to be done for it."""

    entry_id: UUID
    has_file: bool
    says_new_words: bool


def index_beside(column: models.Field[Any, Any]) -> None:
    """Find entries by a text of a feature too: a column of a table that has one row, or none, for an entry."""
    table = column.model._meta.db_table
    text = f"(SELECT b.{column.column} FROM {table} b WHERE b.entry_id = e.id)"
    _beside.append(f"coalesce({text}, '') || ' ' ||")


def index_entries(entry_ids: Iterable[UUID], *, may_forget: bool = True) -> list[Indexed]:
    """Bring the terms of these entries and of their files up to date; what is no longer published is forgotten.

    Of new ones there is nothing to forget.
    """
    ids = list(entry_ids)
    if not ids:
        return []
    with connection.cursor() as cursor:
        if may_forget:
            cursor.execute(FORGET, [ids])
        cursor.execute(REINDEX.replace("{more}", " ".join(_beside)), [ids])
        return [Indexed(*row) for row in cursor.fetchall()]


def index_named(kind: str, things: Sequence[Named]) -> None:
    """Bring the terms of people, spaces or whatever else has a name up to date."""
    columns: list[Any] = [[thing.id for thing in things], [thing.name for thing in things]]
    if not things:
        return
    with connection.cursor() as cursor:
        cursor.execute(NAME, [current_organization_id(), kind, *columns, [thing.text for thing in things]])


def indexed_names(kind: str) -> set[UUID]:
    """Return the things of a kind that are found by name."""
    names = Passage.objects.filter(organization_id=current_organization_id(), month=0, kind=kind)
    return set(names.values_list("id", flat=True))


def forget_names(ids: Iterable[UUID]) -> None:
    """Forget things with a name."""
    organization_id = current_organization_id()
    Passage.objects.filter(organization_id=organization_id, month=0, id__in=list(ids)).delete()


def index_spaces(space_ids: Iterable[UUID]) -> int:
    """Index what came into these spaces and forget what went, e.g. after an import; return how many came."""
    spaces = list(space_ids)
    with connection.cursor() as cursor:
        cursor.execute(FORGET_IN_SPACES, [spaces])
        cursor.execute(NOT_INDEXED.format(where="e.space_id = ANY(%s)"), [spaces])
        ids = [row[0] for row in cursor.fetchall()]
    return _index_many(ids)


def index_missing(*, most: int = 20_000) -> int:
    """Index published entries that are not in the index, at most so many; return how many came."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_INDEXED.format(where="true") + " LIMIT %s", [most])
        ids = [row[0] for row in cursor.fetchall()]
    return _index_many(ids)


def index_all() -> int:
    """Index every published entry of the bound organization anew; return how many."""
    return _index_many(list(Entry.objects.filter(state=Entry.State.PUBLISHED).values_list("id", flat=True)))


def _index_many(ids: Sequence[UUID], *, batch: int = 1000) -> int:
    for start in range(0, len(ids), batch):
        index_entries(ids[start : start + batch])
    if ids:
        count_again()
    return len(ids)
