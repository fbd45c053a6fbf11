"""Articles: written, kept, scheduled, published where one may, and read like an article."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from parvis.articles import actions
from parvis.articles.actions import Manuscript
from parvis.articles.models import Article
from parvis.articles.parts import under_a_title
from parvis.articles.queries import articles, related_articles
from parvis.content import actions as content
from parvis.content.actions import AttachmentDraft
from parvis.content.models import Entry
from parvis.content.queries import find_unpublished, find_visible, topic_stream
from parvis.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from parvis.foundation.files import store
from parvis.people.models import Person
from parvis.search.queries import find_entries
from parvis.spaces.models import Space
from tests.browsing import Visitor, text_of, visit
from tests.world import World, ids

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(out, "JPEG")
    return out.getvalue()


def manuscript(**more: object) -> Manuscript:
    fields: dict[str, object] = {"title": "Quieter pumps", "body": "Long and *good*.", **more}
    return Manuscript(**fields)  # type: ignore[arg-type]


def publish(author: Person, space: Space, **more: object) -> Entry:
    draft = actions.begin_article(author=author, space=space, manuscript=manuscript(**more))
    return content.publish_draft(actor=author, entry=draft)


def somebody(world: World, name: str) -> Visitor:
    return visit(world, name, Client(SERVER_NAME="localhost"))


def test_whoever_posts_in_a_space_writes_articles_there(world: World) -> None:
    with world.bound():
        entry = publish(world.bob, world.lounge)
        assert find_visible(world.dan, entry.id).kind == "article"
        for name, space in (("bob", "bulletin"), ("dan", "lounge"), ("grace", "lounge")):
            with pytest.raises(Forbidden):
                publish(getattr(world, name), getattr(world, space))


def test_the_organizations_news_are_its_administrators_and_named_editors(world: World) -> None:
    with world.bound():
        publish(world.alice, world.everyone)
        with pytest.raises(Forbidden):
            publish(world.bob, world.everyone)
        with pytest.raises(Forbidden):
            content.publish(author=world.bob, space=world.everyone, kind="article", title="x", body="y")
        with pytest.raises(Forbidden):
            actions.name_editor(actor=world.bob, person=world.bob)
        with pytest.raises(Invalid):
            actions.name_editor(actor=world.alice, person=world.grace)
        actions.name_editor(actor=world.alice, person=world.bob)
        publish(world.bob, world.everyone)
        actions.dismiss_editor(actor=world.alice, person=world.bob)
        with pytest.raises(Forbidden):
            publish(world.bob, world.everyone)


def test_a_draft_is_seen_by_its_author_and_the_hosts_alone(world: World) -> None:
    with world.bound():
        draft = actions.begin_article(author=world.bob, space=world.lounge, manuscript=manuscript())
        for name in ("bob", "alice", "chloe"):
            assert find_unpublished(getattr(world, name), draft.id)
        for name in ("dan", "max", "grace"):
            with pytest.raises(NotFound):
                find_unpublished(getattr(world, name), draft.id)
        content.publish_draft(actor=world.chloe, entry=draft)
        assert find_visible(world.dan, draft.id).author_id == world.bob.id


def test_an_article_needs_a_title_and_tags_are_words(world: World) -> None:
    with world.bound():
        with pytest.raises(Invalid) as no_title:
            publish(world.bob, world.lounge, title="")
        assert "title" in no_title.value.errors
        with pytest.raises(Invalid) as no_word:
            publish(world.bob, world.lounge, tags=["2026"])
        assert "tags" in no_word.value.errors


def test_tags_are_topics_that_an_edit_of_the_text_leaves(world: World) -> None:
    with world.bound():
        entry = publish(world.bob, world.lounge, tags=["Sécurité", "bonnes pratiques"], body="#texte")
        for key in ("securite", "bonnes-pratiques", "texte"):
            assert entry.id in ids(topic_stream(world.dan, key).entries)
        content.edit_entry(editor=world.bob, entry=entry, title="T", body="other", expected_version=1)
        assert entry.id in ids(topic_stream(world.dan, "securite").entries)
        assert entry.id not in ids(topic_stream(world.dan, "texte").entries)


def test_a_cover_is_a_picture_readable_where_the_article_is(world: World) -> None:
    with world.bound():
        words = store(BytesIO(b"walrus"), name="w.txt", created_by_id=world.people["chloe"].id)
        with pytest.raises(Invalid):
            publish(world.chloe, world.cellar, cover=AttachmentDraft(words.id))
        image = store(BytesIO(picture()), name="c.jpg", created_by_id=world.people["chloe"].id)
        publish(world.chloe, world.cellar, cover=AttachmentDraft(image.id, alternative_text="A pump"))
    assert somebody(world, "chloe").get(f"/files/{image.id}").status_code == 200
    assert somebody(world, "alice").get(f"/files/{image.id}").status_code == 404


def test_related_articles_share_tags_first_and_are_only_those_one_reads(world: World) -> None:
    with world.bound():
        one = publish(world.bob, world.lounge, tags=["pompe"])
        alike = publish(world.alice, world.bulletin, tags=["pompe"], title="Alike")
        hidden = publish(world.chloe, world.cellar, tags=["pompe"], title="Hidden")
        neighbour = publish(world.chloe, world.lounge, title="Neighbour")
        found = related_articles(world.dan, one)
        assert [entry.id for entry in found] == [alike.id, neighbour.id]
        assert hidden.id in ids(related_articles(world.chloe, one))


def test_news_show_what_one_may_read_newest_first(world: World) -> None:
    with world.bound():
        first, second = publish(world.bob, world.lounge), publish(world.chloe, world.lounge)
        publish(world.chloe, world.cellar)
        assert [entry.id for entry in articles(world.dan, space=world.lounge).entries] == [
            second.id,
            first.id,
        ]
        assert [entry.id for entry in articles(world.dan).entries] == [second.id, first.id]
        page = articles(world.dan, limit=1)
        assert [entry.id for entry in articles(world.dan, cursor=page.next).entries] == [first.id]


def test_an_edit_keeps_history_and_two_editors_lose_nothing(world: World) -> None:
    with world.bound():
        entry = publish(world.bob, world.lounge, standfirst="Before")
        actions.edit_article(
            editor=world.bob,
            entry=entry,
            manuscript=manuscript(standfirst="After", body="new"),
            expected_version=1,
        )
        assert Article.objects.get(entry=entry).standfirst == "After"
        assert entry.revisions.count() == 1
        with pytest.raises(Conflict):
            actions.edit_article(editor=world.bob, entry=entry, manuscript=manuscript(), expected_version=1)


def test_an_article_published_without_details_is_one_all_the_same(world: World) -> None:
    with world.bound():
        entry = content.publish(author=world.bob, space=world.lounge, kind="article", title="T", body="a b c")
        assert Article.objects.get(entry=entry).word_count == 3
    assert "minute to read" in text_of(somebody(world, "dan").get(f"/entries/{entry.id}"))


def _form(world: World, **more: object) -> dict[str, object]:
    return {
        "space": str(world.spaces["lounge"].id),
        "title": "Quieter pumps",
        "standfirst": "In short",
        "body": "Long *text*",
        "tags": "Pompe, bruit",
        "cover": SimpleUploadedFile("cover.jpg", picture(), "image/jpeg"),
        "cover_alternative": "A pump in its hall",
        **more,
    }


def test_one_writes_with_a_cover_and_publishes_from_the_page(world: World) -> None:
    bob = somebody(world, "bob")
    space = world.spaces["lounge"].id
    assert bob.get(f"/articles/new?space={space}").status_code == 200
    answer = bob.post("/articles/new", _form(world, do="publish", coauthors="chloe@atelier.example"))
    assert answer.status_code == 302
    with world.bound():
        entry = Entry.objects.get(kind="article")
        assert entry.state == "published"
    page = text_of(somebody(world, "dan").get(f"/entries/{entry.id}"))
    for words in ("A pump in its hall", "In short", "<em>text</em>", "#Pompe", "Chloé Élan"):
        assert words in page
    assert "A pump" not in re.sub(r"<figure.*?</figure>", "", page)
    for path in (f"/spaces/{space}", "/all", f"/spaces/{space}/news", "/news?of=spaces"):
        assert "In short" in text_of(somebody(world, "dan").get(path)), path


def test_a_draft_is_kept_shown_scheduled_and_thrown_away_from_its_pages(world: World) -> None:
    bob, dan = somebody(world, "bob"), somebody(world, "dan")
    bob.post("/articles/new", _form(world, do="keep"))
    with world.bound():
        entry = Entry.objects.get(kind="article")
        assert entry.state == "draft"
    assert "A draft" in text_of(bob.get(f"/articles/{entry.id}"))
    assert (
        dan.get(f"/articles/{entry.id}").status_code
        == dan.get(f"/articles/{entry.id}/edit").status_code
        == 404
    )
    news = f"/spaces/{world.spaces['lounge'].id}/news"
    assert "In preparation" in text_of(bob.get(news))
    assert "Quieter pumps" not in text_of(dan.get(news))
    form = _form(world, do="schedule", version="1", publish_at="2090-01-01T08:00")
    form.pop("cover")
    assert bob.post(f"/articles/{entry.id}/edit", form).status_code == 422
    with world.bound():
        version = Entry.objects.get(pk=entry.pk).version
    answer = bob.post(f"/articles/{entry.id}/edit", {**form, "version": version, "publish_at": _soon()})
    assert answer.status_code == 302
    with world.bound():
        assert Entry.objects.get(pk=entry.pk).state == "scheduled"
    bob.post(f"/articles/{entry.id}/draft")
    bob.post(f"/articles/{entry.id}/discarding")
    with world.bound():
        assert not Entry.objects.filter(pk=entry.pk).exists()


def _soon() -> str:
    from datetime import timedelta

    from django.utils import timezone

    return (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World) -> None:
    answer = somebody(world, "bob").post(
        "/articles/new", _form(world, do="publish", tags="2026", title="Kept")
    )
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Kept" in page
    assert "Long *text*" in page
    assert 'name="cover_id"' in page


def test_editors_are_named_by_administrators_alone(world: World) -> None:
    alice, bob = somebody(world, "alice"), somebody(world, "bob")
    assert bob.get("/news/editors").status_code in (403, 404)
    assert "Bob Dupont" in text_of(alice.get("/news/editors?q=bob"))
    alice.post("/news/editors", {"person": str(world.people["bob"].id), "do": "name"})
    assert "Write an article" in text_of(bob.get("/news"))


def test_headings_follow_the_title_without_a_gap() -> None:
    assert under_a_title("<h4>a</h4><h6>b</h6><p>h4</p>") == "<h2>a</h2><h3>b</h3><p>h4</p>"
    assert under_a_title("<p>none</p>") == "<p>none</p>"


def test_an_article_is_found_by_its_standfirst_also_by_a_changed_one(world: World) -> None:
    with world.bound():
        entry = publish(world.bob, world.lounge, standfirst="All about periscopes")
        assert ids(find_entries(world.dan, "periscopes")) == {entry.id}
        actions.edit_article(
            editor=world.bob,
            entry=entry,
            manuscript=manuscript(standfirst="All about barometers"),
            expected_version=entry.version,
        )
        assert not find_entries(world.dan, "periscopes")
        assert ids(find_entries(world.dan, "barometers")) == {entry.id}
