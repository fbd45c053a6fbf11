"""Mails as the programs of French and English readers write them: what their senders wrote is found, and nothing else."""

from __future__ import annotations

import pathlib
import tomllib

import pytest

from parvis.mail.incoming.cutting import cut
from parvis.mail.incoming.letters import read_letter

CORPUS = pathlib.Path(__file__).parent / "corpus"
EXPECTED: dict[str, str] = tomllib.loads((CORPUS / "expected.toml").read_text())
NAMES = ("Chloé Élan", "Bob Dupont")


def test_every_mail_of_the_corpus_says_what_is_expected_of_it() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} == set(EXPECTED) and len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_what_was_written_is_found(name: str) -> None:
    letter = read_letter((CORPUS / f"{name}.eml").read_bytes())
    assert cut(letter.text, names=NAMES) == EXPECTED[name]
