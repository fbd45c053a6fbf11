"""Axe finds nothing on any page, at a desk in English and on a narrow screen in French, where nothing sticks out."""

from __future__ import annotations

import pytest

from tests.abuse.addresses import PREFIX, browser, filled, routes, targets
from tests.journeys.axe import RULES_OF_WCAG, brought_along, violations
from tests.journeys.conftest import House, OpenPage

# A phone's layout, and what 400 % zoom leaves of a usual screen.
NARROW = {"width": 320, "height": 512}
LEFT_OUT = ("api/", "styleguide", "metrics", "health/", "account/sign", "files/", "logo/")
STICKS_OUT = """
() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const all = [...document.body.querySelectorAll("*")];
  return [`${page.scrollWidth} px`, ...all.filter(one => one.getBoundingClientRect().right > page.clientWidth + 1)
    .slice(-3).map(one => one.outerHTML.slice(0, 120))];
}
"""


@pytest.mark.parametrize(("who", "language", "is_narrow"), [("alice", "en", False), ("chloe", "fr", True)])
def test_axe_finds_nothing_on_any_page(
    house: House, open_page: OpenPage, who: str, language: str, is_narrow: bool
) -> None:
    page = open_page(who, language=language, phone=is_narrow)
    brought_along(page)
    if is_narrow:
        page.set_viewport_size(NARROW)
    space = "cellar" if who == "chloe" else "lounge"
    known = targets(house.world, entry=f"{space} post", space=space, person="bob")
    found: list[str] = []
    opened: set[str] = set()
    seen: set[str] = set()
    # Asked without a browser first: what is no page needs none.
    asker = browser(house.world, who)
    for route in routes():
        address = filled(route, known)
        if route.startswith(LEFT_OUT) or "picture" in route or "image" in route:
            continue
        answer = asker.get(address, follow=True)
        leads_to = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        if answer.status_code != 200 or b"<html" not in answer.getvalue() or leads_to in opened:
            continue
        opened.add(leads_to)
        # Scripts wait for the style sheets, and this for the scripts; pictures may still be on their way.
        page.goto(house.url("/" + address.removeprefix(PREFIX)), wait_until="domcontentloaded")
        found += [f"{route} {one}" for one in violations(page, only=RULES_OF_WCAG, seen=seen)]
        if is_narrow:
            found += [f"{route} at 320 pixels: {what}" for what in page.evaluate(STICKS_OUT)]
    assert len(opened) > 10
    assert found == []
