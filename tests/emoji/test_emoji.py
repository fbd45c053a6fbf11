"""The organization's own emoji: judged, named, used, renamed, withdrawn and removed."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from parvis.content import actions as content
from parvis.content.handlers import draw_anew, rename_reactions
from parvis.content.models import Entry, Reaction
from parvis.content.queries import cards_for
from parvis.emoji import actions, queries
from parvis.emoji.events import EmojiAdded, EmojiRemoved, EmojiRenamed
from parvis.emoji.models import CustomEmoji
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.richtext import without_pictures
from parvis.people.actions import change_organization
from tests.browsing import text_of, visit
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


def picture(*colours: str, format: str = "PNG") -> io.BytesIO:
    """Return a square, or one that blinks."""
    frames = [Image.new("RGB", (200, 200), colour) for colour in colours]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:], "duration": 100} if frames[1:] else {}
    frames[0].save(out, format, **more)
    out.seek(0)
    return out


def added(world: World, name: str = "party-parrot", source: io.BytesIO | None = None) -> CustomEmoji:
    return actions.add_emoji(actor=world.alice, name=name, source=source or picture("red"))


def test_a_picture_is_made_small_and_a_moving_one_has_one_that_stands_still(world: World) -> None:
    with world.bound():
        one, moving = added(world), added(world, "blink", picture("red", "blue", format="GIF"))
        assert (one.picture.media_type, one.picture.width, one.still) == ("image/webp", 128, None)
        assert moving.still is not None
        assert moving.still.sha256 != moving.picture.sha256


@pytest.mark.parametrize(
    "source", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"x" * (actions.PICTURE_LIMIT_BYTES + 1)]
)
def test_what_is_no_picture_or_too_large_is_refused(world: World, source: bytes) -> None:
    with world.bound(), pytest.raises(Invalid):
        added(world, source=io.BytesIO(source))


def test_an_endless_animation_is_refused(world: World) -> None:
    frames = ["red", "blue"] * 31
    with world.bound(), pytest.raises(Invalid, match="60"):
        added(world, source=picture(*frames, format="GIF"))


@pytest.mark.parametrize("name", ["", "x", "a b c" * 20, "tada", "100", "../etc", "party-parrot"])
def test_a_name_is_short_plain_and_means_one_thing(world: World, name: str) -> None:
    with world.bound():
        added(world)
        with pytest.raises(Invalid):
            added(world, name)


def test_a_name_is_taken_as_it_is_meant(world: World) -> None:
    with world.bound():
        assert added(world, " :Fête du Carré: ").name == "fete-du-carre"


def test_administrators_add_and_whom_they_let(world: World) -> None:
    with world.bound():
        with pytest.raises(Forbidden):
            actions.add_emoji(actor=world.bob, name="bobs", source=picture("red"))
        change_organization(actor=world.alice, organization=world.organization, who_adds_emoji="members")
        assert actions.add_emoji(actor=world.bob, name="bobs", source=picture("red")).added_by == world.bob
        with pytest.raises(Forbidden):
            actions.add_emoji(actor=world.grace, name="graces", source=picture("red"))


def test_a_text_shows_it_and_readers_without_a_login_its_name(world: World) -> None:
    with world.bound():
        emoji = added(world, "blink", picture("red", "blue", format="GIF"))
        entry = content.publish(
            author=world.bob, space=world.lounge, body="Yes :Blink: and :none: at 10:30:15"
        )
        assert f"/o/atelier/emoji/{emoji.id}/picture" in entry.body_html
        assert 'media="(prefers-reduced-motion: reduce)"' in entry.body_html
        assert entry.body_text == "Yes :Blink: and :none: at 10:30:15"
        assert without_pictures(entry.body_html) == "<p>Yes :Blink: and :none: at 10:30:15</p>\n"


def test_a_reaction_is_named_by_its_code_also_by_one_of_unicode(world: World) -> None:
    with world.bound():
        added(world)
        entry = world.entries["lounge post"]
        for name in (":party-parrot:", ":Party-Parrot:", ":tada:"):
            content.react(person=world.bob, entry=entry, emoji=name)
        [card] = cards_for(world.bob, [Entry.objects.get(pk=entry.pk)])
        assert {item.emoji: item.custom is not None for item in card.reactions} == {
            ":party-parrot:": True,
            "🎉": False,
        }
        with pytest.raises(Invalid):
            content.react(person=world.bob, entry=entry, emoji=":unheard-of:")


def test_renamed_it_is_the_same_in_texts_and_reactions(world: World) -> None:
    with world.bound():
        emoji, entry = added(world), world.entries["lounge post"]
        content.react(person=world.bob, entry=entry, emoji=":party-parrot:")
        actions.rename_emoji(actor=world.alice, emoji=emoji, name="party-bird")
        assert queries.emoji_called(["party-parrot"])["party-parrot"] == emoji
        rename_reactions(
            EmojiRenamed(emoji_id=emoji.id, name="party-bird", former_name="party-parrot", actor_id=None)
        )
        assert Reaction.objects.get(entry=entry).emoji == ":party-bird:"


def test_withdrawn_it_is_not_offered_but_shown_where_it_was_used(world: World) -> None:
    with world.bound():
        emoji, entry = added(world), world.entries["lounge post"]
        content.react(person=world.bob, entry=entry, emoji=":party-parrot:")
        actions.withdraw_emoji(actor=world.alice, emoji=emoji)
        assert not queries.offered_emoji().exists()
        [card] = cards_for(world.bob, [Entry.objects.get(pk=entry.pk)])
        assert card.reactions[0].custom == emoji
        again = added(world)
        assert queries.emoji_called(["party-parrot"])["party-parrot"] == again
        with pytest.raises(Invalid):
            actions.offer_again(actor=world.alice, emoji=emoji)


def test_texts_written_before_show_it_once_it_is_there_and_its_name_once_it_is_gone(world: World) -> None:
    with world.bound():
        entry = content.publish(author=world.bob, space=world.lounge, body="So :party-parrot: then")
        emoji = added(world)
        draw_anew(EmojiAdded(emoji_id=emoji.id, name=emoji.name))
        entry.refresh_from_db()
        assert "<img" in entry.body_html
        id = emoji.id
        actions.remove_emoji(actor=world.alice, emoji=emoji)
        draw_anew(EmojiRemoved(emoji_id=id, name="party-parrot"))
        entry.refresh_from_db()
        assert entry.body_html == "<p>So :party-parrot: then</p>\n"
        with pytest.raises(NotFound):
            queries.find_emoji(id)


def test_what_one_used_last_and_a_skin_tone_are_remembered(world: World) -> None:
    with world.bound():
        added(world)
        for emoji in ("👍", "🎉", "👍", ":party-parrot:", "nonsense"):
            actions.remember_used(person=world.bob, emoji=emoji)
        actions.choose_skin_tone(person=world.bob, tone=3)
        habit = queries.habit_of(world.bob)
        assert (habit.recent, habit.skin_tone) == ([":party-parrot:", "👍", "🎉"], 3)


def test_the_page_adds_one_and_the_chooser_knows_it(world: World) -> None:
    alice, bob = (visit(world, name, Client(SERVER_NAME="localhost")) for name in ("alice", "bob"))
    answer = alice.post("/emoji", {"name": "party-parrot", "picture": picture("red")})
    assert answer.status_code == 302
    assert bob.get("/emoji/mine").json()["custom"][0]["name"] == "party-parrot"
    assert bob.post("/emoji", {"name": "mine", "picture": picture("red")}).status_code == 404
    with world.bound():
        path = queries.offered_emoji().get().picture_url
    assert bob.get(path).status_code == 200
    refused = alice.post("/emoji", {"name": "tada", "picture": picture("red")})
    assert (refused.status_code, "🎉" in refused.content.decode()) == (422, True)


def test_a_guest_sees_the_emoji_and_nobody_who_added_them(world: World) -> None:
    with world.bound():
        added(world)
    page = text_of(visit(world, "grace", Client(SERVER_NAME="localhost")).get("/emoji"))
    assert ":party-parrot:" in page
    assert "Alice Martin" not in page


def test_another_organizations_picture_does_not_exist(world: World) -> None:
    with world.bound():
        emoji = added(world)
        path = f"/emoji/{emoji.id}/picture"
    with world.bound_to_twin():
        sign_in(client := Client(SERVER_NAME="localhost"), world.people["twin_bob"])
    assert client.get(f"/o/jumeau{path}").status_code == 404
