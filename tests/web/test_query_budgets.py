"""What pages cost the database: within their budget, and not more when there is more to show."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.announcements.actions import Wording, begin_announcement, grant
from parvis.content import actions
from parvis.foundation.jobs import run_pending_jobs
from tests.browsing import Visitor
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]

_KEPT = tomllib.loads((Path(__file__).parents[1] / "query_budgets.toml").read_text())
BUDGETS: dict[str, int] = _KEPT["pages"]
CALLS: dict[str, int] = _KEPT["calls"]
MAIL: dict[str, int] = _KEPT["mail"]
NO_TABLE = re.compile(r"^(SAVEPOINT|RELEASE|SELECT set_config|SELECT pg_snapshot)")


def address(world: World, page: str) -> str:
    """Return the address of a page of the budget."""
    post, lounge = world.entries["lounge post"].id, world.spaces["lounge"].id
    if "announcement" in page:
        with world.bound():
            entry_id = announced(world)
        return f"/announcements/{entry_id}/progress" if "progress" in page else "/announcements"
    return {
        "home": "/",
        "everything": "/all",
        "next page of home": "/?part=stream&shown=20",
        "bookmarks": "/bookmarks",
        "a post": f"/entries/{post}",
        "a card": f"/entries/{post}/card",
        "a space": f"/spaces/{lounge}",
        "suggestions": "/suggestions",
        "a search": "/search?q=post",
    }[page]


def announced(world: World) -> UUID:
    """Announce to everybody on behalf of Bob; return the entry."""
    grant(actor=world.alice, person=world.bob)
    wording = Wording(title="Gloves", body="Wear them.")
    draft = begin_announcement(author=world.bob, space=world.everyone, wording=wording)
    actions.publish_draft(actor=world.bob, entry=draft)
    run_pending_jobs()
    return draft.id


def cost(visitor: Visitor, path: str) -> list[str]:
    """Return the statements of one page, asked for as a browser does."""
    visitor.get(path, accept="text/html")
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(path, accept="text/html").status_code == 200
    return [query["sql"] for query in captured.captured_queries if not NO_TABLE.match(query["sql"])]


@pytest.mark.parametrize("page", sorted(BUDGETS))
def test_a_page_keeps_its_budget_however_much_there_is(world: World, visitor: Visit, page: str) -> None:
    with world.bound():
        bob, chloe, lounge, post = world.bob, world.chloe, world.lounge, world.entries["lounge post"]
        actions.react(person=chloe, entry=post, emoji="👍")
        for number in range(25):
            entry = actions.publish(author=chloe, space=lounge, body=f"Post {number}")
            answer = actions.reply(author=bob, to=post, body=f"Answer {number}")
            actions.react(person=bob, entry=entry, emoji="🎉")
            actions.react(person=chloe, entry=answer, emoji="🎉")
            actions.bookmark(person=bob, entry=entry)
    statements = cost(visitor("bob"), address(world, page))
    assert len(statements) <= BUDGETS[page], "\n".join(sql[:160] for sql in statements)
