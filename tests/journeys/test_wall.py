"""As a member I write, others see it at once, and nothing that I wrote is ever lost."""

from __future__ import annotations

import base64
import re

import pytest

from parvis.content import actions
from tests.journeys.axe import brought_along, violations
from tests.journeys.conftest import House, OpenPage

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_post_travels_to_every_window_and_back(house: House, open_page: OpenPage) -> None:
    bob, chloe = open_page("bob"), open_page("chloe")
    bob.goto(house.url("/"))
    chloe.goto(house.url("/"))
    chloe.wait_for_timeout(500)  # her window listens

    # Bob writes, mentions Chloé by the beginning of her second name, and attaches an image.
    bob.click(".prompt__button")
    bob.select_option("dialog select[name=space]", label="Lounge")
    bob.type("dialog textarea[name=body]", "The seal holds, @ela")
    bob.wait_for_selector(".suggestion:has-text('Chloé Élan')")
    bob.keyboard.press("Enter")
    bob.set_input_files("dialog [data-files]", {"name": "seal.png", "mimeType": "image/png", "buffer": PIXEL})
    bob.fill("dialog .upload__alternative", "A dry seal")
    bob.press("dialog textarea[name=body]", "Control+Enter")
    bob.wait_for_selector("#feed .entry:has-text('The seal holds') img[alt='A dry seal']")
    assert bob.locator("dialog[open]").count() == 0
    assert bob.locator("#news-banner:not([hidden])").count() == 0, "one's own post is no news"

    # Chloé hears of it without her page moving, opens it, reacts and answers.
    chloe.click("#news-banner:not([hidden]) button")
    card = chloe.locator("#feed .entry", has_text="The seal holds")
    card.locator("a", has_text="@Chloé Élan").wait_for()
    card.locator(".reaction--add").click()
    chloe.wait_for_selector("#emoji-picker:popover-open")
    chloe.locator("#emoji-picker [role=group] button").first.click()
    bob.wait_for_selector("#feed .entry:has-text('The seal holds') .reaction__count")
    card.locator("a.action").first.click()
    chloe.fill("#reply textarea", "Well done!")
    chloe.press("#reply textarea", "Control+Enter")
    bob.wait_for_selector(".latest-reply:has-text('Well done!')")


def test_what_is_being_written_survives_what_arrives(house: House, open_page: OpenPage) -> None:
    post = house.world.entries["lounge post"]
    bob, chloe = open_page("bob"), open_page("chloe")
    for page in (bob, chloe):
        page.goto(house.url(f"/entries/{post.id}"))
    bob.wait_for_timeout(500)
    bob.locator(".comment__actions a", has_text="Reply").first.click()
    bob.fill(".comment__reply textarea", "Half a thought")
    chloe.fill("#reply textarea", "Meanwhile")
    chloe.press("#reply textarea", "Control+Enter")
    bob.wait_for_selector("#thread .comment:has-text('Meanwhile')")
    assert bob.input_value(".comment__reply textarea") == "Half a thought"
    bob.reload()
    bob.locator(".comment__actions a", has_text="Reply").first.click()
    bob.wait_for_selector(".comment__reply textarea")
    assert bob.input_value(".comment__reply textarea") == "Half a thought", "the draft is kept"
    bob.press(".comment__reply textarea", "Control+Enter")
    chloe.wait_for_selector(".comment .comment:has-text('Half a thought')")


def test_two_edits_that_cross_lose_nothing(house: House, open_page: OpenPage) -> None:
    with house.world.bound():
        world = house.world
        post = actions.publish(author=world.bob, space=world.lounge, body="The pump is loud")
    desk, phone = open_page("bob"), open_page("bob", phone=True)
    for page in (desk, phone):
        page.goto(house.url(f"/entries/{post.id}"))
        page.locator(".conversation > .entry .menu button").first.click()
        page.locator("a.menu__item", has_text="Edit").click()
        page.wait_for_selector(".editing textarea")
    desk.fill(".editing textarea", "The pump is very loud")
    desk.press(".editing textarea", "Control+Enter")
    desk.wait_for_selector(".conversation .entry__body:has-text('very loud')")
    phone.fill(".editing textarea", "The pump is silent")
    phone.press(".editing textarea", "Control+Enter")
    phone.wait_for_selector(".comparison")
    assert "The pump is very loud" in phone.inner_text(".comparison__text")
    assert phone.input_value(".comparison textarea") == "The pump is silent"
    phone.fill(".comparison textarea", "The pump is very silent")
    phone.press(".comparison textarea", "Control+Enter")
    desk.wait_for_selector(".conversation .entry__body:has-text('very silent')")


def test_a_deletion_can_be_undone(house: House, open_page: OpenPage) -> None:
    with house.world.bound():
        world = house.world
        comment = actions.reply(author=world.bob, to=world.entries["lounge post"], body="Too hasty")
    page = open_page("bob")
    page.goto(house.url(f"/entries/{comment.thread_id}"))
    there = page.locator(f"#entry-{comment.id}")
    there.locator(".menu button").first.click()
    there.locator("button.menu__item", has_text="Delete").click()
    page.wait_for_selector("[data-toast]:has-text('Deleted')")
    there.wait_for(state="detached")
    page.click("[data-undo]")
    page.wait_for_selector(f"#entry-{comment.id}:has-text('Too hasty')")


def test_a_comment_address_leads_to_its_place(house: House, open_page: OpenPage) -> None:
    comment = house.world.entries["lounge comment"]
    page = open_page("bob", phone=True)
    page.goto(house.url(f"/entries/{comment.id}"))
    page.wait_for_url(f"**#entry-{comment.id}")
    assert page.locator(f"#entry-{comment.id}").is_visible()


def test_everything_can_be_done_by_keyboard(house: House, open_page: OpenPage) -> None:
    page = open_page("bob")
    page.goto(house.url("/"))
    page.focus(".prompt__button")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] textarea")
    page.focus("dialog textarea[name=body]")
    page.keyboard.type("Written without a mouse")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#feed .entry:has-text('Written without a mouse')")
    page.wait_for_selector("dialog[open]", state="detached")
    # To its thread by j and Enter; the composer there is reached by Tab.
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/entries/"))
    page.focus("#reply textarea")
    page.keyboard.type("And answered")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#thread .comment:has-text('And answered')")


def test_more_loads_and_back_finds_the_same_page(house: House, open_page: OpenPage) -> None:
    with house.world.bound():
        world = house.world
        for number in range(45):
            actions.publish(author=world.chloe, space=world.lounge, body=f"Entry number {number}")
    page = open_page("bob")
    page.goto(house.url("/"))
    # A phone is given the first eight; twenty more come each time that their end is near.
    assert page.locator("#feed > .entry").count() == 8
    page.locator(".more").last.scroll_into_view_if_needed()
    page.locator("#feed > .entry").nth(27).wait_for()
    page.locator(".more").last.scroll_into_view_if_needed()
    page.locator("#feed > .entry").nth(39).wait_for()
    page.locator("#feed > .entry").nth(30).locator("a.byline__time").hover()
    page.wait_for_timeout(500)
    in_sight = "document.querySelectorAll('#feed > .entry')[30].getBoundingClientRect().top"
    shown, place = page.locator("#feed > .entry").count(), page.evaluate(in_sight)
    page.locator("#feed > .entry").nth(30).locator("a.byline__time").click()
    page.wait_for_url(re.compile("/entries/"))
    page.go_back()
    page.locator("#feed > .entry").nth(min(shown, 40) - 1).wait_for()
    page.wait_for_timeout(1000)
    assert abs(page.evaluate(in_sight) - place) < 200


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("phone", [False, True])
def test_the_wall_is_accessible(house: House, open_page: OpenPage, language: str, phone: bool) -> None:
    page = open_page("grace" if language == "en" else "chloe", phone=phone, language=language)
    brought_along(page)
    seen: set[str] = set()
    entry = house.world.entries["project post" if language == "en" else "lounge post"]
    for path in ("/", f"/entries/{entry.id}", "/bookmarks", "/all"):
        page.goto(house.url(path))
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        if page.locator(".prompt__button").count():
            page.click(".prompt__button")
        assert violations(page, seen=seen) == [], path
