"""Fragments kept from one page to the next: what a macro makes of the same values is the same.

    {{ kept(sidebar, frame, fills={"name": viewer.full_name}) }}
    {{ kept_each(root_card, shown, "feed", show_space) }}

Rendering is most of what a page costs. What is kept is no answer: who may read what is asked anew for each page,
and a fragment is found again only by *all that its macro is given*, by value (`fingerprint`), in the same language,
time zone and prefix. What is given and cannot be told by value is not kept. A fragment may therefore look at
nothing but its arguments: while one is made there is no request, and the page's nonce, the form's secret and what
is one person's alone (`fills`) are slots that are filled when it is shown.
"""

from __future__ import annotations

import secrets
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from markupsafe import Markup, escape

from parvis.foundation.ui.nonces import csp_nonce, page_nonce
from parvis.foundation.ui.requests import current_request
from parvis.foundation.ui.surroundings import page_surroundings, surroundings

MOST_BYTES = 32 * 1024 * 1024

# Known to this process alone: a text that somebody writes must never be taken for a slot, and be given a secret.
_SLOT = secrets.token_hex(16)
NONCE_SLOT, FORM_SLOT = (f"{name}-{_SLOT}" for name in ("nonce", "form"))
_FILL_SLOT = secrets.token_hex(16)

_PLAIN = frozenset((str, int, float, type(None), UUID, datetime, date))
# What a macro prints, by the name of the argument that it gets it as.
Fills = Mapping[str, Markup]
NO_FILLS: Fills = {}
_is_being_kept: ContextVar[bool] = ContextVar("is_being_kept", default=False)


class Unkeepable(TypeError):
    """A value that has no fingerprint: the fragment is made anew."""


def kept(
    macro: Callable[..., Any],
    *args: Any,
    secret_field: Callable[[], Markup],
    fills: Mapping[str, object] = NO_FILLS,
    **kwargs: Any,
) -> Markup:
    """Return what a macro makes of these values, from memory if it made it before.

    `fills` are what no fragment shall keep, e.g. a new id or the viewer's name: the macro gets each as the argument of
    that name, and does nothing but print it, since what it gets may be a slot.
    """
    escaped = {name: escape(fill) for name, fill in fills.items()}
    return _filled(_found_or_made(macro, args, kwargs, escaped), secret_field, escaped)


def kept_each(
    macro: Callable[..., Any], values: Iterable[Any], *args: Any, secret_field: Callable[[], Markup]
) -> Markup:
    """Return what a macro makes of each of these values, one below the other: `kept`, for the cards of a page."""
    return _filled(b"\n".join(_found_or_made(macro, (value, *args), {}) for value in values), secret_field)


def _found_or_made(
    macro: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], fills: Fills = NO_FILLS
) -> bytes:
    if settings.DEBUG or _is_being_kept.get():
        # Templates change while one works on them; what is part of a kept fragment is kept with it.
        return _made(macro, args, kwargs, fills)
    try:
        key = _key(macro, args, kwargs, fills)
    except Unkeepable:
        return _made(macro, args, kwargs, fills)
    found = _fragments.get(key)
    if found is None:
        with _without_a_request():
            found = _made(macro, args, kwargs, _slots(fills))
        # What a value read while it was shown may be newer than what it was known by.
        if _key(macro, args, kwargs, fills) == key:
            _fragments.put(key, found)
    return found


def form_slot() -> Markup | None:
    """Return what stands for a form's secret in a fragment that is being kept, None on a page."""
    return Markup(FORM_SLOT) if _is_being_kept.get() else None  # noqa: S704 - a constant


def fingerprint(value: Any) -> Hashable:
    """Return what is equal for equal values only; `Unkeepable` for what cannot be compared."""
    kind = type(value)
    if kind in _PLAIN:
        return value  # type: ignore[no-any-return]
    if kind is bool or kind is Markup:
        # Equal to 1 and to a text, and shown differently.
        return kind, str(value)
    own = getattr(value, "fingerprint", None)
    if own is not None:
        return own  # type: ignore[no-any-return]
    return _fingerprint_of_many(kind, value)


class Fingerprinted(dict[str, Any]):
    """Values whose fingerprint is taken once, for several fragments."""

    fingerprint: Hashable = None


def fingerprinted(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take the fingerprint of values that several fragments are made of."""
    marked = Fingerprinted(values)
    try:
        marked.fingerprint = fingerprint(dict(values))
    except Unkeepable:
        return values
    return marked


def _fingerprint_of_many(kind: type, value: Any) -> Hashable:
    if isinstance(value, Model):
        return kind, row_values(value)
    # Of what was sent in a form only the last value of each name would count.
    if kind is dict:
        return kind, tuple((name, fingerprint(inner)) for name, inner in value.items())
    if isinstance(value, list | tuple):
        return kind, tuple(map(fingerprint, value))
    if is_dataclass(value):
        return kind, tuple(map(fingerprint, vars(value).values()))
    if isinstance(value, Promise):
        return str(value)
    raise Unkeepable(kind.__name__)


def row_values(row: Model) -> tuple[Hashable, ...]:
    """Return the values of all columns of a row."""
    names, lists = _columns(type(row))
    values = list(map(row.__dict__.get, names))
    for place in lists:
        values[place] = tuple(values[place] or ())
    return tuple(values)


@cache
def _columns(model: type[Model]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    fields = model._meta.concrete_fields
    lists = tuple(place for place, field in enumerate(fields) if hasattr(field, "base_field"))
    return tuple(field.attname for field in fields), lists


def forget_fragments() -> None:
    """Make everything anew."""
    _fragments.clear()


def _key(macro: Any, args: tuple[Any, ...], kwargs: dict[str, Any], fills: Fills) -> Hashable:
    return (
        # The same name in another file is another macro.
        macro._func.__code__.co_filename,
        macro.name,
        page_surroundings.get() or surroundings(),
        tuple(map(fingerprint, args)),
        tuple((name, fingerprint(value)) for name, value in kwargs.items()),
        tuple(fills),
    )


def _made(macro: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], fills: Fills) -> bytes:
    return str(macro(*args, **kwargs, **fills)).encode()


def _slots(names: Iterable[str]) -> Fills:
    return {name: Markup(f"{_FILL_SLOT}{name}:") for name in names}  # noqa: S704 - names in our templates


@contextmanager
def _without_a_request() -> Iterator[None]:
    tokens = page_nonce.set(NONCE_SLOT), current_request.set(None), _is_being_kept.set(True)
    try:
        yield
    finally:
        page_nonce.reset(tokens[0])
        current_request.reset(tokens[1])
        _is_being_kept.reset(tokens[2])


def _filled(made: bytes, secret_field: Callable[[], Markup], fills: Fills = NO_FILLS) -> Markup:
    if _is_being_kept.get():
        return Markup(made.decode())  # noqa: S704 - escaped when it was made
    if NONCE_SLOT.encode() in made:
        made = made.replace(NONCE_SLOT.encode(), csp_nonce().encode())
    if FORM_SLOT.encode() in made:
        made = made.replace(FORM_SLOT.encode(), secret_field().encode())
    if fills:
        made = b"".join(_between_slots(made, fills))
    return Markup(made.decode())  # noqa: S704 - escaped when it was made


def _between_slots(made: bytes, fills: Fills) -> Iterator[bytes]:
    """Cut what was made at its slots, with their fills in between; what is filled in is not looked at again."""
    first, *others = made.split(_FILL_SLOT.encode())
    yield first
    for name, _, rest in (other.partition(b":") for other in others):
        yield fills[name.decode()].encode()
        yield rest


class _Fragments:
    """So many bytes of what was used last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, made: bytes) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self._bytes += sys.getsizeof(made)
            while self._bytes > MOST_BYTES:
                self._bytes -= sys.getsizeof(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


_fragments = _Fragments()
