"""What is kept of pages between requests shows nobody anything else than a page made anew."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markupsafe import escape

from parvis.content import actions, showing
from parvis.content.models import Entry
from parvis.foundation.models import StoredFile
from parvis.foundation.ui.kept import _fragments, forget_fragments
from parvis.notifications.actions import notify
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space
from tests.browsing import Visitor
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]

# A host, a member, a guest, a moderator's eye: each finds what the others left.
EVERYBODY = ("alice", "bob", "grace", "max")
# What is new on each page: nonces, the form's secret, the live position, the id of the next post.
NEW = re.compile(
    r'nonce="[^"]*"|value="\w{64}"|data-position="[^"]*"|name="id" value="[^"]*"|<time.*?</time>', re.DOTALL
)


def test_kept_fragments_show_each_viewer_what_a_page_made_anew_shows(world: World, visitor: Visit) -> None:
    people = {name: visitor(name) for name in EVERYBODY}

    def seen(name: str, path: str) -> tuple[int, str]:
        answer = people[name].get(path)
        return answer.status_code, NEW.sub("", answer.content.decode())

    for path in ("/", "/all"):
        forget_fragments()
        kept = {name: seen(name, path) for name in EVERYBODY}
        for name in EVERYBODY:
            forget_fragments()
            assert kept[name] == seen(name, path), f"{name} at {path}"


# What stands around a page: the sidebar, the bar at the bottom and its sheet.
SHELL = re.compile(r'<nav class="sidebar".*?</nav>|<nav class="bottom-bar".*?</dialog>', re.DOTALL)
HARMFUL = '<script>alert("x")</script>'


def shell_of(who: Visitor, path: str = "/") -> str:
    return "".join(SHELL.findall(who.get(path).content.decode()))


def kept_of(*macros: str) -> list[str]:
    return [made.decode() for key, made in _fragments._kept.items() if key[1] in macros]  # type: ignore[index]


def kept_frames() -> list[str]:
    return kept_of("sidebar", "topbar", "bottom_bar")


def give_a_face(person: Person) -> None:
    picture = StoredFile.objects.create(sha256="0" * 64, size_bytes=1, media_type="image/png", name="me.png")
    Person.objects.filter(pk=person.pk).update(picture=picture)


def call(person: Person, post: Entry) -> None:
    reason = Notification.Reason.MENTION
    notify(recipients=[person.id], subject="a:call", reason=reason, actor_id=post.author_id, entry_id=post.id)


def own(world: World, name: str) -> list[str]:
    """Return what the shell shows to one person alone, as it is written there."""
    person = getattr(world, name)
    return [
        str(escape(person.full_name)),
        str(person.id),
        *([str(person.picture_id)] if person.picture else []),
    ]


def test_people_alike_share_the_frame_and_each_sees_their_own_in_it(world: World, visitor: Visit) -> None:
    with world.bound():
        give_a_face(world.bob)
        Person.objects.filter(pk=world.dan.pk).update(full_name=HARMFUL)
        call(world.bob, world.entries["lounge post"])
        mine = {name: own(world, name) for name in ("bob", "dan")}
    lounge, unread = f'/spaces/{world.spaces["lounge"].id}"', '<span class="counter">'
    forget_fragments()
    shown = {}
    for name in ("bob", "dan", "bob"):
        shown[name] = shell_of(visitor(name))
        assert len(kept_frames()) == 3, f"{name} has a frame of their own"
    for name, other in (("bob", "dan"), ("dan", "bob")):
        assert all(text in shown[name] for text in mine[name])
        assert not any(text in shown[name] for text in mine[other])
    assert (shown["bob"].count(lounge), shown["bob"].count(unread)) == (1, 2)
    assert (shown["dan"].count(lounge), shown["dan"].count(unread)) == (0, 0)
    assert HARMFUL not in shown["dan"]
    assert "Lounge" not in "".join(kept_frames())
    assert not any(text in frame for frame in kept_frames() for name in mine for text in mine[name])


def test_a_space_is_current_for_whom_it_is_open_alone(world: World, visitor: Visit) -> None:
    forget_fragments()
    bob, alice, at = visitor("bob"), visitor("alice"), f"/spaces/{world.spaces['lounge'].id}"
    for _turn in range(2):
        assert f'{at}" aria-current="page"' in shell_of(bob, at)
        assert f'{at}" aria-current="page"' not in shell_of(alice)


def test_roles_have_frames_of_their_own(world: World, visitor: Visit) -> None:
    forget_fragments()
    shown = {name: shell_of(visitor(name)) for name in EVERYBODY}
    assert [name for name in EVERYBODY if "/administration" in shown[name]] == ["alice"]
    assert [name for name in EVERYBODY if "/moderation" in shown[name]] == ["max"]
    assert [name for name in EVERYBODY if '/people"' in shown[name]] == ["alice", "bob", "max"]


def test_one_composer_offers_each_the_spaces_where_they_may_write(world: World, visitor: Visit) -> None:
    forget_fragments()
    shown = {name: visitor(name).get("/").content.decode() for name in ("alice", "bob")}
    assert len(kept_of("composer_sheet")) == 1
    # Only hosts write in the bulletin.
    assert [("Lounge</option>" in page, "Bulletin</option>" in page) for page in shown.values()] == [
        (True, True),
        (True, False),
    ]


def edit(world: World, post: Entry) -> None:
    actions.edit_entry(
        editor=world.alice, entry=post, title="Changed", body="Anew", expected_version=post.version
    )


# All that a card of Alice's in the lounge shows may change without the entry's own row.
CHANGES: dict[str, Callable[[World, Entry], object]] = {
    "its author is renamed": lambda world, post: Person.objects.filter(pk=post.author_id).update(
        full_name="Eve"
    ),
    "its author has a picture": lambda world, post: give_a_face(post.author),
    "its space is renamed": lambda world, post: Space.objects.filter(pk=post.space_id).update(name="Salon"),
    "it is edited": edit,
    "somebody answers": lambda world, post: actions.reply(author=world.bob, to=post, body="An answer"),
    "who answered is renamed": lambda world, post: Person.objects.filter(pk=world.bob.pk).update(
        full_name="Rob"
    ),
    "somebody reacts": lambda world, post: actions.react(person=world.chloe, entry=post, emoji="🎉"),
    "who reacted is renamed": lambda world, post: Person.objects.filter(pk=world.chloe.pk).update(
        full_name="Zoé"
    ),
    "Bob reacts, too": lambda world, post: actions.react(person=world.bob, entry=post, emoji="🎉"),
    "a reaction is taken back": lambda world, post: actions.take_back_reaction(
        person=world.bob, entry=post, emoji="🎉"
    ),
    "Bob keeps it": lambda world, post: actions.bookmark(person=world.bob, entry=post),
    "Bob mutes it": lambda world, post: actions.mute_thread(person=world.bob, entry=post),
    "Bob becomes a host": lambda world, post: Membership.objects.filter(
        space_id=post.space_id, person=world.bob
    ).update(role="host"),
    "it is pinned": lambda world, post: actions.pin(actor=world.alice, entry=post),
}


def test_whatever_a_card_shows_changes_what_is_kept_of_it(world: World, visitor: Visit) -> None:
    bob = visitor("bob")

    def seen() -> str:
        return NEW.sub("", bob.get("/").content.decode())

    with world.bound():
        actions.reply(author=world.bob, to=world.entries["lounge post"], body="The first answer")
    before = seen()
    for name, change in CHANGES.items():
        with world.bound():
            change(
                world, Entry.objects.select_related("author", "space").get(pk=world.entries["lounge post"].pk)
            )
        kept = seen()
        forget_fragments()
        assert kept == seen(), name
        assert kept != before, f"{name}: nothing to see"
        before = kept


def test_a_card_that_changed_while_it_was_made_is_not_kept(
    world: World, visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, reading = visitor("bob"), showing.cards_for
    post = world.entries["lounge post"]

    def with_a_writer_in_between(viewer: Person, entries: list[Entry], **how: bool) -> object:
        Entry.objects.filter(pk=post.pk).update(title="Between two statements")
        return reading(viewer, [Entry.objects.select_related().get(pk=entry.pk) for entry in entries], **how)

    def title() -> str:
        return bob.get("/").content.decode().partition(f'id="text-{post.id}"')[2].partition("</h2>")[0]

    forget_fragments()
    with monkeypatch.context() as patched:
        patched.setattr(showing, "cards_for", with_a_writer_in_between)
        assert "Between two statements" in title()
    with world.bound():
        Entry.objects.filter(pk=post.pk).update(title=post.title)
    assert post.title in title()


def test_an_entry_that_goes_out_of_sight_while_it_is_read_is_not_shown(
    world: World, visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, reading = visitor("bob"), showing.find_all_visible
    post = world.entries["lounge post"]

    def after_it_was_hidden(viewer: Person, ids: list[object]) -> object:
        Entry.objects.filter(pk=post.pk).update(state=Entry.State.HIDDEN)
        return reading(viewer, ids)  # type: ignore[arg-type]

    forget_fragments()
    monkeypatch.setattr(showing, "find_all_visible", after_it_was_hidden)
    answer = bob.get("/")
    assert answer.status_code == 200
    assert str(post.id) not in answer.content.decode()
