"""Home: what matters to me, and all that I may read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import Visitor, text_of

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]


def test_home_shows_the_threads_of_my_spaces(visitor: Visit) -> None:
    page = visitor("bob").get("/")
    assert page.status_code == 200
    assert "News of lounge" in text_of(page)
    assert "News of cellar" not in text_of(page)


@pytest.mark.parametrize("path", ["/", "/all", "/bookmarks", "/notifications", "/suggestions"])
@pytest.mark.parametrize("name", ["alice", "dan", "grace"])
def test_every_page_of_home_answers(visitor: Visit, path: str, name: str) -> None:
    assert visitor(name).get(path).status_code == 200


def test_a_stranger_is_sent_to_sign_in(visitor: Visit) -> None:
    answer = visitor("stranger").get("/")
    assert answer.status_code == 302
    assert "/account/sign-in" in answer["Location"]
