"""A fragment is found again by all that its macro was given, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from markupsafe import Markup

from parvis.foundation.ui.environment import environment
from parvis.foundation.ui.kept import Unkeepable, fingerprint, forget_fragments, kept
from parvis.foundation.ui.nonces import page_nonce

MACROS = """
{% macro greeting(name) %}{{ calls() }}{{ _("Search") }} {{ name }}{% endmacro %}
{% macro form(fresh="") %}<form hx-post="/x">{{ csrf_field() }}{{ fresh }}</form>{% endmacro %}
"""


def secret_field() -> Markup:
    return Markup("<input>")


@pytest.fixture
def macros() -> Any:
    forget_fragments()
    made: list[int] = []

    def calls() -> str:
        made.append(1)
        return ""

    template = environment().from_string(MACROS, globals={"calls": calls})
    module: Any = template.module
    module.made = made
    return module


def test_the_same_values_make_a_fragment_once(macros: Any) -> None:
    for name in ("Ada", "Ada", "Grace"):
        assert name in kept(macros.greeting, name, secret_field=secret_field)
    assert len(macros.made) == 2


def test_each_language_has_its_own(macros: Any) -> None:
    for language, word in (("en", "Search"), ("fr", "Rechercher"), ("en", "Search")):
        with translation.override(language):
            assert word in kept(macros.greeting, "Ada", secret_field=secret_field)


def test_markup_is_not_taken_for_the_same_text(macros: Any) -> None:
    assert "<b>" in kept(macros.greeting, Markup("<b>"), secret_field=secret_field)
    assert "&lt;b&gt;" in kept(macros.greeting, "<b>", secret_field=secret_field)


def test_each_page_fills_in_its_own_secrets(macros: Any) -> None:
    shown = []
    for nonce in ("one", "two"):
        token = page_nonce.set(nonce)
        shown.append(kept(macros.form, fresh=f"id-{nonce}", secret_field=secret_field))
        page_nonce.reset(token)
    assert shown == [f'<form hx-nonce="{n}" hx-post="/x"><input>id-{n}</form>' for n in ("one", "two")]


def test_what_cannot_be_compared_is_made_anew(macros: Any) -> None:
    with pytest.raises(Unkeepable):
        fingerprint(object())
    for _turn in range(2):
        kept(macros.greeting, object(), secret_field=secret_field)
    assert len(macros.made) == 2
