"""The only room that touches the index. It writes terms, and turns questions into ids, which say nothing yet:
every id is joined back to rows that are protected (ADR 0008).

A text is indexed four ways, since none finds everything: stemmed in French with its accents, stemmed in French
without, stemmed in English, and as typed without accents. Dropping accents *before* the French stemmer alone
would break its stems.
"""

from parvis.search.index.counting import count_again, remember_words
from parvis.search.index.finding import (
    ENOUGH,
    FEW_CANDIDATES,
    MOST_CANDIDATES,
    Found,
    Hit,
    find,
    for_typing,
    understand,
)
from parvis.search.index.question import LONGEST, Filters, Question, read_question
from parvis.search.index.stores import ENTRIES, Store, Upkeep, keep_up, kept_stores
from parvis.search.index.wording import Word, phrase_words
from parvis.search.index.writing import (
    COLUMNS,
    KEEP,
    MONTH,
    Named,
    forget_names,
    index_all,
    index_beside,
    index_entries,
    index_missing,
    index_named,
    index_spaces,
    indexed_names,
    terms_of,
)

__all__ = [
    "COLUMNS",
    "ENOUGH",
    "ENTRIES",
    "FEW_CANDIDATES",
    "KEEP",
    "LONGEST",
    "MONTH",
    "MOST_CANDIDATES",
    "Filters",
    "Found",
    "Hit",
    "Named",
    "Question",
    "Store",
    "Upkeep",
    "Word",
    "count_again",
    "find",
    "for_typing",
    "forget_names",
    "index_all",
    "index_beside",
    "index_entries",
    "index_missing",
    "index_named",
    "index_spaces",
    "indexed_names",
    "keep_up",
    "kept_stores",
    "phrase_words",
    "read_question",
    "remember_words",
    "terms_of",
    "understand",
]
