from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from parvis.foundation import throttle
from parvis.foundation.errors import Throttled
from parvis.foundation.throttle import Rate, allow, client_network

SLOW = Rate(3, 3600)


@pytest.fixture(autouse=True)
def _empty(db: None) -> Iterator[None]:
    throttle.forget_all()
    yield
    throttle.forget_all()
    throttle.close()


def test_a_bucket_allows_its_burst_and_then_says_how_long_to_wait() -> None:
    assert [allow("post", "alice", rate=SLOW) for _ in range(3)] == [0, 0, 0]
    assert 1195 < allow("post", "alice", rate=SLOW) <= 1200


def test_a_refused_attempt_does_not_lengthen_the_wait() -> None:
    waits = [allow("post", "alice", rate=SLOW) for _ in range(10)]
    assert max(waits) <= 1200


def test_a_bucket_refills() -> None:
    quick = Rate(1, 1)
    assert allow("post", "alice", rate=quick) == 0
    wait = allow("post", "alice", rate=quick)
    assert 0 < wait <= 1
    # Time passes in the database; a bucket that drained long ago stands for it.
    assert allow("post", "alice", rate=Rate(1000, 1)) == 0


def test_actions_and_identities_have_buckets_of_their_own() -> None:
    once = Rate(1, 3600)
    assert allow("post", "alice", rate=once) == 0
    assert allow("post", "bob", rate=once) == 0
    assert allow("upload", "alice", rate=once) == 0
    assert allow("post", "alice", "x", rate=once) == 0
    assert allow("post", "alice", rate=once) > 0


def test_check_raises_what_the_edges_answer_with() -> None:
    once = Rate(1, 60)
    throttle.check("sign-in", "alice", rate=once)
    with pytest.raises(Throttled) as caught:
        throttle.check("sign-in", "alice", rate=once)
    assert 1 <= caught.value.retry_after_seconds <= 60


def test_an_attempt_counts_although_its_transaction_is_rolled_back() -> None:
    once = Rate(1, 3600)
    with transaction.atomic():
        throttle.check("sign-in", "alice", rate=once)
        transaction.set_rollback(True)
    assert allow("sign-in", "alice", rate=once) > 0


def test_many_at_once_are_counted_exactly() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: allow("post", "alice", rate=Rate(20, 3600)), range(60)))
    assert waits.count(0) == 20


def test_a_lost_connection_is_opened_again() -> None:
    allow("post", "alice", rate=SLOW)
    assert throttle._connection is not None
    throttle._connection.pgconn.finish()
    assert allow("post", "alice", rate=SLOW) == 0


def test_drained_buckets_are_forgotten() -> None:
    allow("post", "alice", rate=Rate(1_000_000, 1))
    allow("post", "bob", rate=SLOW)
    assert throttle.forget_drained() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_client_is_its_network(address: str | None, network: str) -> None:
    assert client_network(address) == network


def test_ipv6_ranges_are_counted_together() -> None:
    """Who owns a /48 has 65,536 networks, and gets the room of sixteen."""
    once = Rate(1, 3600)

    def tries(address: str) -> bool:
        try:
            throttle.check_network("sign-in", address, rate=once)
        except Throttled:
            return False
        return True

    assert [tries(f"2001:db8:1:{last:x}::{last}") for last in range(1, 9)].count(True) == 4
    assert [tries(f"2001:db8:1:{last:x}00::1") for last in range(1, 200)].count(True) <= 12
    assert tries("2001:db8:2::1")
    assert [tries("192.0.2.1"), tries("192.0.2.2"), tries("192.0.2.1")] == [True, True, False]
