"""Who knocks too often at the live gateway waits; nobody else does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from parvis.config.server.proxies import Proxies
from parvis.foundation.realtime.doors import PERSON, STRANGER, Doors
from parvis.foundation.realtime.gateway import Gateway
from tests.waiting import wait_for


def test_a_person_who_knocks_without_end_waits_and_others_do_not() -> None:
    doors = Doors()
    waits = [doors.wait_for_person("bob") for _ in range(PERSON.times + 1)]
    assert waits[:-1] == [0.0] * PERSON.times
    assert 0 < waits[-1] <= PERSON.interval
    assert doors.wait_for_person("alice") == 0


@pytest.mark.parametrize(
    ("addresses", "most"),
    [
        (["192.0.2.1"] * 200, STRANGER.times),
        ([f"2001:db8:1:2::{number:x}" for number in range(200)], STRANGER.times),
        ([f"2001:db8:1:{number:x}::1" for number in range(1100)], 16 * STRANGER.times),
    ],
)
def test_strangers_are_counted_by_network(addresses: list[str], most: int) -> None:
    doors = Doors()
    admitted = sum(doors.wait_for_stranger(address) == 0 for address in addresses)
    assert 0.9 * most <= admitted <= most
    assert doors.wait_for_stranger("192.0.2.99") == 0


def test_more_knockers_than_are_remembered_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.foundation.realtime.doors.MOST_KNOCKERS", 50)
    doors = Doors()
    for _ in range(200):
        doors.wait_for_person(uuid4())
    assert len(doors._empty_at) <= 50


async def _knock(number: int) -> tuple[int, dict[str, str]]:
    """Return how the gateway answers a handshake that claims another address each time."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"unknown.example"), (b"x-forwarded-for", f"198.51.100.{number}".encode())]
    scope = {"type": "websocket", "path": "/api/v1/live", "headers": headers, "client": ("192.0.2.7", 5000)}
    await Proxies(_gateway.serve, ["127.0.0.1"])(scope, receive, send)  # type: ignore[arg-type]
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


_gateway = Gateway()


def test_a_forged_forwarded_header_does_not_help_a_stranger() -> None:
    async def knock_often() -> list[tuple[int, dict[str, str]]]:
        return [await _knock(number) for number in range(STRANGER.times + 1)]

    answers = wait_for(knock_often())
    assert [status for status, _headers in answers] == [403] * STRANGER.times + [429]
    assert answers[-1][1]["retry-after"] == "1"
