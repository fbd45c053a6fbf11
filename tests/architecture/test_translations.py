"""All catalogues become one when Parvis runs."""

from __future__ import annotations

from parvis.config.tools import translations


def test_one_text_has_one_translation() -> None:
    assert list(translations.disagreements()) == []
