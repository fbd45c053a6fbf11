"""Previews: made after the publication, by the server, for those who may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.content.queries import cards_for
from parvis.foundation import outgoing
from parvis.foundation.errors import Forbidden
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.outgoing import Answer, OutgoingError
from parvis.people import actions as people
from parvis.previews import actions
from parvis.previews.models import LinkedPage, Preview
from tests.browsing import Visitor, text_of
from tests.foundation.files.pictures import picture
from tests.world import World

pytestmark = pytest.mark.django_db

URL = "https://www.example.org/article"
PAGE = """<title>Quiet pumps</title><meta property="og:description" content="How to">
<meta property="og:image" content="https://cdn.example.org/pump.png">"""
Visit = Callable[[str], Visitor]


class Web:
    """What the rest of the world answers, and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []

    def add(self, url: str, body: bytes, media_type: str = "text/html; charset=utf-8") -> None:
        self.pages[url] = Answer(url, 200, {"content-type": media_type}, body)

    def fetch(self, url: str, **_options: Any) -> Answer:
        self.asked.append(url)
        if url not in self.pages:
            raise OutgoingError("address", "refused")
        return self.pages[url]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    web = Web()
    web.add(URL, PAGE.encode())
    web.add("https://cdn.example.org/pump.png", picture((900, 600)), "image/png")
    monkeypatch.setattr(outgoing, "fetch", web.fetch)
    return web


@pytest.fixture
def after(world: World, django_capture_on_commit_callbacks: Any) -> Iterator[Callable[[], None]]:
    """Run the jobs and what they do after their commit."""
    run_pending_jobs()

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            run_pending_jobs()

    return run


def shown(viewer: Any, entry: Entry) -> dict[str, Any]:
    entry.refresh_from_db()
    [card] = cards_for(viewer, [entry])
    return card.parts


def test_the_first_link_of_a_post_is_looked_up_after_its_publication(
    world: World, web: Web, after: Callable[[], None], visitor: Visit
) -> None:
    with world.bound():
        post = content.publish(
            author=world.bob, space=world.lounge, body=f"Look: {URL} and https://other.example/"
        )
        assert web.asked == [] and shown(world.chloe, post) == {}
    after()
    with world.bound():
        details = shown(world.chloe, post)["preview"]
        page = LinkedPage.objects.get()
        assert page.image is not None and page.image.media_type == "image/webp" and page.image.width == 640
    assert (details["title"], details["description"], details["site_name"]) == (
        "Quiet pumps",
        "How to",
        "example.org",
    )
    card = text_of(visitor("chloe").get(f"/entries/{post.id}/card"))
    assert "Quiet pumps" in card and f"/previews/{page.id}/image" in card and "cdn.example.org" not in card
    assert 'rel="noopener noreferrer nofollow ugc"' in card


def test_a_page_is_asked_once_for_all_who_link_it(world: World, web: Web, after: Callable[[], None]) -> None:
    with world.bound():
        content.publish(author=world.bob, space=world.lounge, body=URL)
    after()
    with world.bound():
        answer = content.reply(author=world.chloe, to=world.entries["lounge post"], body=f"See {URL}")
    after()
    with world.bound():
        assert shown(world.bob, answer)["preview"]["title"] == "Quiet pumps"
    assert web.asked.count(URL) == 1


def test_the_picture_is_for_those_who_read_something_that_shows_it(
    world: World, web: Web, after: Callable[[], None], visitor: Visit
) -> None:
    with world.bound():
        content.publish(author=world.chloe, space=world.cellar, body=URL)
    after()
    with world.bound():
        page = LinkedPage.objects.get()
    answers = {
        name: visitor(name).get(f"/previews/{page.id}/image").status_code
        for name in ("chloe", "bob", "alice")
    }
    assert answers == {"chloe": 200, "bob": 404, "alice": 404}


@pytest.mark.parametrize(
    "body", ["no link", f"`{URL}`", f"    {URL}", "mailto:a@example.org", "[x](/files/1)"]
)
def test_what_is_no_link_is_not_looked_up(
    world: World, web: Web, after: Callable[[], None], body: str
) -> None:
    with world.bound():
        content.publish(author=world.bob, space=world.lounge, body=f"a\n\n{body}")
    after()
    assert web.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer(URL, 404, {"content-type": "text/html"}, PAGE.encode()),
        Answer(URL, 200, {"content-type": "application/pdf"}, b"%PDF"),
        Answer(URL, 200, {"content-type": "text/html"}, b"<p>nothing said"),
    ],
)
def test_a_page_that_says_nothing_shows_nothing(
    world: World, web: Web, after: Callable[[], None], answer: Answer | None
) -> None:
    web.pages = {URL: answer} if answer else {}
    with world.bound():
        post = content.publish(author=world.bob, space=world.lounge, body=URL)
    after()
    with world.bound():
        assert shown(world.bob, post) == {}
        assert LinkedPage.objects.get().state == LinkedPage.State.EMPTY


def test_a_picture_that_is_none_is_left_out(world: World, web: Web, after: Callable[[], None]) -> None:
    web.add("https://cdn.example.org/pump.png", b"<svg onload=alert(1)>", "image/png")
    with world.bound():
        post = content.publish(author=world.bob, space=world.lounge, body=URL)
    after()
    with world.bound():
        assert shown(world.bob, post)["preview"]["image"] is None


def test_the_author_takes_a_preview_away_for_good(
    world: World, web: Web, after: Callable[[], None], visitor: Visit
) -> None:
    with world.bound():
        post = content.publish(author=world.bob, space=world.lounge, body=URL)
    after()
    with world.bound(), pytest.raises(Forbidden):
        actions.remove_preview(actor=world.chloe, entry=post)
    assert visitor("chloe").send("DELETE", f"/entries/{post.id}/preview").status_code in (403, 404)
    answer = visitor("bob").post(f"/entries/{post.id}/preview", fragment=True)
    assert answer.status_code == 200 and "Quiet pumps" not in text_of(answer)
    with world.bound():
        post.refresh_from_db()
        content.edit_entry(editor=world.bob, entry=post, body=f"Still {URL}", expected_version=post.version)
    after()
    with world.bound():
        assert shown(world.bob, post) == {}


def test_an_edit_changes_or_removes_the_preview(world: World, web: Web, after: Callable[[], None]) -> None:
    web.add("https://two.example/", b"<title>Second</title>")
    with world.bound():
        post = content.publish(author=world.bob, space=world.lounge, body=URL)
    after()
    for body, title in (("https://two.example/", "Second"), ("nothing", None)):
        with world.bound():
            post.refresh_from_db()
            content.edit_entry(editor=world.bob, entry=post, body=body, expected_version=post.version)
        after()
        with world.bound():
            assert shown(world.bob, post).get("preview", {}).get("title") == title


def test_an_organization_may_turn_previews_off(world: World, web: Web, after: Callable[[], None]) -> None:
    with world.bound():
        people.change_organization(
            actor=world.alice, organization=world.organization, shows_link_previews=False
        )
        content.publish(author=world.bob, space=world.lounge, body=URL)
    after()
    assert web.asked == []


def test_a_link_to_an_entry_is_shown_to_whoever_may_read_it(
    world: World, web: Web, after: Callable[[], None], visitor: Visit
) -> None:
    secret = world.entries["cellar post"]
    link = f"http://127.0.0.1:8000/o/atelier/entries/{secret.id}"
    with world.bound():
        post = content.publish(author=world.chloe, space=world.lounge, body=f"See {link}")
    after()
    with world.bound():
        assert Preview.objects.get(entry=post).target_id == secret.id
        assert shown(world.chloe, post)["preview"]["title"] == "News of cellar"
        assert shown(world.bob, post) == {}
    assert "News of cellar" in text_of(visitor("chloe").get(f"/entries/{post.id}"))
    assert "News of cellar" not in text_of(visitor("bob").get(f"/entries/{post.id}"))
    assert web.asked == []
    with world.bound():
        content.delete_entry(actor=world.chloe, entry=secret)
        assert shown(world.chloe, post) == {}


def test_a_link_to_a_comment_leads_to_its_place(
    world: World, web: Web, after: Callable[[], None], visitor: Visit
) -> None:
    root, comment = world.entries["lounge post"], world.entries["lounge comment"]
    with world.bound():
        post = content.publish(
            author=world.bob, space=world.lounge, body=f"/o/atelier/entries/{root.id}#entry-{comment.id}"
        )
        post = content.publish(
            author=world.bob, space=world.lounge, body=f"[x](/o/atelier/entries/{root.id}#entry-{comment.id})"
        )
    after()
    page = text_of(visitor("bob").get(f"/entries/{post.id}"))
    assert "A walrus comment in lounge" in page and f"/entries/{root.id}#entry-{comment.id}" in page


def test_an_entry_of_another_organization_is_not_shown_nor_asked(
    world: World, web: Web, after: Callable[[], None]
) -> None:
    other = world.entries["twin post"]
    with world.bound():
        post = content.publish(
            author=world.bob, space=world.lounge, body=f"http://127.0.0.1:8000/o/jumeau/entries/{other.id}"
        )
    after()
    with world.bound():
        assert shown(world.bob, post) == {}
    assert web.asked == []
