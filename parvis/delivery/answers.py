"""What a short answer can do, e.g. by mail: “read”, “+1”, “2”. Registered by the apps above.

register_answer(Answer(name="acknowledge", words={"en": ("read",), "fr": ("lu",)}, act=acknowledge_by_mail))
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parvis.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One thing that a line of text can do.

    `act` is called with the person, the subject of the line that is answered (`thread:<id>` …) and the text; it does
    it through an action, with all rights of that action, and returns the sentence that says so in the active
    language; None: it does not concern that subject, and the text is an ordinary answer.
    """

    name: str
    act: Callable[[Person, str, str], str | None]
    # By language: whole answers, in any case and with any punctuation at the end.
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # For what no list can name, e.g. the number of a choice; asked with the normalized text.
    matches: Callable[[str], bool] | None = None


_answers: dict[str, Answer] = {}


def register_answer(answer: Answer) -> None:
    """Make an answer known; those registered first are asked first."""
    _answers[answer.name] = answer


def answers_to(text: str) -> list[Answer]:
    """Return what a text may mean as a short answer, in the order of registration."""
    said = normalized(text)
    return [answer for answer in _answers.values() if said and _means(answer, said)]


def all_answers() -> list[Answer]:
    """Return every answer that is known."""
    return list(_answers.values())


def normalized(text: str) -> str:
    """Return a short text without case, outer punctuation and doubled spaces; accents stay."""
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return plain.strip(" .!…,;:\u00a0\u202f\"'«»“”")


def _means(answer: Answer, said: str) -> bool:
    is_word = any(said == normalized(word) for words in answer.words.values() for word in words)
    return is_word or (answer.matches is not None and answer.matches(said))
