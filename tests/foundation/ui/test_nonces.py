"""htmx attributes of our templates carry the page's nonce; nothing else does."""

import pytest

from parvis.foundation.ui.attributes import attributes
from parvis.foundation.ui.nonces import SLOT, fill_nonce, page_nonce, with_nonces


@pytest.mark.parametrize(
    "source",
    [
        '<button hx-get="/x">',
        '<a class="b" href="{{ url("a") }}" hx-get="{{ url("a") }}">',
        "<form {% if a > b %}data-x{% endif %} hx-post='/x'>",
        '<div\n  hx-target:inherited="#a"\n>',
    ],
)
def test_an_element_with_htmx_attributes_is_signed(source: str) -> None:
    assert with_nonces(source).count('hx-nonce="{{ csp_nonce() }}"') == 1


@pytest.mark.parametrize(
    "source",
    ['<a href="/x">', "<p>hx-get</p>", "{{ attrs }}", '<i hx-nonce="1" hx-get="/x">'],
)
def test_an_element_without_them_is_left_alone(source: str) -> None:
    assert "{{ csp_nonce() }}" not in with_nonces(source)


def test_what_users_write_is_never_signed() -> None:
    from parvis.foundation.ui.environment import environment

    template = environment().from_string("<p>{{ text }}</p>")
    assert "hx-nonce" not in template.render(text='<b hx-get="/evil">')


def test_attributes_given_to_a_component_bring_their_nonce() -> None:
    token = page_nonce.set("n0nce")
    try:
        assert attributes({"hx-get": "/x"}) == ' hx-get="/x" hx-nonce="n0nce"'
        assert attributes({"data-x": True, "title": None}) == " data-x"
    finally:
        page_nonce.reset(token)


@pytest.mark.parametrize("name", ["onclick", "style"])
def test_what_the_policy_would_block_is_refused_early(name: str) -> None:
    with pytest.raises(ValueError, match="content security policy"):
        attributes({name: "x"})


def test_a_stored_fragment_takes_the_nonce_of_the_page_that_shows_it() -> None:
    stored = str(attributes({"hx-get": "/x"}))
    assert SLOT in stored
    token = page_nonce.set("n0nce")
    try:
        assert 'hx-nonce="n0nce"' in fill_nonce(stored)
    finally:
        page_nonce.reset(token)
