"""Believe forwarded headers from trusted proxies, and drop them from everybody else."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from parvis.config.server.types import Application, Receive, Scope, Send, header

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port")
_SECURE = {"http": "https", "ws": "wss"}


class Proxies:
    """Sets the client's address, the scheme and the host as a trusted proxy tells them."""

    def __init__(self, application: Application, trusted: Sequence[str]) -> None:
        self._application = application
        self._trusted: list[Network] = [ipaddress.ip_network(text, strict=False) for text in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            if self._is_trusted(_client(scope)):
                self._believe(scope)
            scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() not in FORWARDED]
        await self._application(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        headers = scope["headers"]
        chain = [
            part.strip() for part in (header(headers, b"x-forwarded-for") or "").split(",") if part.strip()
        ]
        # From the right: what stands left of the last untrusted address was written by the client itself.
        for text in reversed(chain):
            scope["client"] = (text, 0)
            if not self._is_trusted(text):
                break
        if (header(headers, b"x-forwarded-proto") or "").strip().lower() in {"https", "wss"}:
            scope["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
        host = (header(headers, b"x-forwarded-host") or "").strip()
        if host:
            scope["headers"] = [pair for pair in headers if pair[0].lower() != b"host"]
            scope["headers"].append((b"host", host.encode("latin-1")))

    def _is_trusted(self, text: str) -> bool:
        try:
            address: Address = ipaddress.ip_address(text)
        except ValueError:
            return False
        # A dual-stack socket shows IPv4 clients as ::ffff:192.0.2.1.
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._trusted)


def _client(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""
