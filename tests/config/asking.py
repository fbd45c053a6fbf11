"""Ask an ASGI application for an answer, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.config.server.types import Application, Headers, Message
from tests.waiting import wait_for


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunk_sizes: list[int] = field(default_factory=list)


def ask(
    application: Application,
    path: str = "/",
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: Sequence[bytes] = (),
    client: str = "192.0.2.1",
    scheme: str = "http",
    leaves_early: bool = False,
) -> Answer:
    """Send one request and return its answer."""
    raw: Headers = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": scheme, "headers": raw,
        "client": (client, 50000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    incoming: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    if incoming and not leaves_early:
        incoming[-1]["more_body"] = False
    if not incoming:
        incoming = [{"type": "http.request", "body": b"", "more_body": False}]
    answer = Answer()

    async def receive() -> Message:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")
            answer.chunk_sizes.append(len(message.get("body", b"")))

    wait_for(_run(application, scope, receive, send))
    return answer


async def _run(application: Application, scope: Any, receive: Any, send: Any) -> None:
    await application(scope, receive, send)
