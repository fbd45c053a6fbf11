"""Pages and fragments of entries, as members, guests and strangers get them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def test_a_thread_shows_its_post_and_comments(world: World, visitor: Visit) -> None:
    page = visitor("bob").get(f"/entries/{world.entries['lounge post'].id}")
    assert page.status_code == 200
    assert "News of lounge" in text_of(page)
    assert "A walrus comment in lounge" in text_of(page)
