"""For who tries everything: no limit stops them, and no address that they make up is asked."""

from __future__ import annotations

import pytest

from parvis.foundation import allowance, throttle
from parvis.foundation.outgoing import OutgoingError, addresses
from parvis.foundation.outgoing import client as outgoing
from parvis.foundation.throttle import Rate, Taken


@pytest.fixture
def tireless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be done as often as one likes."""

    def take(action: str, *identities: object, rate: Rate, times: int = 1) -> Taken:
        return Taken(0.0, rate.times, 0.0)

    monkeypatch.setattr(throttle, "take", take)
    allowance.forget_leases()


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to a public place, so that it may be registered, where nobody answers."""

    def connect(*_asked: object) -> object:
        raise OutgoingError("unreachable", "nobody answers in a test")

    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["93.184.216.34"])
    monkeypatch.setattr(outgoing, "_connect", connect)
