"""What components promise to forms and to those who cannot see them."""

from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from parvis.foundation.ui.assets import MissingAsset, icon


class Survey(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As friends call you")
    nickname = forms.CharField(label="Nickname", required=False)
    bio = forms.CharField(label="Bio", widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("Group", [("b", "B")])])
    door = forms.ChoiceField(label="Door", choices=[("open", "Open")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput)


def draw(source: str, **context: Any) -> str:
    with translation.override("en"):
        return engines["jinja2"].from_string(source).render(context)


def field(name: str, data: dict[str, str] | None = None) -> str:
    form = Survey(data) if data is not None else Survey()
    return draw(
        '{% from "components/field.html" import bound %}{{ bound(form[name]) }}', form=form, name=name
    )


@pytest.mark.parametrize("name", ["name", "nickname", "bio", "kind", "agree"])
def test_every_field_has_its_label(name: str) -> None:
    assert f'for="id_{name}"' in field(name)


def test_an_optional_field_says_so() -> None:
    assert "(optional)" in field("nickname")
    assert "(optional)" not in field("name")


def test_an_error_belongs_to_its_field_and_nothing_typed_is_lost() -> None:
    html = field("bio", {"bio": ""})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_bio-error"' in html
    assert 'value="Ada &amp; Co"' in field("name", {"name": "Ada & Co"})


def test_choices_may_be_grouped() -> None:
    assert '<optgroup label="Group">' in field("kind")


def test_a_hidden_field_stays_hidden() -> None:
    assert 'type="hidden"' in field("token")


def test_the_summary_leads_to_each_field() -> None:
    html = draw(
        '{% from "components/field.html" import error_summary %}{{ error_summary(form) }}', form=Survey({})
    )
    assert 'role="alert"' in html
    assert 'href="#id_name"' in html


def test_an_icon_is_silent_unless_it_has_a_meaning() -> None:
    assert 'aria-hidden="true"' in icon("bell")
    assert 'aria-label="Late"' in icon("bell", "Late")


def test_an_icon_that_does_not_exist_is_found_at_once() -> None:
    with pytest.raises(MissingAsset, match=r"icons\.txt"):
        icon("unicorn")


def test_text_is_escaped_everywhere() -> None:
    html = draw(
        '{% from "components/button.html" import button %}{{ button(label, attrs={"title": label}) }}',
        label='"><script>',
    )
    assert "<script>" not in html
