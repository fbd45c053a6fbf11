"""As a member I find what I look for by keyboard alone: suggestions, results, filters, a saved search."""

from __future__ import annotations

from typing import Any

from parvis.search.actions import index_organization
from tests.journeys.axe import violations
from tests.journeys.conftest import House, OpenPage


def test_bob_finds_by_keyboard(house: House, open_page: OpenPage) -> None:
    with house.world.bound():
        index_organization()
    bob: Any = open_page("bob")
    bob.goto(house.url("/"), timeout=60_000)
    bob.keyboard.press("/")
    bob.keyboard.type("loun")
    option = bob.get_by_role("option", name="Lounge", exact=True)
    option.wait_for()
    assert violations(bob) == []
    bob.keyboard.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    bob.keyboard.press("Enter")
    bob.wait_for_url(house.url(f"/spaces/{house.world.spaces['lounge'].id}"))

    bob.keyboard.press("/")
    bob.keyboard.type("walruss")
    bob.keyboard.press("Enter")
    bob.get_by_text("Results for “walrus”").wait_for()
    assert bob.locator("mark", has_text="walrus").count() > 3
    assert violations(bob) == []
    bob.locator("h1").click()
    bob.keyboard.press("j")
    assert bob.evaluate("document.activeElement.dataset.url").startswith("/o/atelier/entries/")

    bob.get_by_text("Save this search").click()
    bob.get_by_label("Name").fill("My walrus")
    bob.get_by_role("button", name="Save", exact=True).click()
    bob.get_by_role("link", name="Saved", exact=True).wait_for()
    bob.goto(house.url("/search"))
    bob.get_by_role("link", name="My walrus").click()
    bob.get_by_text("Results for “walrus”").wait_for()


def test_searching_on_a_phone_in_french(house: House, open_page: OpenPage) -> None:
    with house.world.bound():
        index_organization()
    chloe: Any = open_page("chloe", phone=True, language="fr")
    chloe.goto(house.url("/search"), timeout=60_000)
    chloe.get_by_text("Que cherchez-vous").wait_for()
    assert violations(chloe) == []
    chloe.goto(house.url("/search?q=walrus"))
    chloe.get_by_text("Filtres").click()
    chloe.get_by_label("Espace (facultatif)", exact=True).select_option(label="Lounge")
    chloe.get_by_role("button", name="Appliquer").click()
    chloe.wait_for_url("**space=**")
    assert chloe.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(chloe) == []
