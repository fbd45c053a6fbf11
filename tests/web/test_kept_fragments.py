"""What is kept of pages between requests shows nobody anything else than a page made anew."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from parvis.foundation.ui.kept import forget_fragments
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
