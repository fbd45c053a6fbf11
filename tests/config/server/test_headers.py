"""Every answer carries its security headers, whoever made it."""

from __future__ import annotations

import pathlib

import pytest
from django.conf import settings

from parvis.config import asgi
from parvis.config.server.headers import SecurityHeaders
from parvis.config.server.static_files import StaticFiles
from parvis.config.server.types import Receive, Scope, Send, answer
from parvis.foundation.settings import Settings
from tests.config.asking import ask

EXPECTED = {"x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy",
            "cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "path",
    [
        "/health/live",
        "/health/ready",
        "/static/missing.js",
        "/static/../settings.py",
        "/no-such-page",
        "/o/none/",
    ],
)
def test_no_answer_leaves_without_them(path: str) -> None:
    whole = asgi.build(Settings(role="all", threads=1))
    answered = ask(whole, path, headers={"Host": "localhost"})
    assert answered.headers.keys() >= EXPECTED
    assert "unsafe-inline" not in answered.headers["content-security-policy"]


def test_a_failure_is_a_plain_500_with_headers() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    got: list[int] = []

    async def survive(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await SecurityHeaders(failing)(scope, receive, send)
        except RuntimeError:
            got.append(1)

    answered = ask(survive)
    assert answered.status == 500
    assert answered.headers.keys() >= EXPECTED
    assert got == [1]


def test_strict_transport_is_said_over_tls_only() -> None:
    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, 200, "page")

    assert "strict-transport-security" in ask(SecurityHeaders(page), scheme="https").headers
    assert "strict-transport-security" not in ask(SecurityHeaders(page)).headers


def test_the_pages_policy_has_no_inline_escape() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert not any("unsafe" in str(source) for sources in directives.values() for source in sources)


def test_hashed_files_are_kept_and_others_asked_again(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main-BL5u8B4G.css").write_text("a{}")
    (tmp_path / "main-BL5u8B4G.css.gz").write_bytes(b"compressed")
    (tmp_path / "mark.svg").write_text("<svg/>")
    static = StaticFiles(lambda *_: None)  # type: ignore[arg-type,return-value]
    monkeypatch.setattr(static, "_folders", [tmp_path])
    hashed = ask(static, "/static/main-BL5u8B4G.css", headers={"accept-encoding": "gzip, br"})
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (hashed.headers["content-encoding"], hashed.body) == ("gzip", b"compressed")
    assert hashed.headers["content-type"] == "text/css; charset=utf-8"
    plain = ask(static, "/static/mark.svg")
    assert (plain.headers["cache-control"], plain.body) == ("public, no-cache", b"<svg/>")
