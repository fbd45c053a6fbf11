"""As a member I open home, see what I may read, and hear at once what is new."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import House, OpenPage


def test_bob_opens_home_and_finds_the_shell(house: House, open_page: OpenPage) -> None:
    page: Any = open_page("bob")
    answer = page.goto(house.url("/"))
    assert answer.status == 200
    assert page.locator("main").is_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_stranger_is_led_to_the_sign_in_page(house: House, open_page: OpenPage) -> None:
    page: Any = open_page(None, phone=True, language="fr")
    page.goto(house.url("/"))
    assert page.locator("input[type=password]").is_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
