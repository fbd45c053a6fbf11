"""The search page, the list below the box, and saved searches."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.chat import actions as chat
from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.search.actions import index_organization, remove_saved_search, save_search
from parvis.search.models import SavedSearch
from parvis.search.queries import Wish, search, suggest
from parvis.search.snippets import pattern_of, snippet
from parvis.search.sources import sources
from tests.browsing import Visitor
from tests.world import World, ids

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


@pytest.fixture
def indexed(world: World) -> World:
    with world.bound():
        index_organization()
    return world


def text_of(visitor: Visitor, path: str, *, fragment: bool = False) -> str:
    answer = visitor.get(path, accept="text/html", fragment=fragment)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_people_and_spaces_are_found_by_what_is_said_of_them(indexed: World) -> None:
    with indexed.bound():
        viewer = indexed.bob
        assert ids(search(viewer, Wish(text="chloe elan")).named["people"]) == {indexed.people["chloe"].id}
        assert ids(search(viewer, Wish(text="quality engineer")).named["people"]) == {
            indexed.people["chloe"].id
        }
        assert ids(search(viewer, Wish(text="loun", segment="spaces")).named["spaces"]) == {
            indexed.spaces["lounge"].id
        }
        assert ids(search(viewer, Wish(text="40 dB")).named["spaces"]) == {indexed.spaces["project"].id}
        assert not search(viewer, Wish(text="cellar")).named["spaces"]


def test_filters_narrow_to_a_space_an_author_a_time_and_a_kind(indexed: World) -> None:
    with indexed.bound():
        bob, lounge = indexed.bob, indexed.spaces["lounge"]
        old = indexed.entries["lounge post"]
        Entry.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=90))
        index_organization()

        def found(**wish: object) -> set[object]:
            return ids(hit.entry for hit in search(bob, Wish(text="walrus", **wish), limit=100).entries)  # type: ignore[arg-type]

        everything = found()
        assert {entry.space_id for entry in Entry.objects.filter(id__in=found(space_id=lounge.id))} == {
            lounge.id
        }
        chloe = indexed.people["chloe"]
        assert ids(Entry.objects.visible_to(bob).filter(author=chloe, state="published")) >= found(
            author_id=chloe.id
        )
        assert found(author_id=indexed.people["alice"].id) | found(author_id=chloe.id) == everything
        assert old.id not in found(since=timezone.now() - timedelta(days=30))
        assert found(until=timezone.now() - timedelta(days=30)) == {old.id}
        assert indexed.entries["lounge comment"].id in found(segment="comment")
        assert indexed.entries["lounge comment"].id not in found(segment="post")
        assert found(has_file=True) == set()
        # A space that one may not read narrows to nothing.
        assert found(space_id=indexed.spaces["cellar"].id) == set()


def test_counts_say_what_the_viewer_may_read(indexed: World) -> None:
    with indexed.bound():
        for name in ("alice", "bob", "dan", "grace"):
            viewer = indexed.people[name]
            visible = Entry.objects.visible_to(viewer).filter(body_text__contains="walrus")
            found = search(viewer, Wish(text="walrus"), facets=True, limit=3)
            assert found.counts["entries"] == visible.count() == found.total
            assert {id for id, _count in found.spaces} == set(visible.values_list("space_id", flat=True))


def test_the_page_marks_what_was_asked_and_says_how_it_was_understood(indexed: World, visitor: Visit) -> None:
    page = text_of(visitor("bob"), "/search?q=walruss")
    assert "<mark>walrus</mark>" in page
    assert "Results for “walrus”" in page
    assert "Quieter pumps" in page
    fragment = text_of(visitor("bob"), "/search?q=walrus&kind=comment", fragment=True)
    assert "<html" not in fragment
    assert "A <mark>walrus</mark> comment in lounge" in fragment


def test_what_is_typed_never_becomes_markup(world: World, visitor: Visit) -> None:
    with world.bound():
        content.publish(author=world.bob, space=world.lounge, body="`<script>alert(1)</script>` walrus <b>")
    page = text_of(visitor("bob"), "/search?q=<script>alert(1)</script> walrus")
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "query",
    ["space=x", "author=x", "since=yesterday", "until=99999-01-01", "page=-1", "page=9999999", "kind=../x"],
)
def test_a_filter_that_is_not_understood_is_said_and_left_out(
    indexed: World, visitor: Visit, query: str
) -> None:
    page = text_of(visitor("bob"), f"/search?q=walrus&{query}")
    assert "walrus" in page


def test_suggestions_come_while_one_types_and_show_only_what_may_be_seen(
    indexed: World, visitor: Visit
) -> None:
    with indexed.bound():
        save_search(person=indexed.bob, name="Lounge news", address="q=news")
        save_search(person=indexed.chloe, name="Lounge secrets", address="q=secrets")
    listed = text_of(visitor("bob"), "/search/suggestions?q=Lou")
    assert 'role="option"' in listed
    assert f"/spaces/{indexed.spaces['lounge'].id}" in listed
    assert "Lounge news" in listed and "Lounge secrets" not in listed
    assert "Dan Field" in text_of(visitor("bob"), "/search/suggestions?q=fie")
    # A guest has no directory and learns no name of a space that is not theirs.
    guest = text_of(visitor("grace"), "/search/suggestions?q=Lou")
    assert "Lounge" not in guest
    assert "Dan Field" not in text_of(visitor("grace"), "/search/suggestions?q=fie")


def test_suggestions_cost_few_queries(indexed: World, visitor: Visit) -> None:
    bob = visitor("bob")
    text_of(bob, "/search/suggestions?q=lou")
    with CaptureQueriesContext(connection) as captured:
        text_of(bob, "/search/suggestions?q=walrus lou")
    touching = [
        query["sql"]
        for query in captured.captured_queries
        if not re.match(r"^(SAVEPOINT|RELEASE|SELECT set_config|SELECT pg_snapshot)", query["sql"])
    ]
    assert len(touching) <= 15, "\n".join(sql[:120] for sql in touching)


def test_a_search_is_saved_listed_and_removed_by_its_owner_alone(indexed: World, visitor: Visit) -> None:
    bob = visitor("bob")
    answer = bob.post("/search/saved", {"name": "  Loud   walrus ", "q": "walrus", "kind": "post"})
    assert answer.status_code == 302
    with indexed.bound():
        saved = SavedSearch.objects.get()
        assert (saved.name, saved.address) == ("Loud walrus", "q=walrus&kind=post")
    assert "Loud walrus" in text_of(bob, "/search")
    assert "Loud walrus" not in text_of(visitor("chloe"), "/search")
    visitor("chloe").post(f"/search/saved/{saved.id}/removal")
    with indexed.bound():
        assert SavedSearch.objects.count() == 1
        remove_saved_search(person=indexed.bob, id=saved.id)
        assert not SavedSearch.objects.exists()


def test_a_name_is_needed_and_what_was_asked_is_kept(indexed: World, visitor: Visit) -> None:
    answer = visitor("bob").post("/search/saved", {"name": " ", "q": "walrus"}, accept="text/html")
    assert answer.status_code == 422
    assert b"Give it a name" in answer.content and b'value="walrus"' in answer.content


def test_a_person_who_left_and_a_space_that_was_renamed_are_followed(indexed: World) -> None:
    from parvis.people import actions as people
    from parvis.spaces import actions as spaces

    with indexed.bound():
        people.remove_person(actor=indexed.alice, person=indexed.dan)
        assert not search(indexed.bob, Wish(text="Dan Field")).named["people"]
        spaces.update_space(actor=indexed.alice, space=indexed.lounge, name="Orangery")
        assert ids(search(indexed.bob, Wish(text="orangery")).named["spaces"]) == {
            indexed.spaces["lounge"].id
        }


def test_every_source_answers_each_question(indexed: World) -> None:
    with indexed.bound():
        content.publish(author=indexed.bob, space=indexed.lounge, body="About #pumps")
        talk = chat.open_direct(viewer=indexed.bob, person=indexed.people["alice"])
        chat.post_message(author=indexed.bob, room=talk, draft=chat.MessageDraft(body="Which pumps?"))
        for source in sources():
            if source.index is not None:
                some = list(source.index.ids())[:3]
                assert {named.id for named in source.index.named(some)} == set(some)
                things = list(source.index.visible(indexed.alice, some).values())
            else:
                assert source.find is not None
                things = list(source.find(indexed.alice, "pumps", 3))
            assert things and all(source.show(thing).title for thing in things)


def test_a_snippet_is_the_part_that_says_most() -> None:
    from parvis.search.index import Word

    words = [Word("étanche", "etanche", ("etanch",), False, 1), Word("joint", "joint", ("joint",), False, 1)]
    text = "Rien à voir. " * 60 + "Le joint <b> étanchéité & co est ÉTANCHE. " + "Rien non plus. " * 40
    shown = snippet(text, pattern_of(words))
    assert "<mark>joint</mark> &lt;b&gt; <mark>étanchéité</mark> &amp; co est <mark>ÉTANCHE</mark>" in shown
    assert shown.startswith("… ") and shown.endswith(" …")


def test_a_topic_is_found_by_those_who_read_about_it(indexed: World, visitor: Visit) -> None:
    with indexed.bound():
        content.publish(author=indexed.chloe, space=indexed.cellar, body="Our #catacombs")
        assert [topic.name for topic in search(indexed.chloe, Wish(text="#catac")).named["topics"]] == [
            "catacombs"
        ]
        assert not search(indexed.bob, Wish(text="#catac")).named["topics"]
    assert "/topics/catacombs" in text_of(visitor("chloe"), "/search/suggestions?q=cataco")
    assert "catacombs" not in text_of(visitor("bob"), "/search/suggestions?q=catacomb").replace(
        "catacomb”", ""
    ).replace("q=catacomb", "")


def test_a_comment_does_not_tell_the_title_of_what_moderation_hid(world: World, visitor: Visit) -> None:
    with world.bound():
        root = content.publish(author=world.bob, space=world.lounge, title="Slanderous", body="x")
        content.reply(author=world.chloe, to=root, body="A measured gooseberry")
        content.hide_entry(actor=world.alice, entry=root)
    page = text_of(visitor("bob"), "/search?q=gooseberry")
    assert "measured" in page and "Slanderous" not in page


def test_suggest_without_a_text_offers_ones_own_searches(world: World) -> None:
    with world.bound():
        save_search(person=world.bob, name="Mine", address="q=x")
        assert [saved.name for saved in suggest(world.bob, " ").saved] == ["Mine"]
