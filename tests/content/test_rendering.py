"""What a text becomes in a space: links that hold under every host name, and words that can be found."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.content.rendering import render_text
from tests.world import World

pytestmark = pytest.mark.django_db


def html_of(world: World, body: str) -> str:
    with world.bound():
        return render_text(
            organization=world.organization, space=world.spaces["lounge"], title="", body=body
        ).html


def test_a_hashtag_leads_to_its_topic(world: World) -> None:
    assert '<a class="hashtag" href="/o/atelier/topics/ete">#Été</a>' in html_of(world, "#Été")


def test_a_file_is_found_below_its_organization(world: World) -> None:
    assert 'src="/o/atelier/files/1"' in html_of(world, "![Vue](/files/1)")


def test_our_own_addresses_open_in_place(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://parvis.example.org"
    assert "_blank" not in html_of(world, "https://parvis.example.org/o/atelier/spaces")
    assert "_blank" in html_of(world, "https://elsewhere.example.org/")
