"""Pages travel compressed where a browser takes it, and their length tells nothing."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse

from parvis.config.compression import CompressionMiddleware, compressed

PAGE = "<p>Un café à la turbine</p>" * 200


def _answer(accepted: str, kind: str = "text/html; charset=utf-8", body: str = PAGE) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepted
    response = CompressionMiddleware(lambda _request: HttpResponse(body, content_type=kind))(request)
    assert isinstance(response, HttpResponse)
    return response


def test_a_page_is_compressed_and_comes_back_whole() -> None:
    answer = _answer("gzip, deflate, br")
    assert (answer["Content-Encoding"], answer["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.content).decode() == PAGE
    assert int(answer["Content-Length"]) == len(answer.content) < len(PAGE) / 5


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_who_does_not_take_it_gets_it_plain(accepted: str) -> None:
    answer = _answer(accepted)
    assert answer.content.decode() == PAGE
    assert "Content-Encoding" not in answer.headers


def test_files_and_short_answers_stay_as_they_are() -> None:
    assert "Content-Encoding" not in _answer("gzip", kind="image/png").headers
    assert "Content-Encoding" not in _answer("gzip", body="<p>no</p>").headers


def test_the_length_of_a_page_varies_by_chance() -> None:
    assert len({len(compressed(PAGE.encode())) for _ in range(20)}) > 5
