"""Find and weigh: passages of given spaces for a question, the best first.

The weight of a hit is that of BM25 in spirit: a rare word counts more, saying it often counts ever less, a long
text counts less, a title much more; what is fresh comes a little before. PostgreSQL's `ts_rank` of one word
saturates as it should and knows no rarity; a sum of one per word, weighed by rarity, ranks nearly as well as BM25
(`bin/bench search`). Only a bounded number of candidates is weighed: all that say every word, or else those that
say the rarest; of a word that everybody uses, the newest.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.foundation.tenancy import current_organization_id
from parvis.search.index.counting import Volumes, volumes
from parvis.search.index.question import Filters, Question
from parvis.search.index.stores import ENTRIES, Store
from parvis.search.index.wording import Word, exactly, read_words, with_others

# Weighed at most, looked at about.
MOST_CANDIDATES = 400
# Where only the best are wanted and nothing is counted.
FEW_CANDIDATES = 200
MOST_READ = 1500
# Fewer hits with every word than that: those with some of the words are good, too.
ENOUGH = 20
LONGEST_NAME = 3
# D text as typed, C stems of the text, B title as typed, A stems of the title.
WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"
# A completion or correction is a guess.
GUESS = 0.6

_FILTERS = """
    AND organization_id = %(organization)s
    AND (%(author)s::uuid IS NULL OR author_id = %(author)s)
    AND (%(since)s::timestamptz IS NULL OR published_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR published_at < %(until)s)
    AND (NOT %(has_file)s OR has_file)
    AND (NOT %(is_file)s OR id <> entry_id)
    AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
"""
_IN_SPACES = " AND space_id IN (SELECT unnest(%(spaces)s::uuid[]))"
_NAMES = " AND month = 0"
_CANDIDATES = """
    SELECT id, entry_id, kind, published_at, length, terms FROM search_passage
    WHERE terms @@ %({query})s::tsquery {reach} {filters} {gate} ORDER BY published_at DESC LIMIT {most}
"""
FIND = """
    WITH every AS MATERIALIZED ({every}), part AS MATERIALIZED ({part}),
    candidate AS (SELECT * FROM every UNION ALL SELECT * FROM part)
    SELECT coalesce(entry_id, id), id, kind, {marks},
           ({weight}) / (1 + 0.3 * ln(1 + length))
           * (0.75 + 0.25 * exp(-extract(epoch FROM now() - published_at)::float8 / 22764000)) AS score
    FROM candidate, LATERAL (SELECT terms || ''::tsvector AS vector OFFSET 0) read
    ORDER BY score DESC, id DESC
"""


@dataclass(frozen=True)
class Hit:
    """A passage that was found: the entry (or the named thing) to show, and the file where it stands in one."""

    id: UUID
    passage_id: UUID
    kind: str

    @property
    def is_file(self) -> bool:
        """Tell whether a file says it."""
        return self.passage_id != self.id


@dataclass
class Found:
    """The hits of one question, the best first, one per entry; and what its words were taken for."""

    hits: list[Hit] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    # Words that no hit says as they were typed.
    unknown: frozenset[str] = frozenset()
    is_bounded: bool = False


def understand(question: Question, store: Store = ENTRIES) -> list[Word]:
    """Return the words of a question as they were typed."""
    return read_words(question, current_organization_id(), store) if question.words else []


def for_typing(question: Question) -> list[Word]:
    """Return the words of a half-typed question, the last one with what it may become."""
    organization_id = current_organization_id()
    words = understand(question)
    return [*words[:-1], *(with_others(word, organization_id, is_unknown=False) for word in words[-1:])]


def find(
    question: Question,
    filters: Filters,
    words: Sequence[Word],
    *,
    names: bool = False,
    guess: bool = True,
    most: int = MOST_CANDIDATES,
    store: Store = ENTRIES,
) -> Found:
    """Return what the spaces of the filters say about a question; `names` looks for people, spaces … instead.

    With `guess`, words are completed and corrected when little was found.
    """
    if question.is_empty or (not names and not filters.space_ids):
        return Found()
    search = _Search(question, filters, names=names, most=most, store=store)
    hits, unknown, is_bounded = search.run(words)
    if guess and words and (_is_name(words) if names else True) and len(hits) < ENOUGH:
        # Guess what was meant: the last word may not be finished, and one that nothing says may be misspelt.
        # "Nothing" is nothing that the asker may read: whether others use a word must not show.
        guessed = [
            with_others(word, search.organization_id, is_unknown=word.typed in unknown, store=store)
            if word.typed in unknown or word is words[-1]
            else word
            for word in words
        ]
        if guessed != words:
            words = guessed
            hits, _unknown, is_bounded = search.run(words)
    return Found(_one_per_entry(hits), list(words), unknown, is_bounded)


def _is_name(words: Sequence[Word]) -> bool:
    """Names are short: a sentence is none that was misspelt."""
    return len(words) <= LONGEST_NAME


def _one_per_entry(hits: Sequence[Hit]) -> list[Hit]:
    best: dict[UUID, Hit] = {}
    for hit in hits:
        best.setdefault(hit.id, hit)
    return list(best.values())


class _Search:
    """One question put to the index, perhaps twice: with the words as typed, then with guesses."""

    def __init__(self, question: Question, filters: Filters, *, names: bool, most: int, store: Store) -> None:
        self.organization_id = current_organization_id()
        self.store = store
        self.volumes: Volumes = volumes(store)
        self.names, self.most = names, most
        excluded = [f"!({phrase})" for phrase in exactly(question.excluded)]
        self.demanded = [f"({phrase})" for phrase in exactly(question.phrases)] + excluded
        self.parameters: dict[str, Any] = {
            "organization": self.organization_id,
            "spaces": list(filters.space_ids),
            "author": filters.author_id,
            "since": filters.since,
            "until": filters.until,
            "has_file": filters.has_file,
            "is_file": filters.is_file,
            "kinds": list(filters.kinds) or None,
        }

    def run(self, words: Sequence[Word]) -> tuple[list[Hit], frozenset[str], bool]:
        """Return the hits of these words, those of the words that no hit says, and whether there are more."""
        if not words and not self.demanded:
            return [], frozenset(), False
        parameters = {**self.parameters, **self._queries(words)}
        statement = FIND.format(
            every=self._candidates("every", words, gate=""),
            part=self._candidates(
                "part",
                words,
                gate=f"AND NOT terms @@ %(every)s::tsquery AND (SELECT count(*) FROM every) < {ENOUGH}",
            ),
            marks=_marks(words),
            weight=_weight(words),
        )
        with connection.cursor() as cursor:
            cursor.execute(self.store.sql(statement), {**parameters, **self._reach(words)})
            rows = cursor.fetchall()
        said = 0
        for row in rows:
            said |= row[3]
        unknown = frozenset(word.typed for place, word in enumerate(words) if not said & 1 << place)
        return [Hit(row[0], row[1], row[2]) for row in rows], unknown, len(rows) >= self.most

    def _candidates(self, query: str, words: Sequence[Word], *, gate: str) -> str:
        reach = _NAMES if self.names else _IN_SPACES
        if not self.names and self._months(query, words) is not None:
            reach += f" AND month = ANY(%({query}_months)s::integer[])"
        return _CANDIDATES.format(query=query, reach=reach, filters=_FILTERS, gate=gate, most=self.most)

    def _queries(self, words: Sequence[Word]) -> dict[str, Any]:
        terms = [any_of(word.terms + word.other_terms) for word in words]
        rarest = [any_of(word.terms + word.other_terms) for word in rarest_of(words)]
        values: dict[str, Any] = {f"word{place}": any_of(word.terms) for place, word in enumerate(words)}
        values |= {
            f"guess{place}": any_of(word.other_terms) for place, word in enumerate(words) if word.other_terms
        }
        values |= {f"rarity{place}": self._rarity(word) for place, word in enumerate(words)}
        values["every"] = " & ".join([*terms, *self.demanded])
        values["part"] = " & ".join([*([f"({' | '.join(rarest)})"] if rarest else []), *self.demanded])
        return values

    def _reach(self, words: Sequence[Word]) -> dict[str, Any]:
        return {f"{query}_months": self._months(query, words) for query in ("every", "part")}

    def _months(self, query: str, words: Sequence[Word]) -> list[int] | None:
        """The newest months that have enough to weigh; None when that is all of them."""
        if not words:
            return None
        total = max(self.volumes.total, 1)
        counts = [word.passages for word in words]
        if query == "every":
            # Words of one question go together more often than chance has it.
            together = 10 ** (len(words) - 1) * math.prod(count / total for count in counts)
            expected = min(min(counts), total * together)
        else:
            expected = sum(word.passages for word in rarest_of(words))
        return self.volumes.months_for(MOST_READ, expected=expected)

    def _rarity(self, word: Word) -> float:
        count = min(word.passages, self.volumes.total)
        return math.log(1 + (self.volumes.total - count + 0.5) / (count + 0.5))


def rarest_of(words: Sequence[Word]) -> list[Word]:
    """Return the words that make candidates: the rarest ones, as far as they are in few enough passages."""
    chosen: list[Word] = []
    for word in sorted(words, key=lambda word: word.passages):
        if chosen and sum(other.passages for other in chosen) + word.passages > MOST_CANDIDATES:
            break
        chosen.append(word)
    return chosen


def any_of(terms: Collection[str]) -> str:
    """Return the query that any of these terms satisfies."""
    quoted = ("'" + term.replace("\\", "\\\\").replace("'", "''") + "'" for term in terms)
    return f"({' | '.join(quoted)})"


def _marks(words: Sequence[Word]) -> str:
    """Which words a passage says, one bit for each."""
    bits = [f"((vector @@ %(word{place})s::tsquery)::int << {place})" for place in range(len(words))]
    return " | ".join(bits) or "0"


def _weight(words: Sequence[Word]) -> str:
    parts = []
    for place, word in enumerate(words):
        rank = f"ts_rank('{WEIGHTS}', vector, %(word{place})s::tsquery)"
        if word.other_terms:
            rank = f"greatest({rank}, {GUESS} * ts_rank('{WEIGHTS}', vector, %(guess{place})s::tsquery))"
        parts.append(f"%(rarity{place})s::float8 * {rank}")
    return " + ".join(parts) or "1"
