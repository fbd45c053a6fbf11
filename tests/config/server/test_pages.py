"""Django answers in threads: what reaches it of a request, and what of its answer leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from parvis.config.server.pages import Environ, Pages, environ_of
from tests.config.asking import ask


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def echo(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the body, in pieces."""
    start("201 Created", [("X-Asked", f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")])
    return iter(environ["wsgi.input"].readline, b"")


def test_a_body_of_several_parts_is_read_and_the_answer_leaves_whole(threads: ThreadPoolExecutor) -> None:
    parts = [b"one\nt", b"wo\n", b"", b"three"]
    headers = {"content-length": str(sum(map(len, parts)))}
    answer = ask(Pages(echo, threads), "/a", method="POST", body=parts, headers=headers)
    assert (answer.status, answer.body) == (201, b"one\ntwo\nthree")
    assert answer.headers["x-asked"] == "/a?"


def test_a_failure_is_the_callers_to_answer(threads: ThreadPoolExecutor) -> None:
    def broken(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        raise LookupError

    with pytest.raises(LookupError):
        ask(Pages(broken, threads), "/")


def test_a_header_spelt_with_underscores_does_not_pass_for_another() -> None:
    headers = [
        (b"x-real", b"1"),
        (b"x_real", b"2"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"accept", b"x"),
    ]
    scope = {
        "method": "GET",
        "path": "/é",
        "query_string": b"q=\xe9",
        "http_version": "1.1",
        "headers": [*headers, (b"accept", b"y")],
    }
    environ = environ_of(scope)
    assert environ["HTTP_X_REAL"] == "1"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x,y"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"
