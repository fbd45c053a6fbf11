"""From typed words to terms of the index: all the forms of a word, and what somebody may have meant by it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.search.index.question import MOST_WORDS, Question
from parvis.search.index.stores import ENTRIES, Store

# What the parser calls blanks, tags and entities, and wholes of which it gives the parts, too.
READ = f"""
    SELECT min(n), token,
        ts_lexize('french_stem', token) || ts_lexize('french_stem', unaccent(token)) || ts_lexize('english_stem', token),
        lower(unaccent(token)),
        (ts_lexize('french_stem', token) = '{{}}') OR (ts_lexize('english_stem', token) = '{{}}'),
        (SELECT max(passages) FROM search_word WHERE organization_id = %(organization)s AND word = ANY(
            ts_lexize('french_stem', token) || ts_lexize('french_stem', unaccent(token))
            || ts_lexize('english_stem', token) || lower(unaccent(token))))
    FROM ts_parse('default', %(words)s) WITH ORDINALITY AS parsed(tokid, token, n)
    WHERE tokid NOT IN (12, 13, 14, 15, 16, 17, 18, 23) AND length(token) <= 64
    GROUP BY token ORDER BY 1 LIMIT {MOST_WORDS}
"""
EXACTLY = "SELECT phraseto_tsquery('parvis_plain', unnest(%(phrases)s::text[]))::text"

# By its beginning, by what is inside it, and with one letter wrong; the most used first.
COMPLETE = """
    (SELECT word, passages, 0 AS distance FROM search_word WHERE organization_id = %(organization)s AND is_word
     AND word LIKE %(beginning)s AND word <> %(word)s ORDER BY passages DESC LIMIT 12)
"""
CONTAIN = """
    (SELECT word, passages, 1 FROM search_word WHERE organization_id = %(organization)s AND is_word
     AND word LIKE %(inside)s AND word <> %(word)s ORDER BY passages DESC LIMIT 12)
"""
CORRECT = """
    (SELECT word, passages, 2 FROM search_word WHERE organization_id = %(organization)s AND is_word
     AND word = ANY(%(variants)s) ORDER BY passages DESC LIMIT 6)
"""
# Two letters wrong: by what both have in common.
RESEMBLE = """
    SELECT word, passages FROM search_word WHERE organization_id = %(organization)s AND is_word AND word %% %(word)s
    ORDER BY similarity(word, %(word)s) DESC, passages DESC LIMIT 20
"""
ALPHABET = string.ascii_lowercase + string.digits
SHORTEST_BEGINNING, SHORTEST_PART, SHORTEST_TYPO, SHORTEST_TWO_TYPOS = 2, 4, 4, 7


@dataclass(frozen=True)
class Word:
    """One word of a question: as typed, its plain form, the terms that mean it, in how many passages they are."""

    typed: str
    plain: str
    terms: tuple[str, ...]
    is_common: bool
    passages: int
    # What it may have been meant to be: completions and corrections, the likeliest first.
    others: tuple[str, ...] = ()
    other_terms: tuple[str, ...] = ()


def read_words(question: Question, organization_id: UUID, store: Store = ENTRIES) -> list[Word]:
    """Return the words that count; those that every text says ("the", "les") only when there are no others."""
    with connection.cursor() as cursor:
        cursor.execute(store.sql(READ), {"words": question.words, "organization": organization_id})
        words = [
            Word(token, plain, _distinct([*(stems or []), plain]), bool(common), passages or 0)
            for _n, token, stems, plain, common, passages in cursor.fetchall()
        ]
    return [word for word in words if not word.is_common] or words


def phrase_words(question: Question) -> list[Word]:
    """Return the words of the phrases, to be marked where they stand."""
    typed = [word for phrase in question.phrases for word in re.findall(r"\w{3,}", phrase)]
    return [Word(word, word.lower(), (word.lower(),), False, 0) for word in typed[:MOST_WORDS]]


def exactly(phrases: Sequence[str]) -> list[str]:
    """Return phrases as queries."""
    if not phrases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(EXACTLY, {"phrases": list(phrases)})
        return [row[0] for row in cursor.fetchall() if row[0]]


def with_others(word: Word, organization_id: UUID, *, is_unknown: bool, store: Store = ENTRIES) -> Word:
    """Return a word with its completions; one that was not found also with what contains or resembles it."""
    rows = _others(word.plain, organization_id, store, is_unknown=is_unknown)
    others = [row[0] for row in sorted(rows, key=lambda row: (row[2], -row[1]))][:12]
    if not others:
        return word
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_lexize('french_stem', w) || ts_lexize('english_stem', w) || w FROM unnest(%s::text[]) w",
            [[other for other in others if len(other) > 3]],
        )
        # A correction means the word in all its forms; a completion is one form of many.
        stems = [term for (terms,) in cursor.fetchall() for term in terms or []] if is_unknown else []
    common = sum(row[1] for row in rows)
    known = max(word.passages, min(common, 5000))
    return replace(word, others=tuple(others), other_terms=_distinct([*others, *stems]), passages=known)


def _others(
    plain: str, organization_id: UUID, store: Store, *, is_unknown: bool
) -> list[tuple[str, int, int]]:
    escaped = plain.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    values: dict[str, Any] = {"organization": organization_id, "word": plain, "beginning": f"{escaped}%"}
    parts = [COMPLETE] if len(plain) >= SHORTEST_BEGINNING else []
    if is_unknown and len(plain) >= SHORTEST_PART:
        parts.append(CONTAIN)
        values["inside"] = f"_%{escaped}%"
    if is_unknown and len(plain) >= SHORTEST_TYPO:
        parts.append(CORRECT)
        values["variants"] = list(one_letter_wrong(plain))
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(store.sql(" UNION ALL ".join(parts)), values)
        rows: list[tuple[str, int, int]] = cursor.fetchall()
        if rows or not is_unknown or len(plain) < SHORTEST_TWO_TYPOS:
            return rows
        cursor.execute(store.sql(RESEMBLE), values)
        return [(word, count, 3) for word, count in cursor.fetchall() if distance(plain, word) <= 2]


def one_letter_wrong(word: str) -> set[str]:
    """Return the words that one letter missing, added, replaced or swapped with the next one makes of a word."""
    word = word[:32]
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    replaced = {left + letter + right[1:] for left, right in cuts if right for letter in ALPHABET}
    added = {left + letter + right for left, right in cuts for letter in ALPHABET}
    return (missing | swapped | replaced | added) - {word}


def distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added, removed or swapped to come from one word to the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one):
        older, before, row = before, row, [place + 1]
        for at, target in enumerate(other):
            least = min(before[at] + (letter != target), before[at + 1] + 1, row[at] + 1)
            if place and at and letter == other[at - 1] and one[place - 1] == target:
                least = min(least, older[at - 1] + 1)
            row.append(least)
    return row[-1]


def _distinct(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))
