"""What differs between two texts."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from parvis.content.comparison import compared


@given(st.text(max_size=300), st.text(max_size=300))
def test_both_texts_are_in_the_pieces(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_only_the_words_that_changed_are_marked() -> None:
    pieces = [(piece.kind, piece.text) for piece in compared("The pump is loud.", "The pump is quiet.")]
    assert pieces == [("same", "The pump is "), ("removed", "loud"), ("added", "quiet"), ("same", ".")]


def test_a_long_text_takes_no_long_time() -> None:
    before = "\n".join(f"word {number} of a long text" for number in range(4000))
    started = time.perf_counter()
    compared(before, before.replace("word", "term"))
    compared("a" * 100_000, "b " * 50_000)
    assert time.perf_counter() - started < 2
