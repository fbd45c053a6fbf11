"""A short answer means what somebody registered for it, whatever its case and punctuation."""

from __future__ import annotations

import pytest

from parvis.delivery import answers
from parvis.delivery.answers import Answer, answers_to, register_answer


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers and no others."""
    monkeypatch.setattr(answers, "_answers", {})
    words = {"en": ("read", "+1"), "fr": ("lu", "bien reçu")}
    register_answer(Answer(name="seen", words=words, act=lambda person, subject, text: "Noted."))
    register_answer(Answer(name="number", matches=str.isdecimal, act=lambda person, subject, text: None))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Lu.", ["seen"]),
        ("  READ !\n", ["seen"]),
        ("bien  reçu", ["seen"]),
        ("+1", ["seen"]),
        ("2", ["number"]),
        ("I read it", []),
        ("", []),
        ("...", []),
    ],
)
def test_a_short_answer_is_recognised(known: None, text: str, meant: list[str]) -> None:
    assert [answer.name for answer in answers_to(text)] == meant
