"""Somebody else's server, as bad as the test wants it: a socket that answers with the bytes it was given."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from parvis.foundation.outgoing import addresses

Write = Callable[[socket.socket, bytes], None]


@dataclasses.dataclass
class Elsewhere:
    """What was asked of it, and where it listens."""

    port: int
    asked: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def elsewhere(*answers: bytes | Write) -> Iterator[Elsewhere]:
    """Serve these answers, one per connection, in turn."""
    listening = socket.create_server(("127.0.0.1", 0))
    there = Elsewhere(listening.getsockname()[1], [])

    def serve() -> None:
        for answer in answers:
            with contextlib.suppress(OSError):
                connection, _peer = listening.accept()
                with connection:
                    connection.settimeout(10)
                    request = _request(connection)
                    there.asked.append(request.decode(errors="replace"))
                    if callable(answer):
                        answer(connection, request)
                    else:
                        connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def _request(connection: socket.socket) -> bytes:
    """Read a request with its body."""
    received = b""
    while b"\r\n\r\n" not in received and (chunk := connection.recv(65536)):
        received += chunk
    head, _end, body = received.partition(b"\r\n\r\n")
    declared = re.search(rb"(?i)content-length: (\d+)", head)
    while declared and len(body) < int(declared[1]) and (chunk := connection.recv(65536)):
        received, body = received + chunk, body + chunk
    return received


def page(body: bytes, *, status: str = "200 OK", media_type: str = "text/html", more: str = "") -> bytes:
    """Return a whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def redirect(location: str) -> bytes:
    """Return an answer that points elsewhere."""
    return page(b"", status="302 Found", more=f"Location: {location}\r\n")


def name_networks(settings: Any, *networks: str) -> None:
    """Let the operator name networks that may be reached."""
    settings.PARVIS = dataclasses.replace(settings.PARVIS, outgoing_networks=networks)


def answer_names(monkeypatch: Any, **names: list[list[str]]) -> list[str]:
    """Replace the resolver: each question for a name takes the next of its answers (`_` stands for a dot)."""
    asked: list[str] = []
    answers = {name.replace("_", "."): list(turns) for name, turns in names.items()}

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        if host not in answers:
            return [host]
        return answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]

    monkeypatch.setattr(addresses, "resolve", resolve)
    return asked
