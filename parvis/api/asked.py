"""What is asked for most, read from a request without Django: the operation that answers it, with its parameters.

The operations are those of `parvis/api/endpoints`. What is written in any unusual way is for Django to judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from django.http.request import split_domain_port
from pydantic import ValidationError

from parvis.api.endpoints import entries, search
from parvis.api.parsing import refuse_unstorable
from parvis.api.schemas.entries import EntryIn, ReplyIn

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ROOT = r"(?:/o/(?P<slug>[a-z0-9-]{1,63}))?/api/v1/"
PATHS = {
    "GET": re.compile(
        rf"{_ROOT}(?:(?P<feed>feed)|(?P<search>search)"
        rf"|spaces/(?P<space>{_ID})/entries|entries/(?P<thread>{_ID})/thread|entries/(?P<entry>{_ID}))"
    ),
    "POST": re.compile(rf"{_ROOT}entries(?:/(?P<answered>{_ID})/replies)?"),
}
LIMIT, CURSOR, SCOPE = re.compile("[1-9][0-9]?|100"), re.compile(r"[\w=-]{0,200}"), re.compile("mine|all")
TEXT, KIND = re.compile(r"[^\x00-\x1f\ud800-\udfff\ufffd]{1,200}"), re.compile("[a-z_]{0,16}")
ODD = frozenset({"x-parvis-organization", "transfer-encoding"})
# Of a body; longer ones are rare, and not worth a second reader.
LONGEST = 64 * 1024

Operation = Callable[[Any], Any]
Body = TypeVar("Body", EntryIn, ReplyIn)


class NotHere(Exception):
    """Django has to answer this."""


class Asked(NamedTuple):
    """A request that may be answered without Django."""

    method: str
    path: re.Match[str]
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def host(self) -> str:
        """Return the host name, without a port."""
        return split_domain_port(self.headers.get("host", ""))[0]

    @property
    def secret(self) -> str:
        """Return what the caller shows, empty where it is no token."""
        scheme, _blank, secret = self.headers.get("authorization", "").partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else ""

    @property
    def is_read(self) -> bool:
        """Tell whether nothing changes."""
        return self.method == "GET"

    @property
    def body_length(self) -> int:
        """Return how long the body says that it is, more than is read here where it does not say."""
        length = self.headers.get("content-length", "")
        return int(length) if length.isdecimal() else 0 if self.is_read else LONGEST + 1


def asked_by(scope: Any) -> Asked | None:
    """Return the request, without its body, if it is one that may be answered without Django."""
    if scope["type"] != "http" or (pattern := PATHS.get(scope["method"])) is None:
        return None
    path = pattern.fullmatch(scope["path"])
    if path is None:
        return None
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    asked = Asked(scope["method"], path, scope["query_string"].decode("latin-1"), headers)
    is_odd = not ODD.isdisjoint(headers) or asked.body_length > LONGEST
    return asked if asked.secret and not is_odd else None


def operation_of(asked: Asked) -> Operation:
    """Return the operation with its parameters; it takes as much of a request as `direct` makes."""
    return _reading(asked) if asked.is_read else _writing(asked)


def _reading(asked: Asked) -> Operation:
    found, query = asked.path, asked.query
    if found["feed"]:
        chosen = {"scope": "mine", **_parameters(query, limit=LIMIT, cursor=CURSOR, scope=SCOPE)}
        return lambda request: entries.feed(request, **chosen)
    if found["search"]:
        wish = _parameters(query, q=TEXT, kind=KIND, limit=LIMIT, cursor=CURSOR)
        if "q" not in wish:
            raise NotHere
        return lambda request: search.search(request, **{"kind": "", **wish})
    if found["space"]:
        page = _parameters(query, limit=LIMIT, cursor=CURSOR)
        return lambda request: entries.space_entries(request, UUID(found["space"]), **page)
    if found["thread"]:
        page = _parameters(query, limit=LIMIT, cursor=CURSOR)
        return lambda request: entries.thread(request, UUID(found["thread"]), **page)
    _parameters(query)
    return lambda request: entries.show(request, UUID(found["entry"]))


def _writing(asked: Asked) -> Operation:
    answered = asked.path["answered"]
    if answered:
        answer = _body(asked, ReplyIn)
        return lambda request: entries.reply(request, UUID(answered), answer).value
    entry = _body(asked, EntryIn)
    return lambda request: entries.publish(request, entry).value


def _body(asked: Asked, schema: type[Body]) -> Body:
    """Return the body; one without an id of its own could be written twice where the database fails in between."""
    if len(asked.body) != asked.body_length:
        raise NotHere
    try:
        content = json.loads(asked.body)
        refuse_unstorable(content)
        body: Body = schema.model_validate(content)
    except (ValueError, RecursionError, ValidationError):
        raise NotHere from None
    if body.id is None:
        raise NotHere
    return body


def _parameters(query: str, **patterns: re.Pattern[str]) -> dict[str, Any]:
    """Return plain parameters; one that is not as expected is for Django to judge."""
    given: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in given.items():
        if name not in patterns or patterns[name].fullmatch(value) is None:
            raise NotHere
    if "limit" in given:
        given["limit"] = int(given["limit"])
    return given
