"""A real uvicorn with the live gateway on a loopback port, and a client that keeps what it hears."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from parvis.config.server.sockets import Sockets
from parvis.foundation.realtime import gateway

HOST = "127.0.0.1"


async def _application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await gateway.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await gateway.stop()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await gateway.application(scope, receive, send)


def free_socket() -> socket.socket:
    """Return a bound socket on a free loopback port."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, 0))
    return bound


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """Serve in a thread of this process; yield the port."""
    bound = free_socket()
    config = uvicorn.Config(
        _application, log_level="error", lifespan="on", ws=Sockets, ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])), daemon=True)
    thread.start()
    wait_until(lambda: server.started, seconds=10)
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()


def wait_until(condition: Any, *, seconds: float = 5.0) -> None:
    """Wait until the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)


class Window:
    """One open window: a WebSocket that subscribes, and remembers every frame and when it came."""

    def __init__(
        self,
        url: str,
        *,
        session_key: str = "",
        origin: str | None = None,
        options: dict[str, Any] | None = None,
        **headers: str,
    ) -> None:
        if session_key:
            headers["Cookie"] = f"other=1; parvis_session={session_key}"
        self._stack = contextlib.ExitStack()
        self.socket: ClientConnection = self._stack.enter_context(
            connect(
                url,
                origin=origin,  # type: ignore[arg-type]
                additional_headers=headers,
                compression=None,
                open_timeout=20,
                proxy=None,
                **(options or {}),
            )
        )

    def say(self, message: Any) -> None:
        """Send one frame: a dict as JSON, text and bytes as they are."""
        self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    def hear(self, *, seconds: float = 20.0) -> dict[str, Any]:
        """Return the next frame."""
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        return frame

    def hear_until(self, kind: str, *, seconds: float = 20.0) -> list[dict[str, Any]]:
        """Return all frames up to one of this type."""
        heard = []
        deadline = time.monotonic() + seconds
        while True:
            heard.append(self.hear(seconds=max(0.01, deadline - time.monotonic())))
            if heard[-1]["type"] == kind:
                return heard

    def hears_nothing(self, *, seconds: float = 0.4) -> bool:
        """Tell whether no frame comes for some time."""
        try:
            self.hear(seconds=seconds)
        except TimeoutError:
            return True
        return False

    def subscribe(self, *topics: str, since: str | None = None) -> list[dict[str, Any]]:
        """Subscribe and return the frames up to `ready`."""
        self.say({"subscribe": list(topics), **({"since": since} if since else {})})
        return self.hear_until("ready")

    def closed_with(self, *, seconds: float = 8.0) -> int:
        """Read until the server closes; return the code."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006
        raise AssertionError("the server did not close")

    def close(self) -> None:
        """Close the window."""
        self._stack.close()
