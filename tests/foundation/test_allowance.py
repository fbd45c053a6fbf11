from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from parvis.foundation import allowance, throttle
from parvis.foundation.allowance import spend, tightest
from parvis.foundation.errors import Throttled
from parvis.foundation.throttle import Rate

MANY = Rate(600, 3600)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(db: None) -> Iterator[None]:
    throttle.forget_all()
    yield
    throttle.close()


def test_each_call_leaves_one_less() -> None:
    assert [spend("token", "a", rate=MANY).remaining for _ in range(25)] == list(range(599, 574, -1))


def test_most_calls_ask_nothing_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    take = throttle.take
    monkeypatch.setattr(throttle, "take", lambda *a, **k: asked.append(1) or take(*a, **k))
    for _ in range(50):
        spend("token", "a", rate=MANY)
    assert len(asked) == 5


def test_threads_and_processes_together_never_exceed_the_limit() -> None:
    def call(number: int) -> float:
        if number % 7 == 0:
            # What another process does: it knows nothing of this one's lease.
            allowance.forget_leases()
        return spend("token", "a", rate=Rate(120, 3600)).wait_seconds

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(call, range(400)))
    assert 60 <= waits.count(0) <= 120


def test_the_whole_limit_is_there_for_one_process() -> None:
    waits = [spend("token", "a", rate=Rate(125, 3600)).wait_seconds for _ in range(200)]
    assert waits.count(0) == 125


def test_a_refused_call_says_when_to_come_back() -> None:
    small = Rate(1, 60)
    spend("token", "a", rate=small).raise_if_spent()
    refused = spend("token", "a", rate=small)
    with pytest.raises(Throttled) as caught:
        refused.raise_if_spent()
    headers = caught.value.headers()
    assert 55 <= int(headers["Retry-After"]) <= 60
    assert headers["RateLimit-Policy"] == '"token";q=1;w=60'
    assert headers["RateLimit"].startswith('"token";r=0;t=')


def test_the_tightest_limit_speaks() -> None:
    wide, narrow = spend("person", "p", rate=Rate(100, 60)), spend("token", "t", rate=Rate(3, 60))
    assert tightest(wide, narrow) is narrow
