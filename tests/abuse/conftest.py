"""Attackers are patient: here no limit stops them."""

from __future__ import annotations

import pytest

from parvis.foundation import allowance, throttle
from parvis.foundation.throttle import Rate, Taken


@pytest.fixture
def every(request: pytest.FixtureRequest) -> int:
    """Of many attacks alike, every how many-th is tried: all of them with `bin/test --api`."""
    return 1 if request.config.getoption("--api-examples") >= 100 else 5


@pytest.fixture
def tireless(monkeypatch: pytest.MonkeyPatch) -> None:
    def take(action: str, *identities: object, rate: Rate, times: int = 1) -> Taken:
        return Taken(0.0, rate.times, 0.0)

    monkeypatch.setattr(throttle, "take", take)
    allowance.forget_leases()
