"""As a member I see what happens in every open window, through cuts of the network and restarts of the server."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from parvis.content import actions
from parvis.content.models import Entry
from parvis.foundation.realtime import gateway
from parvis.foundation.tenancy import organization_scope
from parvis.spaces import actions as spaces
from tests.journeys.conftest import House, OpenPage


def write(house: House, body: str) -> Entry:
    """Publish as Chloé, in the lounge."""
    with house.world.bound():
        return actions.publish(author=house.world.chloe, space=house.world.lounge, body=body)


def until(page: Any, expression: str) -> None:
    """Wait for an expression; the page's own policy forbids Playwright's way of waiting for one."""
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


def arrive(page: Any, address: str) -> None:
    """Open a page and wait until its window listens; the first page of a server takes its time."""
    assert page.goto(address, timeout=60_000).status == 200
    until(page, "sessionStorage.getItem('parvis-live-position') !== null")


def test_what_is_new_is_announced_within_half_a_second_and_moves_nothing(
    house: House, open_page: OpenPage
) -> None:
    page: Any = open_page("bob")
    arrive(page, house.url("/"))
    # Measured by the page itself, beside the clock of this machine.
    page.evaluate(
        """() => new MutationObserver((_, watcher) => {
            if (document.getElementById('news-banner').hidden) return;
            window.announcedAt = Date.now(); watcher.disconnect();
        }).observe(document.getElementById('news-banner'), {attributes: true, childList: true, subtree: true})"""
    )
    top = page.evaluate("document.querySelector('#feed').firstElementChild.id")
    write(house, "The kettle is back")
    committed = time.time()
    until(page, "window.announcedAt")
    # Half a second on a machine of its own; tests share theirs.
    assert page.evaluate("window.announcedAt") / 1000 - committed < 5
    assert page.evaluate("document.querySelector('#feed').firstElementChild.id") == top
    page.click("#news-banner button")
    page.wait_for_selector("#feed .entry:has-text('The kettle is back')")


def test_a_window_that_was_cut_off_resumes_without_a_gap(house: House, open_page: OpenPage) -> None:
    page: Any = open_page("bob")
    arrive(page, house.url("/"))
    server = gateway.gateway.listener._task
    assert server is not None
    cut = asyncio.run_coroutine_threadsafe(cut_all(), server.get_loop())
    cut.result(5)
    write(house, "Said while nobody listened")
    page.click("#news-banner:not([hidden]) button", timeout=30_000)
    page.wait_for_selector("#feed .entry:has-text('Said while nobody listened')")


async def cut_all() -> None:
    """Send every window away, as a restart does."""
    for room in list(gateway.gateway.hub.rooms.values()):
        for connection in list(room.connections()):
            connection.close(gateway.RESTARTING, "restarting")


def test_what_is_written_without_a_connection_is_sent_once_on_return(
    house: House, open_page: OpenPage
) -> None:
    page: Any = open_page("bob")
    arrive(page, house.url("/"))
    page.context.set_offline(True)
    page.wait_for_selector("#offline-banner:not([hidden])")
    page.click(".prompt__button")
    page.select_option("dialog select[name=space]", label="Lounge")
    page.fill("dialog textarea[name=body]", "Written in the tunnel")
    page.press("dialog textarea[name=body]", "Control+Enter")
    page.wait_for_selector("[data-letter=waiting]:has-text('Written in the tunnel')")
    assert page.locator("dialog[open]").count() == 0
    page.context.set_offline(False)
    page.wait_for_selector("[data-letter=sent], #feed .entry:has-text('Written in the tunnel')")
    page.wait_for_selector("[data-letter]", state="detached")
    page.reload()
    page.wait_for_selector("#feed .entry:has-text('Written in the tunnel')")
    with house.world.bound():
        assert Entry.objects.filter(body="Written in the tunnel").count() == 1


def test_a_text_written_while_only_the_live_connection_is_away_stands_in_the_feed_at_once(
    house: House, open_page: OpenPage
) -> None:
    page: Any = open_page("bob")
    page.route_web_socket("**/api/v1/live", lambda socket: socket.close())
    page.goto(house.url("/"))
    page.wait_for_selector("#offline-banner:not([hidden])")
    page.click(".prompt__button")
    page.select_option("dialog select[name=space]", label="Lounge")
    page.fill("dialog textarea[name=body]", "Written past the gap")
    page.press("dialog textarea[name=body]", "Control+Enter")
    page.wait_for_selector("#feed .entry:has-text('Written past the gap')")


def test_whoever_is_removed_from_a_space_loses_its_page_at_once(house: House, open_page: OpenPage) -> None:
    page: Any = open_page("bob")
    with house.world.bound():
        project = house.world.project
    arrive(page, house.url(f"/spaces/{project.id}"))
    with organization_scope(house.world.organization):
        spaces.remove_member(actor=house.world.alice, space=project, person=house.world.bob)
    # The page is loaded anew, and there is nothing at its address any more.
    page.locator("#feed").wait_for(state="detached", timeout=30_000)
