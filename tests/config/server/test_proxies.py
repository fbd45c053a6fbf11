"""Forwarded headers: believed from trusted proxies, dropped from everybody else."""

from __future__ import annotations

from typing import Any

from parvis.config.server.proxies import Proxies
from parvis.config.server.types import Receive, Scope, Send
from tests.config.asking import ask

FORWARDED = {"Host": "inside:8000", "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https",
             "X-Forwarded-Host": "parvis.example.org"}  # fmt: skip


def seen(client: str, headers: dict[str, str], trusted: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def application(scope: Scope, _receive: Receive, send: Send) -> None:
        found.update(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    ask(Proxies(application, trusted), headers=headers, client=client)
    return {
        "client": found["client"][0],
        "scheme": found["scheme"],
        **{n.decode(): v.decode() for n, v in found["headers"]},
    }


def test_a_trusted_proxy_tells_client_scheme_and_host() -> None:
    request = seen("10.0.0.2", FORWARDED, ["10.0.0.0/8"])
    assert request == {"client": "198.51.100.7", "scheme": "https", "host": "parvis.example.org"}


def test_anybody_else_is_not_believed() -> None:
    request = seen("203.0.113.9", FORWARDED, ["10.0.0.0/8"])
    assert request == {"client": "203.0.113.9", "scheme": "http", "host": "inside:8000"}


def test_what_a_client_wrote_left_of_the_proxies_is_not_believed() -> None:
    headers = {"X-Forwarded-For": "1.1.1.1, 198.51.100.7, 10.0.0.3"}
    assert seen("10.0.0.2", headers, ["10.0.0.0/8"])["client"] == "198.51.100.7"


def test_ipv4_over_an_ipv6_socket_is_recognised() -> None:
    assert seen("::ffff:10.0.0.2", FORWARDED, ["10.0.0.2"])["client"] == "198.51.100.7"
