"""What is found in somebody's HTML, however it is written, and how little a hostile page costs."""

from __future__ import annotations

import time

import pytest

from parvis.previews.reading import decoded, described

URL = "https://www.example.org/a/page?x=1"


def test_opengraph_speaks_first_then_what_every_page_has() -> None:
    page = """<!DOCTYPE html><head><title>A title &amp; more</title><meta name=description content='Plain'>
    <meta property="og:title" content="The title"><meta content="What it&#39;s about" property="og:description">
    <meta property="og:site_name" content="Example"><meta property="og:image" content="/picture.png"></head>"""
    found = described(page, URL)
    assert (found.title, found.description) == ("The title", "What it's about")
    assert (found.site_name, found.image_url) == ("Example", "https://www.example.org/picture.png")


def test_a_plain_page_has_a_title_and_its_host() -> None:
    found = described(
        "<html><TITLE lang=en>\n  Two\n lines </TITLE><meta name='description' content=Short>", URL
    )
    assert (found.title, found.description, found.site_name) == ("Two lines", "Short", "example.org")
    assert found.image_url == ""


def test_scripts_comments_and_the_body_are_not_read() -> None:
    page = """<!-- <title>no</title> --><script>"<title>no</title>"</script><svg><title>no</title></svg>
    <style><title>no</title></style><title>Yes</title><body><meta property="og:title" content="no">"""
    assert described(page, URL).title == "Yes"


def test_what_nobody_sees_is_left_out_and_long_texts_are_cut() -> None:
    found = described(f"<title>\u202eevil\x00\u200b title {'x ' * 500}</title>", URL)
    assert found.title.startswith("evil title x") and len(found.title) <= 200


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:image/png;base64,x", "file:///etc/passwd", "http://[x"]
)
def test_only_web_addresses_are_pictures(address: str) -> None:
    assert described(f'<title>x</title><meta property="og:image" content="{address}">', URL).image_url == ""


@pytest.mark.parametrize(
    ("body", "header"),
    [
        ("Été".encode(), "text/html; charset=utf-8"),
        ("Été".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("Été".encode("cp1252"), "text/html"),
        ("Été".encode(), "text/html"),
        ("Été".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf" + "Été".encode(), "text/html; charset=iso-8859-1"),
        ("Été".encode(), "text/html; charset=utf-7"),
    ],
)
def test_the_charset_is_found(body: bytes, header: str) -> None:
    assert decoded(body, header).startswith("Ét")


def test_a_page_declares_its_own_charset() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>Привет</title>'
    assert described(decoded(page.encode("cp1251"), "text/html"), URL).title == "Привет"


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<meta ",
        "<meta a=",
        "<meta a='",
        "<title>",
        "<script>",
        '<meta property="',
        "&",
        " ",
        "<meta" + " " * 4000,
    ],
)
def test_a_hostile_page_is_read_in_a_moment(piece: str) -> None:
    text = (piece * (512_000 // len(piece) + 1))[:512_000]
    started = time.perf_counter()
    described(text, URL)
    decoded(text.encode(), "")
    assert time.perf_counter() - started < 2
