"""As an administrator I invite somebody, who joins, is found in the directory, and is let go again."""

from __future__ import annotations

import re
from typing import Any

from tests.journeys.conftest import House, OpenPage


def test_alice_invites_zoe_who_joins_on_her_phone(house: House, open_page: OpenPage) -> None:
    alice: Any = open_page("alice")
    alice.set_default_timeout(30_000)
    alice.goto(house.url("/invitations/new"))
    alice.get_by_label("E-mail addresses").fill("Zoé Neuve <zoe@atelier.example>")
    alice.locator("main").get_by_role("button", name="Invite", exact=True).click()
    link = alice.get_by_label("Link").input_value()

    zoe: Any = open_page(None, phone=True, language="fr")
    zoe.set_default_timeout(30_000)
    zoe.goto(link)
    assert zoe.get_by_label("Votre nom").input_value() == "Zoé Neuve"
    zoe.get_by_label("Choisissez un mot de passe").fill("des lampes calmes au bord")
    zoe.get_by_role("button", name="Rejoindre").click()
    zoe.wait_for_url(house.url("/"))
    assert zoe.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    alice.goto(house.url("/people"))
    alice.get_by_placeholder("Name, job, skill, place").fill("neuve")
    alice.locator("#people-count", has_text="1 person").wait_for()
    alice.wait_for_url(re.compile(r"\?q=neuve$"))
    alice.get_by_role("link", name="Zoé Neuve").first.click()
    alice.get_by_role("link", name="Roles and access").click()
    alice.get_by_role("button", name="Remove…").click()
    alice.locator("dialog[open]").get_by_role("button", name="Remove", exact=True).click()
    alice.get_by_text("Done: it holds at once.").wait_for()

    # Removed is removed at once: the very next page is the sign-in page.
    zoe.goto(house.url("/people"))
    zoe.wait_for_url(re.compile("/account/sign-in"))
