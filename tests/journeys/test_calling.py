"""What calls somebody and why, an archive brought in from the browser, and where to go: clicked, and looked at by axe."""

from __future__ import annotations

from pathlib import Path

from parvis.content import actions
from parvis.foundation.richtext import mention_source
from tests.imports.slack_export import export, message, zipped
from tests.journeys.axe import violations
from tests.journeys.conftest import House, OpenPage


def test_a_line_says_why_and_is_changed_right_there(house: House, open_page: OpenPage) -> None:
    bob = open_page("bob")
    with house.world.bound():
        named = mention_source("person", house.world.bob.id, house.world.bob.full_name)
        actions.publish(author=house.world.chloe, space=house.world.lounge, body=f"{named} look at this")
    bob.goto(house.url("/notifications"))
    bob.wait_for_selector("text=look at this")
    assert violations(bob) == []
    bob.locator(".notification", has_text="look at this").locator(".notification__reason").click()
    bob.wait_for_selector("text=Turn this kind off")
    bob.select_option(".popover--why:popover-open select[name=level]", "nothing")
    bob.wait_for_selector(".why__saved")
    assert violations(bob) == []
    for path in ("/notifications/settings", f"/notifications/spaces/{house.world.spaces['lounge'].id}"):
        bob.goto(house.url(path))
        assert violations(bob) == [], path


def test_an_administrator_brings_an_archive_in(house: House, open_page: OpenPage, tmp_path: Path) -> None:
    alice = open_page("alice")
    archive = zipped(
        tmp_path / "export.zip", export({"general/2024-01-02.json": [message("1704200000.000100")]})
    )
    alice.goto(house.url("/imports/new"))
    assert violations(alice) == []
    alice.set_input_files("input[type=file]", str(archive))
    alice.click("text=Look through it")
    alice.wait_for_selector("text=Nothing has been written yet.", timeout=20_000)
    assert violations(alice) == []
    alice.click("main button:has-text('Import')")
    alice.wait_for_selector("text=nobody sees it yet", timeout=20_000)
    assert violations(alice) == []
    alice.click("main button:has-text('Publish')")
    alice.wait_for_selector("text=Undo this import")
    assert violations(alice) == []


def test_somebody_new_is_told_where_to_go(house: House, open_page: OpenPage) -> None:
    dan = open_page("dan", phone=True)
    dan.goto(house.url("/suggestions/all"))
    dan.wait_for_selector("text=Lounge")
    assert violations(dan) == []
    dan.locator(".offer", has_text="Lounge").locator(".offer__away button").click()
    dan.wait_for_selector(".offer:has-text('Lounge')", state="detached")
