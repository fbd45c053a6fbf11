"""The hottest requests of the API, past Django's machinery: feed, a space, an entry, a thread, search; publish, reply.

They call the very operations of `parvis/api/endpoints`, with the same viewer, scope and rows: there is no second
rule and no second answer. What costs here is left out: middleware, resolving, and validating the answer by schema.
Only a plain success with a token is answered; whatever else it is (a session, another host, a refusal, something not
found, an odd parameter) is taken back and goes on to Django, which says so in its own words.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import DatabaseError, connection
from django.urls import set_script_prefix
from django.utils import timezone, translation

from parvis.api import limits
from parvis.api.asked import Asked, NotHere, Operation, asked_by, operation_of
from parvis.api.etags import etag_of, is_known
from parvis.api.tokens import Bearer, find_caller_here, note_use
from parvis.foundation.errors import DomainError
from parvis.foundation.tenancy import organization_scope
from parvis.people.middleware import language_for, zone_for
from parvis.people.models import Organization, Person
from parvis.people.queries import organizations_by

JSON = b"application/json; charset=utf-8"

Headers = list[tuple[bytes, bytes]]
Receive = Callable[[], Awaitable[Any]]


class Answer(NamedTuple):
    """What is sent."""

    status: int
    headers: Headers
    body: bytes


class DirectAnswers:
    """Answers what it can, in the threads that Django answers in, and passes everything else on."""

    def __init__(self, application: Any, executor: Executor, is_our_host: Callable[[str], bool]) -> None:
        self._application, self._executor, self._is_our_host = application, executor, is_our_host

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        """Answer, or pass on."""
        asked = asked_by(scope)
        answer = None
        if asked is not None:
            if asked.body_length:
                asked, receive = await _with_body(asked, receive)
            answer = await asyncio.get_running_loop().run_in_executor(self._executor, self._answer, asked)
        if answer is None:
            await self._application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, asked: Asked) -> Answer | None:
        try:
            return answer_to(asked) if self._is_our_host(asked.host) else None
        except DatabaseError:
            # PostgreSQL may have restarted: Django looks at its connection before it uses it.
            connection.close()
            return None


async def _with_body(asked: Asked, receive: Receive) -> tuple[Asked, Receive]:
    """Take the body in, and let Django receive it once more."""
    messages = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    waiting = iter(messages)

    async def receive_again() -> Any:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return asked._replace(body=b"".join(message.get("body", b"") for message in messages)), receive_again


def answer_to(asked: Asked) -> Answer | None:
    """Return the answer of an operation, None where Django has to give it."""
    try:
        operation = operation_of(asked)
        for organization_id in _addressed(asked):
            # All statements here are asked again and again with like values: none is worth planning each time.
            with organization_scope(organization_id, plan_cache_mode="force_generic_plan"):
                caller = find_caller_here(asked.secret)
                if caller is not None and _is_meant(asked, caller[1].organization):
                    return _answered(asked, *caller, operation)
    except (NotHere, DomainError):
        pass
    return None


_FRESH_SECONDS = 10.0
_MOST_ADDRESSES = 1_000
# Only where to look first: the organization's row, read with the token, is what decides.
_looked_up: dict[tuple[str, str], tuple[UUID, float]] = {}


def _addressed(asked: Asked) -> Iterator[UUID]:
    """Return which organization an address means: as it was some seconds ago, then, if that was no use, as it is."""
    address = asked.path["slug"] or "", asked.host
    looked_up = _looked_up.get(address)
    known = looked_up[0] if looked_up is not None and looked_up[1] > time.monotonic() else None
    if known is not None:
        yield known
    named, by_host = organizations_by(slug=address[0], host_name=asked.host)
    organization = named if address[0] else by_host
    if organization is None or (by_host is not None and by_host != organization):
        return
    if len(_looked_up) >= _MOST_ADDRESSES:
        _looked_up.clear()
    _looked_up[address] = organization.id, time.monotonic() + _FRESH_SECONDS
    if organization.id != known:
        yield organization.id


def _is_meant(asked: Asked, organization: Organization) -> bool:
    """Tell whether an organization still has the address that it is asked under; its own host serves no other one."""
    if asked.path["slug"]:
        return bool(organization.slug == asked.path["slug"])
    return bool(organization.host_name == asked.host)


def _answered(asked: Asked, bearer: Bearer, viewer: Person, operation: Operation) -> Answer:
    if ("read" if asked.is_read else "write") not in bearer.scopes:
        raise NotHere
    allowance = limits.charge_caller(person_id=viewer.id, token_id=bearer.token_id)
    note_use(bearer)
    # As much of a request as the operations look at.
    request = SimpleNamespace(
        auth=viewer, viewer=viewer, organization=viewer.organization, shown_version=None
    )
    request.COOKIES, request.headers = {}, {"Accept-Language": asked.headers.get("accept-language", "")}
    request.META = {"HTTP_ACCEPT_LANGUAGE": asked.headers.get("accept-language", "")}
    set_script_prefix(f"/o/{asked.path['slug']}/" if asked.path["slug"] else "/")
    with (
        translation.override(language_for(request)),  # type: ignore[arg-type]
        timezone.override(zone_for(viewer, viewer.organization)),
    ):
        body = msgspec.json.encode(_with_instants(operation(request)), enc_hook=str)
    return _answer_with(body, asked, request.shown_version, allowance.headers())


def _answer_with(body: bytes, asked: Asked, version: int | None, limits: Mapping[str, str]) -> Answer:
    etag = etag_of(body, version=version)
    fields = {"ETag": etag, "Cache-Control": "private, no-cache", **limits}
    headers = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    if asked.is_read and is_known(asked.headers.get("if-none-match", ""), etag):
        return Answer(304, headers, b"")
    headers += [(b"content-type", JSON), (b"content-length", b"%d" % len(body))]
    return Answer(200 if asked.is_read else 201, headers, body)


def _with_instants(rows: Any) -> Any:
    """Put instants into rows as Django writes them, to the millisecond; the rows are this request's own."""
    for place, value in rows.items() if type(rows) is dict else enumerate(rows):
        kind = type(value)
        if kind is datetime:
            rows[place] = _instant(value)
        elif kind is dict or kind is list:
            _with_instants(value)
    return rows


def _instant(at: datetime) -> str:
    text = at.isoformat()
    return (text[:23] + text[26:] if at.microsecond else text).replace("+00:00", "Z")
