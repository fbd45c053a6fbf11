"""The live gateway: a raw ASGI WebSocket at `/api/v1/live` (documented in docs/api/live.md).

It says *that* something changed, as ids; whoever hears it asks for it through the normal pages and API.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http.request import split_domain_port, validate_host

from parvis.foundation.realtime import notifier
from parvis.foundation.realtime.access import TRY_AGAIN_LATER, AccessKeeper, DatabaseSilent
from parvis.foundation.realtime.audience import Credentials, Hearer
from parvis.foundation.realtime.connection import Connection, Send
from parvis.foundation.realtime.doors import Doors
from parvis.foundation.realtime.hub import Hub, heard_under
from parvis.foundation.realtime.outbox import Listener, Position, Told, bound, parse_position
from parvis.foundation.realtime.presence import AWAY, SAID, WATCHED, Presence

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

PATH = re.compile(r"^(?:/o/(?P<slug>[a-z0-9-]{1,63}))?/api/v1/live/?$")

FRAME_CHARACTERS = 16_384
TOPICS_PER_CONNECTION = 200
CONNECTIONS_PER_PERSON = 30
CATCH_UP_EVENTS = 500
MISTAKES = 20

COMMANDS = frozenset({"subscribe", "unsubscribe", "ping", "typing", "presence", "presence_of"})

TOO_BIG = 1009
POLICY = 1008
RESTARTING = 1012


class Gateway:
    """The live side of one process: a listener on the outbox, a hub, and the doors in front of it."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.access = AccessKeeper(self.hub)
        self.doors = Doors()
        self.presence = Presence(self.hub, notifier.shout)
        self.access.on_presence = self.presence.refresh
        self.listener = Listener(self._on_events, self.presence.heard)
        self.is_running = False

    async def start(self) -> None:
        """Begin to listen; connections are taken from now on."""
        await self.listener.start()
        self.hub.begin_at(self.listener.position)
        self.access.start()
        self.presence.start()
        self.is_running = True

    async def stop(self) -> None:
        """Send everybody away (they come back with `since`) and stop listening."""
        self.is_running = False
        for room in list(self.hub.rooms.values()):
            for connection in list(room.connections()):
                connection.close(RESTARTING, "restarting")
        await self.presence.stop()
        await self.listener.stop()
        await self.access.stop()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket from its handshake to its end."""
        await receive()
        credentials, problem = _credentials_of(scope)
        address = scope["client"][0] if scope.get("client") else None
        # The protocol keeps its own scope; ours would hold the headers for as long as the page is open.
        del scope
        hearer = await self._admit(credentials, problem, address, send)
        if hearer is None or credentials is None:
            return
        await send({"type": "websocket.accept"})
        connection = Connection(hearer, send)
        connection.hold()
        member = self.hub.join(connection)
        try:
            await self.access.learn(connection, member)
            self.access.release(connection)
            self.presence.joined(connection)
            await self._listen_to(connection, receive)
        except DatabaseSilent:
            connection.close(TRY_AGAIN_LATER, "try again later")
        finally:
            self.access.departed(connection, credentials)
            self.hub.leave(connection)
            self.presence.left(connection)
            await connection.goodbye()

    async def _admit(
        self, credentials: Credentials | None, problem: str, address: str | None, send: Send
    ) -> Hearer | None:
        if problem:
            return await self._turn_away(send, 403, problem, address)
        if not self.is_running:
            return await _refuse(send, 503, "starting or stopping")
        try:
            hearer = await self.access.identify(credentials) if credentials else None
        except DatabaseError:
            return await _refuse(send, 503, "try again later")
        if hearer is None:
            return await self._turn_away(send, 401, "sign in, or show a token of this organization", address)
        if wait_seconds := self.doors.wait_for_person(hearer.person_id):
            return await _refuse(send, 429, "too many attempts", wait_seconds)
        room = self.hub.rooms.get(hearer.organization_id)
        member = room.members.get(hearer.person_id) if room else None
        if member is not None and len(member.connections) >= CONNECTIONS_PER_PERSON:
            return await _refuse(send, 429, "too many connections")
        return hearer

    async def _turn_away(self, send: Send, status: int, reason: str, address: str | None) -> Hearer | None:
        if wait_seconds := self.doors.wait_for_stranger(address):
            status, reason = 429, "too many attempts"
        return await _refuse(send, status, reason, wait_seconds)

    async def _listen_to(self, connection: Connection, receive: Receive) -> None:
        mistakes = 0
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect" or connection.is_closing:
                return
            problem = await self._obey(connection, message)
            if problem:
                mistakes += 1
                connection.tell({"type": "error", "message": problem})
            if mistakes > MISTAKES:
                connection.close(POLICY, "too many mistakes")
                return

    async def _obey(self, connection: Connection, message: dict[str, Any]) -> str | None:
        text = message.get("text")
        if text is None:
            return "send text frames with JSON, not binary ones"
        if len(text) > FRAME_CHARACTERS:
            connection.close(TOO_BIG, f"at most {FRAME_CHARACTERS} characters per frame")
            return None
        command, problem = _parse(text)
        if command is None:
            return problem
        if "ping" in command:
            connection.tell({"type": "pong", "position": str(connection.seen_until(self.hub.position))})
        self._note_presence(connection, command)
        if "unsubscribe" in command:
            self.hub.unsubscribe_names(connection, command["unsubscribe"])
        if "subscribe" in command:
            if len(connection.topics) + len(command["subscribe"]) > TOPICS_PER_CONNECTION:
                return f"at most {TOPICS_PER_CONNECTION} topics per connection"
            await self._subscribe(connection, command["subscribe"], parse_position(command.get("since")))
        return None

    def _note_presence(self, connection: Connection, command: dict[str, Any]) -> None:
        if "presence" in command:
            self.presence.says(connection, command["presence"])
        if "presence_of" in command:
            people = self.presence.watch(connection, [UUID(text) for text in command["presence_of"]])
            connection.tell({"type": "presence", "people": people})
        if "typing" in command:
            self.presence.types(connection, UUID(command["typing"]))

    async def _subscribe(self, connection: Connection, names: list[str], since: Position | None) -> None:
        earlier = frozenset(connection.topics)
        denied = self.hub.subscribe(connection, names)
        for name in denied:
            connection.tell({"type": "denied", "topic": name})
        if since is not None:
            await self._catch_up(connection, since, earlier)
        accepted = [name for name in names if name not in denied]
        position = connection.seen_until(self.hub.position)
        connection.tell({"type": "ready", "position": str(position), "topics": accepted})

    async def _catch_up(self, connection: Connection, since: Position, earlier: frozenset[str]) -> None:
        """Send what was missed, then what happened meanwhile; or say that the page must be loaded again."""
        organization_id = connection.hearer.organization_id
        connection.hold()
        try:
            missed: list[Told] | None
            if self.hub.remembered_after <= since <= self.hub.position:
                missed = self.hub.recent(organization_id, since)
                missed = missed if len(missed) <= CATCH_UP_EVENTS else None
            else:
                missed = await self.access.missed(organization_id, since, self.hub.position, CATCH_UP_EVENTS)
            if missed is None:
                connection.tell({"type": "reload"})
            else:
                if not earlier:
                    connection.after = since
                for event in missed:
                    # What also bears a topic that was there before has been sent under that one.
                    if earlier.isdisjoint(heard_under(event, connection.hearer)):
                        self.hub.deliver_to(connection, event)
        except DatabaseError:
            connection.tell({"type": "reload"})
        finally:
            self.access.release(connection)

    def _on_events(self, events: list[Told]) -> None:
        for event in events:
            try:
                self.access.heed(event)
                self.hub.dispatch(event)
            except Exception:
                logger.exception("live.event_not_delivered", extra={"position": str(event.position)})


gateway = Gateway()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer WebSockets at `/api/v1/live` and `/o/SLUG/api/v1/live`."""
    await gateway.serve(scope, receive, send)


def answers_to(path: str) -> bool:
    """Tell whether a WebSocket at this path is for the gateway."""
    return PATH.match(path) is not None


async def start() -> None:
    """Start the live side of this process (ASGI lifespan)."""
    global gateway
    gateway = Gateway()
    await gateway.start()


async def stop() -> None:
    """Stop it."""
    await gateway.stop()


def page_position() -> str:
    """Return a position that a page rendered now has already seen: its windows listen from there on."""
    if gateway.is_running:
        return str(gateway.hub.position)
    return str(bound())


def connection_count() -> int:
    """Return how many WebSockets are open in this process, for the metrics."""
    return gateway.hub.connection_count()


def _parse(text: str) -> tuple[dict[str, Any] | None, str]:
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        return None, "this is not JSON"
    if not isinstance(command, dict) or not command.keys() & COMMANDS:
        return None, 'send an object with "subscribe", "unsubscribe", "ping", "typing" or "presence"'
    for key in ("subscribe", "unsubscribe"):
        names = command.get(key, [])
        if not isinstance(names, list) or not all(
            isinstance(name, str) and len(name) <= 100 for name in names
        ):
            return None, f'"{key}" must be a list of topics'
    if command.get("presence", AWAY) not in SAID:
        return None, '"presence" is "active" or "away"'
    people = command.get("presence_of", [])
    if not isinstance(people, list) or len(people) > WATCHED or not all(map(_is_uuid, people)):
        return None, f'"presence_of" is a list of at most {WATCHED} ids'
    if "typing" in command and not _is_uuid(command["typing"]):
        return None, '"typing" is the id of a room'
    if command.get("since") is not None and parse_position(command["since"]) is None:
        return None, '"since" must be a position that a frame gave you'
    return command, ""


def _is_uuid(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(UUID(text))
    except ValueError:
        return False


def _credentials_of(scope: Scope) -> tuple[Credentials | None, str]:
    """Return what a handshake shows; the second value says why it is refused before anybody looks."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    found = PATH.match(scope["path"])
    host = _host_of(headers)
    if found is None or not _is_allowed(host):
        return None, "unknown address"
    token = headers.get("authorization", "")
    is_bearer = token.lower().startswith("bearer ")
    if not is_bearer and not _is_same_origin(headers.get("origin"), host):
        return None, "this page may not connect here"
    return (
        Credentials(
            session_key=None if is_bearer else _cookie(headers.get("cookie", "")),
            token=token[7:].strip() if is_bearer else None,
            organization_slug=found["slug"] or headers.get("x-parvis-organization"),
            host=split_domain_port(host)[0],
        ),
        "",
    )


def _host_of(headers: dict[str, str]) -> str:
    if settings.USE_X_FORWARDED_HOST and "x-forwarded-host" in headers:
        return headers["x-forwarded-host"].strip().lower()
    return headers.get("host", "").strip().lower()


def _is_allowed(host: str) -> bool:
    allowed = settings.ALLOWED_HOSTS
    if settings.DEBUG and not allowed:
        allowed = [".localhost", "127.0.0.1", "[::1]"]
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _is_same_origin(origin: str | None, host: str) -> bool:
    """A cookie counts only from our own pages: browsers send it from any page, and cannot forge Origin."""
    if not origin:
        return False
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and (
        parts.netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS
    )


def _cookie(header: str) -> str | None:
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == settings.SESSION_COOKIE_NAME:
            return value.strip('"') or None
    return None


async def _refuse(send: Send, status: int, reason: str, wait_seconds: float = 0.0) -> Hearer | None:
    """Answer the handshake with an HTTP status; servers without that extension answer 403."""
    logger.info("live.refused", extra={"status": status, "reason": reason})
    body = json.dumps({"type": "about:blank", "status": status, "title": reason}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    if wait_seconds:
        headers.append((b"retry-after", b"%d" % math.ceil(wait_seconds)))
    try:
        await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": body})
    except (RuntimeError, AssertionError):
        await asyncio.shield(send({"type": "websocket.close", "code": 1008}))
    return None
