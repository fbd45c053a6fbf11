"""What somebody finds: entries, files and whatever has a name, each by its own visibility rule.

The index only proposes ids. What is counted, shown or offered is read again from rows that the viewer may see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parvis.content.kinds import find_kind
from parvis.content.models import Attachment, Entry
from parvis.foundation.prepared import any_of, prepared
from parvis.people.models import Person
from parvis.people.queries import visible_people
from parvis.search.index import (
    ENOUGH,
    FEW_CANDIDATES,
    MOST_CANDIDATES,
    Filters,
    Found,
    Hit,
    Question,
    Word,
    find,
    for_typing,
    phrase_words,
    read_question,
    understand,
)
from parvis.search.models import FileText, SavedSearch
from parvis.search.snippets import plain
from parvis.search.sources import Source, sources
from parvis.spaces.models import Space

PAGE = 20
FEW = 4
MOST_FACETS = 8
# Looked at, of the names that fit a half-typed text.
MOST_NAMES = 60
ENTRIES, FILES = "entries", "files"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for. `segment` is "" for all, "entries", "files", the name of a kind, or of a source."""

    text: str
    segment: str = ""
    space_id: UUID | None = None
    author_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    has_file: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Tell whether only entries can be meant: a person has no author."""
        return bool(self.space_id or self.author_id or self.since or self.until or self.has_file)


@dataclass
class EntryHit:
    """An entry that was found; `attachment` is its file that says it, `file_text` what that says."""

    entry: Entry
    attachment: Attachment | None = None
    file_text: str = ""


@dataclass
class Results:
    """The hits of one search, and what is known about all of them."""

    entries: list[EntryHit] = field(default_factory=list)
    named: dict[str, list[Any]] = field(default_factory=dict)
    # How many of each segment the viewer may see; only for a search of everything.
    counts: Counter[str] = field(default_factory=Counter)
    # Spaces and authors of the hits with how many, the most first: what one can narrow by.
    spaces: list[tuple[UUID, int]] = field(default_factory=list)
    authors: list[tuple[UUID, int]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    # The text with its unknown words replaced by what was found instead.
    corrected: str = ""
    total: int = 0
    # There may be more than were weighed.
    is_bounded: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not self.entries and not any(self.named.values())


def search(
    viewer: Person, wish: Wish, *, offset: int = 0, limit: int = PAGE, facets: bool = False
) -> Results:
    """Return what the viewer may see that answers a wish, the best first."""
    question = read_question(wish.text)
    results = Results()
    if question.is_empty:
        return results
    words = understand(question)
    if not _is_source(wish.segment):
        most = MOST_CANDIDATES if facets else FEW_CANDIDATES
        found = find(question, _filters(viewer, wish), words, most=most)
        _add_entries(viewer, found, results, offset=offset, limit=limit, facets=facets)
    if not wish.is_narrowed and not offset:
        # Where texts say enough, a name is taken as it was typed.
        guess = bool(wish.segment) or results.total < ENOUGH
        _add_named(viewer, question, words, wish, results, limit=limit if wish.segment else FEW, guess=guess)
    results.words += phrase_words(question)
    results.corrected = _corrected(wish.text, question, results)
    return results


def find_entries(viewer: Person, text: str, *, limit: int = PAGE) -> list[Entry]:
    """Return the entries that the viewer may read and that say a text, the best first."""
    return [hit.entry for hit in search(viewer, Wish(text=text, segment=ENTRIES), limit=limit).entries]


def _is_source(segment: str) -> bool:
    return any(source.segment == segment for source in sources())


def _filters(viewer: Person, wish: Wish) -> Filters:
    readable = frozenset(_readable(viewer))
    return Filters(
        space_ids=readable if wish.space_id is None else readable & {wish.space_id},
        kinds=(wish.segment,) if find_kind(wish.segment) is not None else (),
        author_id=wish.author_id,
        since=wish.since,
        until=wish.until,
        has_file=wish.has_file,
        is_file=wish.segment == FILES,
    )


def _add_entries(
    viewer: Person, found: Found, results: Results, *, offset: int, limit: int, facets: bool
) -> None:
    results.words, results.is_bounded = found.words, found.is_bounded
    hits = _count(viewer, found.hits, results) if facets else found.hits
    results.entries = _read(viewer, hits[offset : offset + limit], with_thread=facets)
    results.total = len(hits)


def _count(viewer: Person, hits: Sequence[Hit], results: Results) -> list[Hit]:
    """Count what the viewer may see of the hits, by kind, space and author; return those."""
    rows = {row[0]: row[1:] for row in _places(viewer, [hit.id for hit in hits])}
    seen = [hit for hit in hits if hit.id in rows]
    results.counts.update(rows[hit.id][0] for hit in seen)
    results.counts[FILES] = sum(hit.is_file for hit in seen)
    results.counts[ENTRIES] = len(seen)
    results.spaces = Counter(rows[hit.id][1] for hit in seen).most_common(MOST_FACETS)
    results.authors = Counter(rows[hit.id][2] for hit in seen).most_common(MOST_FACETS)
    return seen


def _read(viewer: Person, hits: Sequence[Hit], *, with_thread: bool = False) -> list[EntryHit]:
    """Read the entries of hits by the one rule, and the files that say what was asked."""
    if not hits:
        return []
    found = _visible_in_thread if with_thread else _visible
    entries = {entry.id: entry for entry in found(viewer, [hit.id for hit in hits])}
    shown = [hit for hit in hits if hit.id in entries]
    files = _files([hit.passage_id for hit in shown if hit.is_file])
    return [_entry_hit(entries[hit.id], files.get(hit.passage_id)) for hit in shown]


@prepared
def _readable(viewer: Person) -> QuerySet[Space, UUID]:
    return Space.objects.readable_by(viewer).values_list("id", flat=True)


@prepared
def _places(viewer: Person, ids: list[UUID]) -> QuerySet[Entry, tuple[UUID, str, UUID, UUID]]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.values_list("id", "kind", "space_id", "author_id")


@prepared
def _visible(viewer: Person, ids: list[UUID]) -> QuerySet[Entry]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.select_related("author", "space")


@prepared
def _visible_in_thread(viewer: Person, ids: list[UUID]) -> QuerySet[Entry]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.select_related("author", "space", "thread")


def _entry_hit(entry: Entry, file: tuple[Attachment, str] | None) -> EntryHit:
    # An attachment is readable where its entry is.
    if file is None or file[0].entry_id != entry.id:
        return EntryHit(entry)
    return EntryHit(entry, *file)


def _files(ids: Collection[UUID]) -> dict[UUID, tuple[Attachment, str]]:
    if not ids:
        return {}
    attachments = _attachments(list(ids))
    contents = {attachment.file.sha256 for attachment in attachments}
    texts = dict(FileText.objects.filter(sha256__in=contents).values_list("sha256", "text"))
    return {item.id: (item, texts.get(item.file.sha256, "")) for item in attachments}


@prepared
def _attachments(ids: list[UUID]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(any_of("content_attachment.id", ids)).select_related("file")


def _add_named(
    viewer: Person,
    question: Question,
    words: Sequence[Word],
    wish: Wish,
    results: Results,
    *,
    limit: int,
    guess: bool,
) -> None:
    wanted = [source for source in sources() if wish.segment in ("", source.segment)]
    kinds = tuple(source.kind for source in wanted if source.index is not None) if wish.segment else ()
    found = Found()
    if kinds or not wish.segment:
        found = find(question, Filters(kinds=kinds), words, names=True, guess=guess)
    for source in wanted:
        things = _named_of(viewer, source, found, question, limit=limit)
        results.named[source.segment] = things[:limit]
        results.counts[source.segment] = len(things)
    guessed = [word for word in found.words if word.others]
    results.words = [*results.words, *guessed] if results.words else found.words


def _named_of(viewer: Person, source: Source, found: Found, question: Question, *, limit: int) -> list[Any]:
    """Return the things of a source that were found, as far as the viewer may know of them."""
    if source.find is not None:
        return list(source.find(viewer, question.text, limit))
    ids = [hit.id for hit in found.hits if hit.kind == source.kind]
    visible = source.index.visible(viewer, ids) if ids and source.index is not None else {}
    return [visible[id] for id in ids if id in visible]


def _corrected(text: str, question: Question, results: Results) -> str:
    """Return the text as it was understood, where that is another one: only words that the viewer was shown."""
    if not question.is_plain or not any(word.others for word in results.words):
        return ""
    said = plain(_all_that_is_shown(results))
    meant = text
    for word in results.words:
        if word.plain in said:
            continue
        other = next((other for other in word.others if other in said), "")
        if other and word.plain not in other:
            meant = re.sub(rf"(?<!\w){re.escape(word.typed)}(?!\w)", other, meant)
    return meant if meant != text else ""


def _all_that_is_shown(results: Results) -> str:
    parts = [f"{hit.entry.title} {hit.entry.body_text} {hit.file_text}" for hit in results.entries]
    for source in sources():
        parts += [
            f"{shown.title} {shown.text}" for shown in map(source.show, results.named.get(source.segment, []))
        ]
    return " ".join(part[:20_000] for part in parts)


@dataclass
class Suggestions:
    """What is offered while one types."""

    named: list[tuple[Source, Any]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    saved: list[SavedSearch] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)


def suggest(viewer: Person, text: str) -> Suggestions:
    """Return people, spaces …, entries with such a title or text, and saved searches, for a half-typed text."""
    question = read_question(text)
    if question.is_empty:
        return Suggestions(saved=list(saved_searches(viewer)[:FEW]))
    words = for_typing(question)
    suggestions = Suggestions(words=words)
    found = find(question, Filters(), words, names=True, guess=False)
    found.hits = found.hits[:MOST_NAMES]
    for source in sources():
        things = _named_of(viewer, source, found, question, limit=FEW)
        suggestions.named += [(source, thing) for thing in things[:FEW]]
    spaces = Filters(space_ids=frozenset(_readable(viewer)))
    entries = find(question, spaces, words, guess=False)
    suggestions.entries = [hit.entry for hit in _read(viewer, entries.hits[:FEW])]
    suggestions.saved = list(saved_searches(viewer).filter(name__icontains=question.text)[:FEW])
    return suggestions


def saved_searches(viewer: Person) -> QuerySet[SavedSearch]:
    """Return one's own saved searches, by name."""
    mine: QuerySet[SavedSearch] = SavedSearch.objects.filter(person=viewer).order_by("name", "id")
    return mine


def names_of(
    viewer: Person, results: Results, wish: Wish
) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
    """Return the spaces and the authors that one can narrow by, with those that one narrowed by already."""
    space_ids = [id for id, _count in results.spaces] + ([wish.space_id] if wish.space_id else [])
    author_ids = [id for id, _count in results.authors]
    spaces = dict(_names_of_spaces(viewer, space_ids))
    # Whoever wrote something that one reads is named beside it.
    authors = dict(_names_of_people(author_ids))
    if wish.author_id is not None and wish.author_id not in authors:
        known = visible_people(viewer).filter(id=wish.author_id).values_list("id", "full_name")
        authors.update(dict(known))
        author_ids.append(wish.author_id)
    return _in_order(space_ids, spaces), _in_order(author_ids, authors)


@prepared
def _names_of_spaces(viewer: Person, ids: list[UUID]) -> QuerySet[Space, tuple[UUID, str]]:
    return Space.objects.readable_by(viewer).filter(any_of("spaces_space.id", ids)).values_list("id", "name")


@prepared
def _names_of_people(ids: list[UUID]) -> QuerySet[Person, tuple[UUID, str]]:
    return Person.objects.filter(any_of("people_person.id", ids)).values_list("id", "full_name")


def _in_order(ids: Sequence[UUID], names: Mapping[UUID, str]) -> list[tuple[UUID, str]]:
    return [(id, names[id]) for id in dict.fromkeys(ids) if id in names]
