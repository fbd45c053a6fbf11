"""Whoever does not read is closed, and costs the others nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from websockets.exceptions import ConnectionClosed

from parvis.foundation.realtime import connection as live_connection
from parvis.foundation.realtime import gateway
from parvis.foundation.realtime.outbox import Position, Told
from tests.foundation.realtime.conftest import LiveWorld
from tests.foundation.realtime.server import Window, wait_until

Open = Callable[..., Window]


def flood(live: LiveWorld, *, count: int) -> None:
    """Tell many long events at once, as if they had been read from the outbox."""
    hub, task = gateway.gateway.hub, gateway.gateway.listener._task
    assert task is not None
    for _ in range(count):
        task.get_loop().call_soon_threadsafe(dispatch_one, hub, live)


def dispatch_one(hub: object, live: LiveWorld) -> None:
    position = gateway.gateway.hub.position
    gateway.gateway.hub.dispatch(
        Told(
            Position(position.txid, position.id + 1),
            live.organization.pk,
            "x" * 4_000,
            None,
            (f"space:{live.hall.id}",),
            live.hall.id,
        )
    )


def test_a_slow_reader_is_closed_and_the_others_hear_everything(live: LiveWorld, open_window: Open) -> None:
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    small.connect(("127.0.0.1", live.port))
    slow = live.window(live.bob, sock=small, max_queue=1)
    slow.subscribe("home")
    quick = open_window(live.alice, "home")
    count = live_connection.WAITING_FRAMES * 4
    began = time.monotonic()
    for _ in range(4):
        flood(live, count=count // 4)
        for _ in range(count // 4):
            assert quick.hear()["topic"] == "home"
    assert time.monotonic() - began < 20
    wait_until(lambda: any(one.is_closing for one in connections_of(live.bob.id)) or gone(live))
    code = None
    try:
        while True:
            slow.hear(seconds=10)
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else None
    # Its unread frames may have filled every buffer, so that the goodbye did not fit.
    assert code in (live_connection.SLOW_READER, None)
    slow.close()
    fresh = live.note(live.hall)
    assert quick.hear()["position"] == fresh


def connections_of(person_id: object) -> list[live_connection.Connection]:
    return [
        one
        for room in gateway.gateway.hub.rooms.values()
        for key, member in room.members.items()
        if key == person_id
        for one in member.connections
    ]


def gone(live: LiveWorld) -> bool:
    return not connections_of(live.bob.id)
