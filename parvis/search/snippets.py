"""The part of a text that says what was asked, with the words marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from markupsafe import Markup, escape

from parvis.search.index import Word

LENGTH = 220
# Words further down are found, too; only their place is not shown.
READ_FIRST, READ = 4_000, 40_000
SHORTEST_STEM = 3


def _plain_letters() -> dict[int, str]:
    """One letter for one letter, so that places stay true: accents of the Latin script, and İ, which grows."""
    letters = map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    bases = {letter: unicodedata.normalize("NFKD", letter) for letter in letters}
    return {ord(letter): base[0] for letter, base in bases.items() if base != letter and base[0].isalpha()}


PLAIN_LETTERS = _plain_letters()


def plain(text: str) -> str:
    """Return a text in small letters without accents, of the same length."""
    return text.translate(PLAIN_LETTERS).lower() if not text.isascii() else text.lower()


def pattern_of(words: Iterable[Word]) -> re.Pattern[str] | None:
    """Return what finds the forms of these words in a plain text; escaped and linear."""
    whole: set[str] = set()
    stems: set[str] = set()
    for word in words:
        forms = [plain(term) for term in (word.plain, *word.terms, *word.other_terms)]
        whole |= {form for form in forms if form}
        stems |= {form for form in forms if len(form) >= SHORTEST_STEM}
    if not whole:
        return None
    longest_first = sorted(stems, key=len, reverse=True)[:60]
    ends = "|".join(f"{re.escape(stem)}\\w{{0,{_tail(stem)}}}" for stem in longest_first)
    exact = "|".join(map(re.escape, sorted(whole, key=len, reverse=True)[:60]))
    return re.compile(rf"(?<!\w)(?:{exact}{'|' + ends if ends else ''})(?!\w)")


def _tail(stem: str) -> int:
    """How many letters a form adds to a stem: few to a short one, which begins many other words."""
    return 2 if len(stem) < 5 else 7


def marked(text: str, pattern: re.Pattern[str] | None) -> Markup:
    """Return a short text with the words marked."""
    return Markup(_marked(text, pattern))  # noqa: S704 - every piece was escaped


def _marked(text: str, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return str(escape(text))
    pieces, last = [], 0
    for match in pattern.finditer(plain(text)):
        start, end = match.span()
        pieces += [str(escape(text[last:start])), "<mark>", str(escape(text[start:end])), "</mark>"]
        last = end
    return "".join([*pieces, str(escape(text[last:]))])


def snippet(text: str, pattern: re.Pattern[str] | None, *, length: int = LENGTH) -> Markup:
    """Return the stretch of a text that says most of the words, marked, with an ellipsis where it was cut."""
    flat = " ".join(text[:READ_FIRST].split())
    if len(text) > READ_FIRST and (pattern is None or not pattern.search(plain(flat))):
        flat = " ".join(text[:READ].split())
    start = _best_start(flat, pattern, length) if pattern is not None and len(flat) > length else 0
    if start:
        start = flat.find(" ", max(0, start - length // 4)) + 1 or start
    end = len(flat) if len(flat) <= start + length else flat.rfind(" ", start, start + length)
    end = end if end > start else start + length
    pieces = ["… " if start else "", _marked(flat[start:end], pattern), "" if end >= len(flat) else " …"]
    return Markup("".join(pieces))  # noqa: S704 - every piece was escaped


def _best_start(flat: str, pattern: re.Pattern[str], length: int) -> int:
    """Return where the stretch with most different words begins; 0 when the beginning is as good."""
    found = [(match.start(), match[0][:5]) for match in pattern.finditer(plain(flat))][:200]
    best, best_count = 0, 0
    for place, (start, _form) in enumerate(found):
        forms = {form for at, form in found[place : place + 20] if at < start + length * 3 // 4}
        if len(forms) > best_count:
            best, best_count = start, len(forms)
    return 0 if best < length // 2 else best
