"""The only module that touches the index: writes it, and turns a query into entry ids of given spaces.

A text is indexed three ways, since none finds everything: stemmed in French with its accents, stemmed in
French without, and stemmed in English; names and parts of words are found by a plain unaccented form.
Dropping accents *before* the French stemmer alone would break its stems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.content.models import Entry

WORD = re.compile(r"\w+", re.UNICODE)
QUERY_LIMIT = 200

VECTOR = """
    setweight(to_tsvector('french', {title}) || to_tsvector('parvis_french', {title})
              || to_tsvector('english', {title}) || to_tsvector('parvis_plain', {title}), 'A')
    || setweight(to_tsvector('french', {body}) || to_tsvector('parvis_french', {body})
              || to_tsvector('english', {body}) || to_tsvector('parvis_plain', {body}), 'C')
"""

REINDEX = f"""
    INSERT INTO search_entry_terms (entry_id, organization_id, space_id, terms)
    SELECT id, organization_id, space_id, {VECTOR.format(title="title", body="left(body_text, 200000)")}
    FROM content_entry WHERE id = ANY(%s) AND state = 'published'
    ON CONFLICT (entry_id) DO UPDATE SET terms = excluded.terms, space_id = excluded.space_id
"""

FORGET = """
    DELETE FROM search_entry_terms t WHERE entry_id = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM content_entry e WHERE e.id = t.entry_id AND e.state = 'published')
"""

FORGET_IN_SPACES = """
    DELETE FROM search_entry_terms t WHERE space_id = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM content_entry e WHERE e.id = t.entry_id AND e.state = 'published')
"""

NOT_INDEXED_IN_SPACES = """
    SELECT id FROM content_entry e WHERE e.space_id = ANY(%s) AND e.state = 'published'
    AND NOT EXISTS (SELECT 1 FROM search_entry_terms t WHERE t.entry_id = e.id)
"""

# Relevance, halved for each year of age; a title weighs ten times a body (weights of D, C, B, A).
FIND = """
    SELECT t.entry_id FROM search_entry_terms t JOIN content_entry e ON e.id = t.entry_id,
         (SELECT websearch_to_tsquery('french', %(text)s) || websearch_to_tsquery('parvis_french', %(text)s)
              || websearch_to_tsquery('english', %(text)s) || to_tsquery('parvis_plain', %(prefixes)s) AS wanted) q
    WHERE t.terms @@ q.wanted AND t.organization_id = %(organization)s AND t.space_id = ANY(%(spaces)s)
    ORDER BY ts_rank('{0.05, 0.1, 0.4, 1.0}', t.terms, q.wanted, 1)
             * power(0.5, extract(epoch FROM now() - e.activity_at) / 31557600) DESC, e.id DESC
    LIMIT %(limit)s
"""


def index_entries(entry_ids: Iterable[UUID]) -> None:
    """Bring the terms of these entries up to date; what is no longer published is forgotten."""
    ids = list(entry_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [ids])
        cursor.execute(REINDEX, [ids])


def index_spaces(space_ids: Iterable[UUID], *, batch: int = 1000) -> int:
    """Index what came into these spaces and forget what went, e.g. after an import; return how many came."""
    spaces = list(space_ids)
    with connection.cursor() as cursor:
        cursor.execute(FORGET_IN_SPACES, [spaces])
        cursor.execute(NOT_INDEXED_IN_SPACES, [spaces])
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), batch):
            cursor.execute(REINDEX, [ids[start : start + batch]])
    return len(ids)


def index_all(*, batch: int = 1000) -> int:
    """Index every published entry of the bound organization, e.g. after an import; return how many."""
    ids = list(Entry.objects.filter(state=Entry.State.PUBLISHED).values_list("id", flat=True))
    for start in range(0, len(ids), batch):
        index_entries(ids[start : start + batch])
    return len(ids)


def find_entry_ids(*, text: str, organization_id: UUID, space_ids: Iterable[UUID], limit: int) -> list[UUID]:
    """Return the best entries of these spaces for what somebody typed; the last words match from their beginning."""
    prefixes = " & ".join(f"{word}:*" for word in WORD.findall(text[:QUERY_LIMIT])[:12])
    if not prefixes:
        return []
    parameters: dict[str, Any] = {
        "text": text[:QUERY_LIMIT].replace("\x00", ""),
        "prefixes": prefixes,
        "organization": organization_id,
        "spaces": list(space_ids),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        return [row[0] for row in cursor.fetchall()]
