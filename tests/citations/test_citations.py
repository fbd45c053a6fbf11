"""Back-links and cross-posts: each side only for who may read it."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.citations import actions
from parvis.citations.models import Citation
from parvis.citations.queries import citing, citing_thread
from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import RecordedEvent
from parvis.notifications.queries import inbox
from parvis.people.models import Person
from tests.browsing import Visitor, text_of, visit
from tests.world import World

pytestmark = pytest.mark.django_db


def somebody(world: World, name: str) -> Visitor:
    return visit(world, name, Client(SERVER_NAME="localhost"))


def _cited_in(viewer: Person, entry: Entry) -> set[object]:
    return {row.entry_id for row in citing(viewer, [entry.id])}


@pytest.mark.parametrize("address", ["/o/atelier/entries/{id}", "http://localhost/o/atelier/entries/{id}"])
def test_a_link_to_an_entry_is_a_citation(world: World, address: str, settings: object) -> None:
    settings.BASE_URL = "http://localhost"  # type: ignore[attr-defined]
    with world.bound():
        target = world.entries["lounge post"]
        body = f"see [this]({address.format(id=target.id)})"
        citing_entry = content.publish(author=world.bob, space=world.lounge, body=body)
        assert _cited_in(world.dan, target) == {citing_entry.id}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/o/atelier/entries/{id}",
        "/o/jumeau/entries/{id}",
        "/o/atelier/entries/{id}x",
    ],
)
def test_what_only_looks_like_a_permalink_is_none(world: World, address: str) -> None:
    with world.bound():
        target = world.entries["lounge post"]
        link = address.format(id=target.id)
        content.publish(author=world.bob, space=world.lounge, body=f"see [this]({link})")
        assert not Citation.objects.exists()


def _link(entry: Entry) -> str:
    place = f"/o/atelier/entries/{entry.root_id}"
    return f"[x]({place})" if entry.is_root else f"[x]({place}#entry-{entry.id})"


def test_citations_follow_edits_deletions_and_restorations(world: World) -> None:
    with world.bound():
        one, two = world.entries["lounge post"], world.entries["bulletin comment"]
        entry = content.publish(author=world.bob, space=world.lounge, body=_link(one) + _link(one))
        assert entry.id not in _cited_in(world.dan, two)
        content.edit_entry(editor=world.bob, entry=entry, body=_link(two), expected_version=1)
        assert (_cited_in(world.dan, one), _cited_in(world.dan, two)) == (set(), {entry.id})
        content.delete_entry(actor=world.bob, entry=entry)
        assert not _cited_in(world.dan, two)
        content.restore_entry(actor=world.bob, entry=entry)
        assert _cited_in(world.dan, two) == {entry.id}


def test_one_sees_only_the_citations_that_one_may_read(world: World) -> None:
    with world.bound():
        target = world.entries["everyone post"]
        secret = content.publish(author=world.chloe, space=world.cellar, body=_link(target))
        answer = content.reply(author=world.bob, to=world.entries["lounge post"], body=_link(target))
        assert _cited_in(world.dan, target) == {answer.id}
        assert _cited_in(world.chloe, target) == {answer.id, secret.id}
        assert not _cited_in(world.grace, target)
        assert [row.entry_id for row in citing_thread(world.dan, target)] == [answer.id]


def test_a_thread_that_speaks_of_itself_cites_nothing(world: World) -> None:
    with world.bound():
        target = world.entries["lounge post"]
        content.reply(author=world.bob, to=target, body=_link(target))
        assert not _cited_in(world.bob, target)


def test_a_cross_post_shows_the_original_to_its_readers_and_nothing_to_others(world: World) -> None:
    with world.bound():
        original = content.publish(
            author=world.alice, space=world.project, title="Measured", body="forty decibels"
        )
        shared = actions.cross_post(
            author=world.bob, original=original, space=world.lounge, body="A good week"
        )
    for path in (f"/entries/{shared.id}", "/all", f"/entries/{shared.id}/card"):
        assert "forty decibels" in text_of(somebody(world, "alice").get(path)), path
        page = text_of(somebody(world, "dan").get(path))
        assert "A good week" in page, path
        for word in ("Measured", "forty decibels", "Quieter pumps", str(original.id)):
            assert word not in page, (path, word)
    with world.bound():
        assert _cited_in(world.bob, original) == {shared.id}


def test_only_who_reads_the_original_and_posts_there_shares_it_and_says_why(world: World) -> None:
    with world.bound():
        original = world.entries["lounge post"]
        with pytest.raises(Forbidden):
            actions.cross_post(author=world.bob, original=original, space=world.bulletin, body="x")
        with pytest.raises(Forbidden):
            actions.cross_post(author=world.bob, original=original, space=world.lounge, body="x")
        with pytest.raises(Invalid):
            actions.cross_post(author=world.bob, original=original, space=world.project, body="  ")
    bob = somebody(world, "bob")
    assert bob.get(f"/entries/{world.entries['cellar post'].id}/share").status_code == 404
    project = str(world.spaces["project"].id)
    answer = bob.post(f"/entries/{original.id}/share", {"space": project, "body": "Look"})
    assert answer.status_code == 302
    with world.bound():
        assert Citation.objects.get().entry.space_id == world.spaces["project"].id


def test_an_original_that_changes_or_goes_changes_its_cross_posts(world: World) -> None:
    from parvis.citations.actions import refresh_cross_posts

    with world.bound():
        original = content.publish(author=world.alice, space=world.lounge, body="forty decibels")
        shared = actions.cross_post(author=world.bob, original=original, space=world.project, body="Good")
        content.delete_entry(actor=world.alice, entry=original)
        before = RecordedEvent.objects.filter(type="content.entry_part_changed").count()
        refresh_cross_posts(original.id)
        assert RecordedEvent.objects.filter(type="content.entry_part_changed").count() == before + 1
    page = text_of(somebody(world, "bob").get(f"/entries/{shared.id}"))
    assert "Good" in page
    assert "forty decibels" not in page


def test_pages_show_where_an_entry_is_cited(world: World) -> None:
    with world.bound():
        target = world.entries["lounge post"]
        content.publish(author=world.bob, space=world.project, body=_link(target))
        content.publish(author=world.alice, space=world.bulletin, title="A bulletin", body=_link(target))
    dan = text_of(somebody(world, "dan").get(f"/entries/{target.id}/citations"))
    assert "A bulletin" in dan
    assert "Quieter pumps" not in dan
    fragment = somebody(world, "dan").get(f"/entries/{target.id}/citations", fragment=True)
    assert "Cited in" in text_of(fragment)


def test_the_author_hears_that_it_was_shared_where_they_may_read_it(world: World) -> None:
    with world.bound():
        original = content.publish(author=world.bob, space=world.lounge, body="Worth telling")
        actions.cross_post(author=world.alice, original=original, space=world.project, body="See")
        actions.cross_post(author=world.chloe, original=original, space=world.cellar, body="Secretly")
    run_pending_jobs()
    with world.bound():
        lines = [line for line in inbox(world.bob)[0] if line.notification.reason == "shared"]
        assert [person.full_name for line in lines for person in line.actors] == ["Alice Martin"]
