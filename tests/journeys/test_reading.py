"""As a member I follow what a word brings, write an article, and find what cites what I read."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from parvis.announcements import actions as announcements
from parvis.announcements.actions import Wording
from parvis.announcements.queries import find_announcement
from parvis.articles import actions as articles
from parvis.articles.actions import Manuscript
from parvis.citations.actions import cross_post
from parvis.content import actions
from tests.journeys.axe import brought_along, violations
from tests.journeys.conftest import House, OpenPage


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_word_is_suggested_leads_to_its_page_and_tells_what_is_new(
    house: House, open_page: OpenPage
) -> None:
    bob, chloe = open_page("bob"), open_page("chloe")
    chloe.goto(house.url("/topics/walrus"))
    chloe.wait_for_timeout(500)  # her window listens
    bob.goto(house.url("/"))
    bob.click(".prompt__button")
    bob.select_option("dialog select[name=space]", label="Lounge")
    bob.type("dialog textarea[name=body]", "All about #wal")
    bob.wait_for_selector(".suggestion:has-text('#walrus')")
    bob.keyboard.press("Enter")
    bob.press("dialog textarea[name=body]", "Control+Enter")
    chloe.click("#news-banner:not([hidden]) button")
    chloe.locator("#feed .entry", has_text="All about #walrus").wait_for()
    bob.locator("#feed .entry a.hashtag").first.click()
    bob.locator("h1", has_text="#walrus").wait_for()
    bob.click("#topic-follow button")
    bob.wait_for_selector("#topic-follow button[aria-pressed=true]")


def test_an_article_is_written_previewed_and_published(house: House, open_page: OpenPage) -> None:
    bob = open_page("bob")
    space = house.world.spaces["lounge"].id
    bob.goto(house.url(f"/spaces/{space}/news"))
    bob.click("main a:has-text('Write an article')")
    bob.set_input_files("input[name=cover]", {"name": "c.png", "mimeType": "image/png", "buffer": _picture()})
    bob.fill("input[name=cover_alternative]", "A teal wall")
    bob.fill("textarea[name=title]", "A quieter pump")
    bob.fill("textarea[name=standfirst]", "What we changed, and why")
    bob.fill("textarea[name=body]", "## Why\n\nBecause.")
    bob.click("[data-preview-toggle]")
    bob.wait_for_selector("[data-preview] :text('Why')")
    bob.fill("input[name=tags]", "pump, quiet")
    bob.click("button[value=publish]")
    bob.wait_for_url("**/entries/**")
    bob.wait_for_selector("figure img[alt='A teal wall']")
    assert bob.locator("h1.article__title").inner_text() == "A quieter pump"
    chloe = open_page("chloe")
    chloe.goto(house.url("/"))
    chloe.locator("#feed .article-card", has_text="What we changed").wait_for()


@pytest.mark.parametrize(("phone", "language"), [(False, "en"), (True, "fr")])
def test_topics_news_and_articles_are_accessible(
    house: House, open_page: OpenPage, language: str, phone: bool
) -> None:
    with house.world.bound():
        world = house.world
        draft = articles.begin_article(
            author=world.alice,
            space=world.lounge,
            manuscript=Manuscript(
                title="Pumps", body="## Why\n\nBecause #walrus", standfirst="In short", tags=["pump"]
            ),
        )
        article = actions.publish_draft(actor=world.alice, entry=draft)
        cross_post(author=world.alice, original=article, space=world.everyone, body="Read this")
        waiting = articles.begin_article(
            author=world.alice, space=world.lounge, manuscript=Manuscript(title="Later", body="x")
        )
        announced = announcements.begin_announcement(
            author=world.alice,
            space=world.lounge,
            wording=Wording(title="Gloves", body="Wear them.", reminder_days=[2, 5]),
        )
        unannounced = announcements.begin_announcement(
            author=world.alice, space=world.lounge, wording=Wording(title="Shoes", body="Later")
        )
        actions.publish_draft(actor=world.alice, entry=announced)
        announcements.keep_audiences()
        evidence = announcements.make_evidence(
            actor=world.alice, announcement=find_announcement(world.alice, announced.id)
        )
    # Both host the space; Chloé reads French, and names no editors.
    page = open_page("alice" if language == "en" else "chloe", phone=phone, language=language)
    brought_along(page)
    seen: set[str] = set()
    lounge = house.world.spaces["lounge"].id
    # What tests/journeys/test_every_page.py does not meet: it knows one post.
    for path in (
        "/topics/walrus",
        "/news",
        f"/entries/{article.id}",
        f"/entries/{article.id}/citations",
        f"/entries/{article.id}/share",
        f"/articles/{waiting.id}/edit",
        f"/articles/new?space={lounge}",
        f"/feeds/new?space={lounge}",
        "/announcements",
        "/announcements/sent",
        f"/announcements/new?space={lounge}",
        f"/announcements/{unannounced.id}",
        f"/announcements/{announced.id}/edit",
        f"/announcements/{announced.id}/progress",
        f"/announcements/{announced.id}/evidence/{evidence.id}",
        f"/entries/{announced.id}",
    ):
        page.goto(house.url(path))
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert violations(page, seen=seen) == [], path
