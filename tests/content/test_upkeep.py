"""An update renders older texts again without touching what anybody wrote."""

from __future__ import annotations

import pytest

from parvis.content import actions
from parvis.content.actions.upkeep import render_stale_texts
from parvis.content.models import Entry, Hashtag
from tests.world import World

pytestmark = pytest.mark.django_db


def test_an_older_text_gets_todays_links_and_topics_once(world: World) -> None:
    with world.bound():
        render_stale_texts(limit=1000)
        post = actions.publish(author=world.bob, space=world.lounge, body="About #Été")
        Entry.objects.filter(pk=post.pk).update(render_version=1, body_html="old")
        Hashtag.objects.filter(entry=post).delete()
        assert render_stale_texts() == 1
        assert render_stale_texts() == 0
        again = Entry.objects.get(pk=post.pk)
        assert "/topics/ete" in again.body_html
        assert (again.version, again.edited_at) == (post.version, None)
        assert Hashtag.objects.filter(entry=post, key="ete").exists()
