"""Domain events: what happened, in the past tense, and the only wiring between apps.

    @dataclass(frozen=True, kw_only=True)
    class PostPublished(DomainEvent):
        entry_id: UUID
        space_id: UUID

        def topics(self) -> list[str]:
            return [f"space:{self.space_id}", f"thread:{self.entry_id}"]

        def live_id(self) -> UUID:
            return self.entry_id

    record(PostPublished(entry_id=…, space_id=…, actor_id=…))      # inside an action

    @on(PostPublished)                                              # in an app's handlers.py
    def index_post(event: PostPublished) -> None: …

`record` writes the event's row and one job per handler in the transaction of the change: they exist
together or not at all. After the commit one notifier per process says *that* something happened.
`@on(Event, immediately=True)` is for what must be true when the action returns: it runs inside `record`.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from parvis.foundation.audit import audit
from parvis.foundation.jobs import JobRequest, enqueue_all, job_name
from parvis.foundation.jobs import register as register_job
from parvis.foundation.realtime import notifier
from parvis.foundation.tenancy import current_organization_id

# The prefix of the topics that only gateways hear, see `access_changed_for`.
ACCESS_TOPIC = "access:"

COLUMNS = ("organization_id", "actor_id", "space_id", "occurred_at")

INSERT = """
    INSERT INTO foundation_domain_event
        (organization_id, type, payload, topics, actor_id, space_id, occurred_at, carried_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    RETURNING txid::text, id
"""

FORGET_CARRIED = """
    UPDATE foundation_domain_event SET payload = payload - 'carried', carried_id = NULL
    WHERE carried_id = %s AND organization_id = %s
"""

Event_co = TypeVar("Event_co", bound="DomainEvent", covariant=True)
Handler = Callable[[Any], None]
Condition = Callable[[Any], bool]


@dataclass(frozen=True)
class Listener:
    """A handler, and which of the events concern it."""

    name: str
    handler: Handler
    when: Condition | None

    def concerns(self, event: DomainEvent) -> bool:
        """Tell whether there may be something to do."""
        return self.when is None or self.when(event)


_types: dict[str, type[DomainEvent]] = {}
_handlers: dict[str, list[Listener]] = {}
_immediate_handlers: dict[str, list[Listener]] = {}

# What `access_changed_for` says when anybody's access may be another one now.
EVERYONE = "*"


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened in one organization; subclasses are frozen keyword-only dataclasses.

    Fields are UUID, str, int, bool, datetime, None, or a tuple of these. Each topic has its own audience:
    `space:<id>`, `thread:<id>` and `hashtag:<key>` reach those who may read the event's `space_id`, `person:<id>` that person
    alone, `people` and `organization` all members. An item that not every reader of its space may see
    therefore names persons only.
    """

    type: ClassVar[str]
    # Set it where the event can change who may read what: open streams are then checked again at once.
    changes_access: ClassVar[bool] = False
    # Set it where the event must be provable later; those that change access are kept anyway.
    is_audited: ClassVar[bool] = False

    organization_id: UUID = field(default_factory=current_organization_id)
    actor_id: UUID | None = None
    occurred_at: datetime = field(default_factory=timezone.now)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "type" not in vars(cls):
            cls.type = _default_type(cls)
        if _types.setdefault(cls.type, cls).__qualname__ != cls.__qualname__:
            raise TypeError(
                f"Two events are called {cls.type}: {cls.__qualname__}, {_types[cls.type].__qualname__}"
            )
        # dataclass(slots=True) and reloads make the class twice: the last one counts.
        _types[cls.type] = cls

    def topics(self) -> list[str]:
        """Return the live topics: space:<id>, thread:<id>, person:<id>, people, organization."""
        return []

    def access_changed_for(self) -> Iterable[UUID | str]:
        """Return whose access changed: the person of `person_id` where there is one, else everyone's."""
        if not self.changes_access:
            return ()
        person_id = getattr(self, "person_id", None)
        return (EVERYONE,) if person_id is None else (person_id,)

    def live_id(self) -> UUID | str | None:
        """Return the id that pages refresh by, if any."""
        return None

    def circle(self) -> tuple[UUID, bool] | None:
        """Return the circle of people who alone hear it under `room:<id>`; True when readers of its space do, too."""
        return None

    def summary(self, viewer: object) -> str:
        """Return the sentence that tells a person what happened, in the active language."""
        return ""


def record(event: DomainEvent, *, carried: Mapping[str, Any] | None = None) -> str:
    """Write down what happened, in the transaction of the change itself; return the event's position.

    What is `carried` goes into the live frame, the same for everybody who hears it; handlers do not get it.
    One job per handler is queued by the same transaction. Raises outside one: a change and its event
    must not come apart.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "record() needs the transaction of the change: open one."
        )
    txid, event_id = _insert(event, carried)
    _enqueue_handlers(event)
    if event.is_audited or event.changes_access:
        _audit(event)
    position = f"{txid}.{event_id}"
    transaction.on_commit(functools.partial(notifier.tell_event, position))
    for listener in _immediate_handlers.get(event.type, ()):
        if listener.concerns(event):
            listener.handler(event)
    return position


def forget_carried(live_id: UUID) -> None:
    """Take out of the outbox what earlier events carry of a thing, whose text must not be told any more."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_CARRIED, [live_id, current_organization_id()])


def on(
    *event_types: type[DomainEvent], immediately: bool = False, when: Condition | None = None
) -> Callable[[Handler], Handler]:
    """Call the function with each such event, in a job of its own after the commit.

    It runs in the event's `organization_scope`, is retried when it fails, and must be idempotent. With
    `immediately` it runs inside the action's transaction instead, whose fate it shares: for what must be
    true when the action returns, never for anything slow. `when` says which events may concern the handler, by
    their fields and at most one prepared question: a job that finds nothing to do costs as much as a page.
    """

    def decorate(function: Handler) -> Handler:
        name = job_name(function)
        registry = _immediate_handlers if immediately else _handlers
        for event_type in event_types:
            registry.setdefault(event_type.type, []).append(Listener(name, function, when))
        if not immediately:
            register_job(name, functools.partial(_handle, function))
        return function

    return decorate


def listeners_of(event_type: type[DomainEvent]) -> list[str]:
    """Return the names of the handlers of an event type."""
    immediate = [f"{found.name} (immediately)" for found in _immediate_handlers.get(event_type.type, [])]
    return immediate + [found.name for found in _handlers.get(event_type.type, [])]


def event_types() -> dict[str, type[DomainEvent]]:
    """Return every known event type by its name, in alphabetical order."""
    return dict(sorted(_types.items()))


def to_payload(event: DomainEvent) -> dict[str, Any]:
    """Return an event's fields as JSON values."""
    return {item.name: _to_json(getattr(event, item.name)) for item in dataclasses.fields(event)}


def from_payload(name: str, payload: dict[str, Any]) -> DomainEvent:
    """Return the event that `to_payload` described; fields unknown to this version are left out."""
    event_type = _types[name]
    hints = _hints(event_type)  # type: ignore[arg-type]  # dataclasses may be unhashable, classes never are
    known = {key: _from_json(value, hints[key]) for key, value in payload.items() if key in hints}
    return event_type(**known)


def _insert(event: DomainEvent, carried: Mapping[str, Any] | None) -> tuple[str, int]:
    payload = {key: value for key, value in to_payload(event).items() if key not in COLUMNS}
    live_id = event.live_id()
    if live_id is not None:
        payload["live_id"] = str(live_id)
    if (circle := event.circle()) is not None:
        payload["circle"] = [str(circle[0]), circle[1], getattr(event, "seq", None)]
    if carried is not None:
        payload["carried"] = carried
    with connection.cursor() as cursor:
        values: list[Any] = [
            event.organization_id,
            event.type,
            Jsonb(payload, dumps=_dumps),
            [*event.topics(), *(f"{ACCESS_TOPIC}{who}" for who in event.access_changed_for())],
            event.actor_id,
            getattr(event, "space_id", None),
            event.occurred_at,
            live_id if carried is not None and isinstance(live_id, UUID) else None,
        ]
        cursor.execute(INSERT, values)
        txid, event_id = cursor.fetchone()
    return txid, event_id


_dumps = functools.partial(json.dumps, cls=DjangoJSONEncoder)


def _audit(event: DomainEvent) -> None:
    details = to_payload(event)
    for known in ("organization_id", "actor_id", "occurred_at"):
        details.pop(known)
    audit(action=event.type, actor_id=event.actor_id, **details)


def _enqueue_handlers(event: DomainEvent) -> None:
    concerned = [listener.name for listener in _handlers.get(event.type, ()) if listener.concerns(event)]
    if concerned:
        arguments = {"event_type": event.type, "payload": to_payload(event)}
        enqueue_all(JobRequest(name=name, arguments=arguments) for name in concerned)


def _handle(function: Handler, *, event_type: str, payload: dict[str, Any]) -> None:
    function(from_payload(event_type, payload))


def _default_type(event_type: type) -> str:
    """`parvis.content.events.PostPublished` is called `content.post_published`."""
    parts = event_type.__module__.split(".")
    app = parts[1] if parts[0] == "parvis" and len(parts) > 1 else parts[0]
    return f"{app}.{re.sub(r'(?<!^)(?=[A-Z])', '_', event_type.__name__).lower()}"


@functools.cache
def _hints(event_type: type[DomainEvent]) -> dict[str, Any]:
    hints = typing.get_type_hints(event_type)
    return {item.name: hints[item.name] for item in dataclasses.fields(event_type)}


def _to_json(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [_to_json(item) for item in value]
    raise TypeError(
        f"An event's field cannot hold {type(value).__name__}: use UUID, str, int, bool or datetime."
    )


def _from_json(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, list):
        items = [item for item in typing.get_args(hint) if item is not Ellipsis]
        container = typing.get_origin(hint) or tuple
        return container(_from_json(item, items[0] if items else str) for item in value)
    choices = typing.get_args(hint) if isinstance(hint, types.UnionType) or _is_optional(hint) else (hint,)
    if UUID in choices:
        return UUID(value)
    if datetime in choices:
        return datetime.fromisoformat(value)
    return value


def _is_optional(hint: Any) -> bool:
    return typing.get_origin(hint) is typing.Union
