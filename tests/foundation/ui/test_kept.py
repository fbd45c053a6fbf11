"""A fragment is found again by all that its macro was given, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from markupsafe import Markup

from parvis.foundation.ui.environment import environment
from parvis.foundation.ui.kept import FORM_SLOT, NONCE_SLOT, Unkeepable, fingerprint, forget_fragments, kept
from parvis.foundation.ui.nonces import page_nonce

MACROS = """
{% macro greeting(name) %}{{ calls() }}{{ _("Search") }} {{ name }}{% endmacro %}
{% macro form(id) %}<form hx-post="/x">{{ csrf_field() }}{{ id }}</form>{% endmacro %}
{% macro frame(kind, name, face="") %}{{ calls() }}<p title="{{ name }}">{{ kind }} {{ face }}{{ name }}</p>{% endmacro %}
{% macro around(name) %}{{ kept(frame, "inner", fills={"name": name}) }}{% endmacro %}
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
        shown.append(kept(macros.form, fills={"id": f"id-{nonce}"}, secret_field=secret_field))
        page_nonce.reset(token)
    assert shown == [f'<form hx-nonce="{n}" hx-post="/x"><input>id-{n}</form>' for n in ("one", "two")]


def framed(macros: Any, kind: object = "member", **fills: object) -> str:
    return kept(macros.frame, kind, fills=fills, secret_field=secret_field)


def test_one_fragment_is_filled_in_for_each(macros: Any) -> None:
    for name in ("Ada", "Grace"):
        assert framed(macros, name=name) == f'<p title="{name}">member {name}</p>'
    assert len(macros.made) == 1


def test_what_is_filled_in_is_escaped_unless_it_is_markup(macros: Any) -> None:
    for _turn in ("made", "found"):
        shown = framed(macros, name='"><script>', face=Markup("<img>"))
        assert shown == '<p title="&#34;&gt;&lt;script&gt;">member <img>&#34;&gt;&lt;script&gt;</p>'


def test_a_text_that_looks_like_a_slot_is_a_text(macros: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if somebody had guessed them.
    monkeypatch.setattr("parvis.foundation.ui.kept._FILL_SLOT", "guessed-")
    for name in ("guessed-face:", "guessed-name:", "guessed-other:", NONCE_SLOT, FORM_SLOT):
        assert framed(macros, name=name, face="SECRET") == f'<p title="{name}">member SECRET{name}</p>'


def test_a_macro_that_is_filled_in_otherwise_is_made_otherwise(macros: Any) -> None:
    assert framed(macros, name="Ada", face="*") == '<p title="Ada">member *Ada</p>'
    assert framed(macros, name="Ada") == '<p title="Ada">member Ada</p>'


def test_what_is_not_kept_is_given_what_it_shows(macros: Any, settings: Any) -> None:
    assert framed(macros, 1, name="<b>") == '<p title="&lt;b&gt;">1 &lt;b&gt;</p>'
    for name in ("Ada", "Grace"):
        inside = kept(macros.around, fills={"name": name}, secret_field=secret_field)
        assert inside == f'<p title="{name}">inner {name}</p>'
    settings.DEBUG = True
    assert framed(macros, 1, name="<b>") == '<p title="&lt;b&gt;">1 &lt;b&gt;</p>'


def test_what_cannot_be_compared_is_made_anew(macros: Any) -> None:
    with pytest.raises(Unkeepable):
        fingerprint(object())
    for _turn in range(2):
        kept(macros.greeting, object(), secret_field=secret_field)
    assert len(macros.made) == 2
