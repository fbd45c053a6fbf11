import pytest

from parvis.foundation.richtext import excerpt


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("court", 10, "court"),
        ("a\n\n b\t c", 10, "a b c"),
        ("Bonjour à tous, merci", 16, "Bonjour à tous…"),
        ("Bonjour à tous", 13, "Bonjour à…"),
        ("anticonstitutionnellement", 10, "anticonst…"),
        ("ae\u0301e\u0301", 3, "a…"),
        ("x👨‍👩‍👧‍👦", 5, "x…"),
        ("", 5, ""),
    ],
)
def test_an_excerpt_ends_between_words_or_whole_characters(text: str, length: int, expected: str) -> None:
    assert excerpt(text, length) == expected
