from __future__ import annotations

import io
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from parvis.foundation.errors import NotFound
from parvis.foundation.files import derive_image, discard, store
from parvis.foundation.files.responses import FILE_HEADER, file_response, picture_response
from parvis.foundation.files.storage import key_of, storage
from parvis.people.models import Organization
from tests.foundation.files.pictures import picture


def answer(data: bytes, name: str = "été.png", *, inline: bool = True, **headers: str) -> HttpResponse:
    return file_response(
        RequestFactory().get("/", headers=headers), store(io.BytesIO(data), name=name), inline=inline
    )


def test_a_picture_is_shown_in_place(organization: Organization) -> None:
    response = answer(picture())
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%C3%A9t%C3%A9.png"
    assert response["Cache-Control"] == "private, max-age=86400, immutable"
    assert unquote(response[FILE_HEADER]).endswith(response["ETag"].strip('"'))
    assert response.content == b""


@pytest.mark.parametrize(
    "data", [b"<html><script>", b"<svg xmlns='http://www.w3.org/2000/svg'>", b"\x00\x01"]
)
def test_what_could_act_is_offered_for_saving_in_a_closed_room(
    organization: Organization, data: bytes
) -> None:
    response = answer(data)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].endswith("sandbox")


def test_a_download_is_always_an_attachment(organization: Organization) -> None:
    assert answer(picture(), inline=False)["Content-Disposition"].startswith("attachment")


def test_what_the_browser_has_is_not_sent_again(organization: Organization) -> None:
    etag = answer(picture())["ETag"]
    response = answer(picture(), if_none_match=f'"x", W/{etag}')
    assert response.status_code == 304
    assert not response.has_header(FILE_HEADER)


def test_text_is_read_as_utf_8(organization: Organization) -> None:
    assert answer(b"caf\xc3\xa9", "a.txt")["Content-Type"] == "text/plain; charset=utf-8"


def test_a_name_cannot_add_headers(organization: Organization) -> None:
    disposition = answer(b"x", 'a"\r\nSet-Cookie: x=1;.txt')["Content-Disposition"]
    assert "\r" not in disposition
    assert "\n" not in disposition


def test_lost_bytes_are_not_found(organization: Organization) -> None:
    file = store(io.BytesIO(b"x"), name="a")
    storage().remove(key_of(organization.id, file.sha256))
    with pytest.raises(NotFound):
        file_response(RequestFactory().get("/"), file, inline=True)
    discard(file)


def test_a_smaller_picture_is_answered(organization: Organization) -> None:
    made = derive_image(store(io.BytesIO(picture()), name="a"), "320")
    assert made is not None
    response = picture_response(RequestFactory().get("/"), made)
    assert response["Content-Type"] == "image/webp"
    assert int(response["Content-Length"]) == made.path.stat().st_size
