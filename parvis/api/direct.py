"""The few hottest reads of the API, past Django's request machinery: feed, a space's entries, one entry, a thread.

They call the very operations of `parvis/api/endpoints`, with the same viewer, scope and rows: there is no second
rule and no second answer. What costs here is left out: middleware, parsing and validating by schema. Only a plain
success with a token is answered; whatever else it is (a session, another host, a refusal, something not found, an
odd parameter) goes on to Django, which says so in its own words.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from django.db import DatabaseError, connection
from django.http.request import split_domain_port
from django.urls import set_script_prefix
from django.utils import translation

from parvis.api import limits
from parvis.api.endpoints import entries
from parvis.api.etags import etag_of, is_known
from parvis.api.tokens import Bearer, find_caller_here, note_use
from parvis.foundation.errors import DomainError
from parvis.foundation.tenancy import organization_scope
from parvis.people.middleware import language_for
from parvis.people.models import Organization, Person
from parvis.people.queries import organizations_by

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PATH = re.compile(
    r"(?:/o/(?P<slug>[a-z0-9-]{1,63}))?/api/v1/(?:(?P<feed>feed)"
    rf"|spaces/(?P<space>{_ID})/entries|entries/(?P<thread>{_ID})/thread|entries/(?P<entry>{_ID}))"
)
LIMIT, CURSOR, SCOPE = re.compile("[1-9][0-9]?|100"), re.compile(r"[\w=-]{0,200}"), re.compile("mine|all")
JSON = b"application/json; charset=utf-8"

Headers = list[tuple[bytes, bytes]]
Operation = Callable[[Any], Any]


class Asked(NamedTuple):
    """A request that may be answered here."""

    path: re.Match[str]
    query: str
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """Return the host name, without a port."""
        return split_domain_port(self.headers.get("host", ""))[0]

    @property
    def secret(self) -> str:
        """Return what the caller shows, empty where it is no token."""
        scheme, _blank, secret = self.headers.get("authorization", "").partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else ""


class Answer(NamedTuple):
    """What is sent."""

    status: int
    headers: Headers
    body: bytes


class NotHere(Exception):
    """Django has to answer this."""


class DirectReads:
    """Answers what it can, in the threads that Django answers in, and passes everything else on."""

    def __init__(self, application: Any, executor: Executor, is_our_host: Callable[[str], bool]) -> None:
        self._application, self._executor, self._is_our_host = application, executor, is_our_host

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or pass on."""
        asked = asked_by(scope)
        answer = None
        if asked is not None:
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


def asked_by(scope: Any) -> Asked | None:
    """Return the request if it is one that may be answered here."""
    path = PATH.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
    if path is None:
        return None
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    asked = Asked(path, scope["query_string"].decode("latin-1"), headers)
    return asked if asked.secret and "x-parvis-organization" not in headers else None


def answer_to(asked: Asked) -> Answer | None:
    """Return the answer of an operation, None where Django has to give it."""
    try:
        operation = _operation(asked)
        for organization_id in _addressed(asked):
            # All statements here are asked again and again with like values: none is worth planning each time.
            with organization_scope(organization_id, plan_cache_mode="force_generic_plan"):
                caller = find_caller_here(asked.secret)
                if caller is not None and _is_meant(asked, caller[1].organization):
                    return _read(asked, *caller, operation)
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


def _read(asked: Asked, bearer: Bearer, viewer: Person, operation: Operation) -> Answer:
    if "read" not in bearer.scopes:
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
    with translation.override(language_for(request)):  # type: ignore[arg-type]
        body = msgspec.json.encode(_with_instants(operation(request)))
    return _answer_with(body, asked, request.shown_version, allowance.headers())


def _answer_with(body: bytes, asked: Asked, version: int | None, limits: Mapping[str, str]) -> Answer:
    etag = etag_of(body, version=version)
    fields = {"ETag": etag, "Cache-Control": "private, no-cache", **limits}
    headers = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    if is_known(asked.headers.get("if-none-match", ""), etag):
        return Answer(304, headers, b"")
    headers += [(b"content-type", JSON), (b"content-length", b"%d" % len(body))]
    return Answer(200, headers, body)


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


def _operation(asked: Asked) -> Operation:
    """Return the operation with its parameters."""
    found, query = asked.path, asked.query
    if found["feed"]:
        chosen = {"scope": "mine", **_parameters(query, limit=LIMIT, cursor=CURSOR, scope=SCOPE)}
        return lambda request: entries.feed(request, **chosen)
    if found["space"]:
        page = _parameters(query, limit=LIMIT, cursor=CURSOR)
        return lambda request: entries.space_entries(request, UUID(found["space"]), **page)
    if found["thread"]:
        page = _parameters(query, limit=LIMIT, cursor=CURSOR)
        return lambda request: entries.thread(request, UUID(found["thread"]), **page)
    _parameters(query)
    return lambda request: entries.show(request, UUID(found["entry"]))


def _parameters(query: str, **patterns: re.Pattern[str]) -> dict[str, Any]:
    """Return plain parameters; one that is not as expected is for Django to judge."""
    given: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in given.items():
        if name not in patterns or patterns[name].fullmatch(value) is None:
            raise NotHere
    if "limit" in given:
        given["limit"] = int(given["limit"])
    return given
