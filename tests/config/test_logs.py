"""Logs: one line per event, no secret, no control character."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from parvis.config import logs
from parvis.foundation.settings import Settings


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(Settings(log_format="json"), stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ours_and_the_libraries_look_the_same(written: io.StringIO) -> None:
    structlog.get_logger("parvis.x").warning("space.created", space="7")
    logging.getLogger("library").warning("said %s", "something", extra={"count": 2})
    first, second = lines(written)
    assert (first["event"], first["space"], first["level"]) == ("space.created", "7", "warning")
    assert (second["event"], second["count"], second["logger"]) == ("said something", 2, "library")


def test_a_refused_live_connection_is_no_error(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    # A server that another test ran may have left its own ways.
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    monkeypatch.setattr(logging.getLogger("uvicorn.error"), "propagate", True)
    logging.getLogger("uvicorn.error").error("ASGI callable returned without completing handshake.")
    logging.getLogger("uvicorn.error").error("Something else")
    assert [line["event"] for line in lines(written)] == ["Something else"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("password", "hunter2"),
        ("X-Auth-Token", "hunter2"),
        ("url", "postgresql://parvis:hunter2@db/parvis"),
        ("link", "https://x.org/reset?key=hunter2"),
        ("header", "Bearer hunter2"),
        ("nested", {"cookie": "hunter2", "list": ["smtp://u:hunter2@mail"]}),
    ],
)
def test_a_secret_is_not_written(written: io.StringIO, key: str, value: object) -> None:
    structlog.get_logger("parvis.x").error("happened", **{key: value})
    assert "hunter2" not in written.getvalue()
    assert logs.HIDDEN in json.dumps(lines(written), ensure_ascii=False)


def test_a_secret_in_a_traceback_is_not_written(written: io.StringIO) -> None:
    try:
        raise ValueError("connect to postgresql://parvis:hunter2@db failed")
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "hunter2" not in written.getvalue()
    assert "ValueError" in written.getvalue()


def test_nobody_forges_a_line_or_colours_a_terminal(written: io.StringIO) -> None:
    logging.getLogger("x").warning("name %s", "a\r\nERROR forged\x1b[31m\u202e")
    assert len(written.getvalue().splitlines()) == 1
    assert not {"\x1b", "\r", "\u202e"} & set(str(lines(written)[0]["event"]))
