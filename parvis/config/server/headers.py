"""What every answer carries, whoever made it: pages, files, static files, errors, refusals."""

from __future__ import annotations

from parvis.config.security_headers import CLOSED_POLICY, HEADERS, STRICT_TRANSPORT
from parvis.config.server.types import Application, Message, Receive, Scope, Send, answer, header

_ALWAYS = {name.lower().encode(): value.encode() for name, value in HEADERS.items()}
_POLICY = b"content-security-policy"


class SecurityHeaders:
    """Adds the headers that are missing; turns a failure of the application into a plain 500."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        is_started = False

        async def with_headers(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                message["headers"] = _complete(list(message.get("headers", [])), scope)
            await send(message)

        try:
            await self._application(scope, receive, with_headers)
        except Exception:
            if not is_started:
                await answer(with_headers, 500, "Something went wrong on the server.\n")
            raise


def _complete(headers: list[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _value in headers}
    headers += [(name, value) for name, value in _ALWAYS.items() if name not in present]
    if _POLICY not in present:
        headers.append((_POLICY, CLOSED_POLICY.encode()))
    is_secure = scope.get("scheme") == "https"
    if is_secure and header(headers, b"strict-transport-security") is None:
        headers.append((b"strict-transport-security", STRICT_TRANSPORT.encode()))
    return headers
