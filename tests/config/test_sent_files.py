from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from parvis.config.server.sent_files import SentFiles
from parvis.config.server.types import Message
from tests.waiting import wait_for


def answered(folder: Path, named: str, **asked: str) -> tuple[int, dict[str, str], bytes]:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"x-parvis-file", named.encode()), (b"etag", b'"a"'), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in asked.items()]
    scope: Any = {"type": "http", "method": "GET", "headers": headers}
    wait_for(SentFiles(application, [folder])(scope, None, send))  # type: ignore[arg-type]
    sent = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], sent, b"".join(message.get("body", b"") for message in messages[1:])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "données 100%"
    folder.mkdir()
    path = folder / "a"
    path.write_bytes(b"0123456789")
    return path


def test_the_file_is_sent_and_its_place_stays_secret(file: Path) -> None:
    status, headers, body = answered(file.parent, quote(str(file)))
    assert (status, body, headers["content-length"]) == (200, b"0123456789", "10")
    assert "x-parvis-file" not in headers
    assert headers["etag"] == '"a"'


def test_a_part_is_sent(file: Path) -> None:
    status, headers, body = answered(file.parent, quote(str(file)), range="bytes=2-4")
    assert (status, body, headers["content-range"]) == (206, b"234", "bytes 2-4/10")


def test_a_file_elsewhere_is_not_sent(file: Path) -> None:
    assert answered(file.parent, quote(f"{file.parent}/../../etc/passwd"))[0] == 404
    assert answered(file.parent, "/etc/passwd")[0] == 404
