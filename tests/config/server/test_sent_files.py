"""Files sent for Django: ranges, conditions, constant memory, and nothing outside of our folders."""

from __future__ import annotations

import pathlib

import pytest

from parvis.config.server.files import Part, Unsatisfiable, parse_range
from parvis.config.server.sent_files import SentFiles
from parvis.config.server.types import Application, Message, Receive, Scope, Send
from tests.config.asking import Answer, ask

CONTENT = bytes(range(256)) * 4


def naming(
    path: pathlib.Path | str, *, status: int = 200, extra: dict[str, str] | None = None
) -> Application:
    """An application that answers as Django does: a named file and no body."""

    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"image/png"),
            (b"content-length", b"0"),
            (b"x-parvis-file", str(path).encode()),
        ]
        headers += [(name.encode(), value.encode()) for name, value in (extra or {}).items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        body: Message = {"type": "http.response.body", "body": b"never seen"}
        await send(body)

    return application


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    files = tmp_path / "files"
    files.mkdir()
    (files / "picture").write_bytes(CONTENT)
    (tmp_path / "secret").write_text("secret")
    return files


def fetch(folder: pathlib.Path, *, method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(SentFiles(naming(folder / "picture"), [folder]), method=method, headers=named)


def test_the_file_replaces_the_body_and_the_header_never_leaves(folder: pathlib.Path) -> None:
    answer = fetch(folder)
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["content-length"] == "1024"
    assert "x-parvis-file" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-99", 0, 99), ("bytes=1000-", 1000, 1023), ("bytes=-24", 1000, 1023),
                                 ("bytes=1000-99999", 1000, 1023)],
)  # fmt: skip
def test_a_range_is_answered_in_part(folder: pathlib.Path, asked: str, first: int, last: int) -> None:
    answer = fetch(folder, range=asked)
    assert (answer.status, answer.body) == (206, CONTENT[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/1024"


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=", "bytes=-"])
def test_an_odd_range_gets_the_whole_file(folder: pathlib.Path, asked: str) -> None:
    assert fetch(folder, range=asked).status == 200


def test_a_range_outside_is_refused_with_the_size(folder: pathlib.Path) -> None:
    answer = fetch(folder, range="bytes=1024-")
    assert (answer.status, answer.headers["content-range"]) == (416, "bytes */1024")


def test_a_known_file_is_not_sent_again(folder: pathlib.Path) -> None:
    first = fetch(folder)
    assert fetch(folder, if_none_match=first.headers["etag"]).status == 304
    assert fetch(folder, if_modified_since=first.headers["last-modified"]).status == 304
    assert fetch(folder, if_none_match='"other"').status == 200


def test_a_range_of_another_version_gets_the_whole_file(folder: pathlib.Path) -> None:
    tag = fetch(folder).headers["etag"]
    assert fetch(folder, range="bytes=0-1", if_range=tag).status == 206
    assert fetch(folder, range="bytes=0-1", if_range='"older"').status == 200


def test_head_sends_no_body(folder: pathlib.Path) -> None:
    answer = fetch(folder, method="HEAD")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "1024")


def test_a_large_file_leaves_in_chunks(folder: pathlib.Path) -> None:
    (folder / "film").write_bytes(b"x" * 3_000_000)
    answer = ask(SentFiles(naming(folder / "film"), [folder]))
    assert len(answer.body) == 3_000_000
    assert max(answer.chunk_sizes) <= 256 * 1024


@pytest.mark.parametrize("name", ["../secret", "missing", ""])
def test_nothing_outside_of_the_folders_is_sent(folder: pathlib.Path, name: str) -> None:
    answer = ask(SentFiles(naming(folder / name), [folder]))
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_an_empty_file_can_be_sent(folder: pathlib.Path) -> None:
    (folder / "empty").touch()
    answer = ask(SentFiles(naming(folder / "empty"), [folder]))
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")


def test_an_empty_file_has_no_range() -> None:
    assert parse_range("bytes=0-0", 10) == Part(0, 0)
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=0-", 0)
