"""Axe finds nothing on any page, at a desk in English and on a narrow screen in French, where nothing sticks out."""

from __future__ import annotations

import pytest

from tests.abuse.addresses import PREFIX, filled, routes, targets
from tests.journeys.axe import RULES_OF_WCAG, violations
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
    if is_narrow:
        page.set_viewport_size(NARROW)
    space = "cellar" if who == "chloe" else "lounge"
    known = targets(house.world, entry=f"{space} post", space=space, person="bob")
    found: list[str] = []
    seen: set[str] = set()
    for route in routes():
        address = house.url("/" + filled(route, known).removeprefix(PREFIX))
        if route.startswith(LEFT_OUT) or "picture" in route or "image" in route:
            continue
        # Asked without a browser first: what is no page needs none.
        head = page.request.get(address, max_redirects=5)
        if head.status != 200 or "<html" not in head.text() or head.url in seen:
            continue
        seen.add(head.url)
        # Scripts wait for the style sheets, and this for the scripts; pictures may still be on their way.
        page.goto(address, wait_until="domcontentloaded")
        found += [f"{route} {one}" for one in violations(page, only=RULES_OF_WCAG)]
        if is_narrow:
            found += [f"{route} at 320 pixels: {what}" for what in page.evaluate(STICKS_OUT)]
    assert len(seen) > 10
    assert found == []
