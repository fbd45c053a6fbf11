"""Bodies are taken in whole before the application is called."""

from __future__ import annotations

from parvis.config.server.bodies import WholeBodies
from parvis.config.server.types import Receive, Scope, Send, answer, header
from tests.config.asking import ask

calls: list[str] = []


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length that was declared and the one that came."""
    calls.append(scope["path"])
    size, is_over = 0, False
    while not is_over:
        message = await receive()
        size += len(message.get("body", b""))
        is_over = not message.get("more_body", False)
    await answer(send, 200, f"{header(scope['headers'], b'content-length')} {size}")


application = WholeBodies(echo, limit_bytes=5_000_000)


def test_a_body_of_any_size_arrives_whole() -> None:
    for size in (1, 1_000_000, 3_000_000):
        parts = [b"x" * (size // 2), b"y" * (size - size // 2)]
        headers = {"content-length": str(size)}
        assert ask(application, method="POST", body=parts, headers=headers).body.decode() == f"{size} {size}"


def test_a_chunked_body_gets_its_length() -> None:
    headers = {"transfer-encoding": "chunked"}
    assert ask(application, method="POST", body=[b"abc", b"de"], headers=headers).body == b"5 5"


def test_a_declared_or_a_real_excess_is_refused() -> None:
    assert ask(application, method="POST", body=[b"x"], headers={"content-length": "5000001"}).status == 413
    parts = [b"x" * 2_600_000] * 2
    assert ask(application, method="POST", body=parts, headers={"transfer-encoding": "chunked"}).status == 413


def test_a_client_that_leaves_early_reaches_nothing() -> None:
    calls.clear()
    headers = {"content-length": "10"}
    ask(application, "/cut", method="POST", body=[b"half"], headers=headers, leaves_early=True)
    assert calls == []
