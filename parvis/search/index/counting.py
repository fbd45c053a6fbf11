"""How often words are used: what a rare word weighs more by, and what parts of words and typos are held against.

Counts are of a whole organization and only weigh; which words an asker can be shown is decided by what was
found for them. They are taken by a job, month by month; between two turns a new word counts as rare, which it is.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from parvis.foundation.tenancy import current_organization_id
from parvis.search.index.stores import ENTRIES, Store

SHORTEST, LONGEST = 2, 40
# Above that the rarest words are left out: they are found all the same, only typos of them are not put right.
MOST_WORDS = 500_000
CACHE_SECONDS = 300

READ_VOLUMES = """
    SELECT month, passages FROM search_volume WHERE organization_id = %s AND month > 0 ORDER BY month DESC
"""

COUNT_VOLUMES = """
    WITH counted AS (
        SELECT month, count(*) AS passages FROM search_passage WHERE organization_id = %(organization)s GROUP BY month
    ), gone AS (
        DELETE FROM search_volume WHERE organization_id = %(organization)s AND month NOT IN (SELECT month FROM counted)
    )
    INSERT INTO search_volume (organization_id, month, passages)
    SELECT %(organization)s, month, passages FROM counted
    ON CONFLICT (organization_id, month) DO UPDATE SET passages = excluded.passages
    RETURNING month
"""

# ts_stat takes its question as a text: the organization is a UUID of ours and the month a number.
COUNT_WORDS = """
    INSERT INTO search_counting (word, is_word, passages)
    SELECT left(word, 64), bool_or(weights = 'bd'), max(ndoc) FROM (
        SELECT word, ndoc, '' AS weights FROM ts_stat(%(question)s)
        UNION ALL SELECT word, ndoc, 'bd' FROM ts_stat(%(question)s, 'bd')
    ) counted WHERE length(word) BETWEEN %(shortest)s AND %(longest)s GROUP BY 1
    ON CONFLICT (word) DO UPDATE SET passages = search_counting.passages + excluded.passages,
        is_word = search_counting.is_word OR excluded.is_word
"""

PUT_BACK = """
    WITH most AS (SELECT * FROM search_counting ORDER BY passages DESC LIMIT %(most)s), gone AS (
        DELETE FROM search_word w WHERE organization_id = %(organization)s
        AND NOT EXISTS (SELECT 1 FROM most WHERE most.word = w.word)
    )
    INSERT INTO search_word (organization_id, word, is_word, passages)
    SELECT %(organization)s, word, is_word, passages FROM most ORDER BY word
    ON CONFLICT (organization_id, word) DO UPDATE SET is_word = excluded.is_word, passages = excluded.passages
    WHERE (search_word.is_word, search_word.passages) IS DISTINCT FROM (excluded.is_word, excluded.passages)
"""

REMEMBER = """
    INSERT INTO search_word (organization_id, word, is_word, passages)
    SELECT DISTINCT p.organization_id, word, true, 1
    FROM search_passage p, unnest(tsvector_to_array(ts_filter(p.terms, '{b,d}'))) AS word
    WHERE (p.id = ANY(%(ids)s) OR p.entry_id = ANY(%(ids)s)) AND length(word) BETWEEN %(shortest)s AND %(longest)s
    AND NOT EXISTS (SELECT 1 FROM search_word w WHERE w.organization_id = p.organization_id AND w.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Volumes:
    """How much there is to search, and since when."""

    total: int
    # Passages by month, newest first.
    by_month: tuple[tuple[int, int], ...]

    def months_for(self, wanted: float, *, expected: float) -> list[int] | None:
        """Return the newest months that hold about `wanted` of `expected` hits; None for all of them."""
        if expected <= wanted or not self.total:
            return None
        needed, months = self.total * wanted / expected, []
        for month, passages in self.by_month:
            months.append(month)
            needed -= passages
            if needed <= 0:
                break
        # What came after the last count.
        newest = months[0] if months else 0
        return [newest + 2, newest + 1, *months]


def volumes(store: Store = ENTRIES) -> Volumes:
    """Return how much the bound organization has to search; some minutes old at most."""
    kept = cache.get_or_set(_key(store), functools.partial(_read_volumes, store), CACHE_SECONDS)
    return cast(Volumes, kept)


def _key(store: Store) -> str:
    return f"{store.volumes}:{current_organization_id()}"


def _read_volumes(store: Store) -> Volumes:
    with connection.cursor() as cursor:
        cursor.execute(store.sql(READ_VOLUMES), [current_organization_id()])
        by_month = tuple(cursor.fetchall())
    return Volumes(sum(passages for _month, passages in by_month), by_month)


def count_again(store: Store = ENTRIES) -> None:
    """Count the words of the bound organization anew, month by month, so that memory stays bounded."""
    organization_id = current_organization_id()
    bounds: dict[str, Any] = {
        "organization": organization_id,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "most": MOST_WORDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(store.sql(COUNT_VOLUMES), bounds)
        months = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS search_counting"
            " (word text PRIMARY KEY, is_word boolean, passages integer) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE search_counting")
        for month in months:
            question = (
                f"SELECT terms FROM {store.passages} WHERE organization_id = '{organization_id}'"
                f" AND month = {month:d}"
            )
            cursor.execute(COUNT_WORDS, {**bounds, "question": question})
        cursor.execute(store.sql(PUT_BACK), bounds)
    cache.delete(_key(store))


def remember_words(ids: Sequence[UUID], store: Store = ENTRIES) -> None:
    """Remember the words of these passages, so that parts of them are found before the next count."""
    with connection.cursor() as cursor:
        cursor.execute(store.sql(REMEMBER), {"ids": list(ids), "shortest": SHORTEST, "longest": LONGEST})
