"""A link said in the chat is looked at by a job, shown to all windows, and taken away by its author alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from parvis.chat import actions, queries, wire
from parvis.chat.models import Message
from parvis.content.models import Entry
from parvis.content.queries import file_visible_to
from parvis.foundation.errors import Forbidden
from parvis.foundation.jobs import run_pending_jobs
from tests.chat.cast import Talk, say
from tests.previews.test_previews import URL, Web, web  # noqa: F401 - the fixture
from tests.world import World

pytestmark = pytest.mark.django_db


def _row(world: World, message: Message, viewer: str = "chloe") -> dict[str, Any]:
    reader = getattr(world, viewer)
    return wire.message_rows("", [queries.find_message(reader, message.id)], reader)[0]


def test_a_link_is_shown_to_those_in_the_room_and_removed_by_its_author(
    world: World,
    talk: Talk,
    web: Web,  # noqa: F811
) -> None:
    run_pending_jobs()
    with world.bound():
        say(world.bob, talk.rooms["pair"], "no link here")
        message = say(world.bob, talk.rooms["pair"], f"Look: {URL}")
        assert _row(world, message)["preview"] is None
    run_pending_jobs()
    with world.bound():
        preview = _row(world, message)["preview"]
        assert (preview["title"], preview["text"], preview["source"]) == (
            "Quiet pumps",
            "How to",
            "example.org",
        )
        picture = preview["image_url"].rpartition("/")[2]
        assert file_visible_to(world.chloe, picture)
        assert not file_visible_to(world.dan, picture)
        with pytest.raises(Forbidden):
            actions.remove_preview(actor=world.chloe, message=queries.find_message(world.chloe, message.id))
        actions.remove_preview(actor=world.bob, message=queries.find_message(world.bob, message.id))
        assert _row(world, message)["preview"] is None
        actions.edit_message(
            editor=world.bob,
            message=queries.find_message(world.bob, message.id),
            body=f"See {URL}",
            expected_version=1,
        )
    run_pending_jobs()
    with world.bound():
        assert _row(world, message)["preview"] is None
        assert web.asked.count(URL) == 1


def test_a_link_to_an_own_entry_is_named_to_its_readers_only(world: World, talk: Talk, web: Web) -> None:  # noqa: F811
    entry: Entry = world.entries["cellar post"]
    with world.bound():
        message = say(world.chloe, talk.rooms["pair"], f"{settings.BASE_URL}/o/atelier/entries/{entry.id}")
    run_pending_jobs()
    with world.bound():
        [seen] = _row(world, message, "chloe")["links"]
        [unseen] = _row(world, message, "bob")["links"]
        assert (seen["is_readable"], unseen["is_readable"], unseen["id"]) == (True, False, None)
    assert web.asked == []
