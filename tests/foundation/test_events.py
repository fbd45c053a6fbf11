"""What an action records exists with its change or not at all, and its handlers run once it is true."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from parvis.foundation import events
from parvis.foundation.events import DomainEvent, from_payload, on, record, to_payload
from parvis.foundation.jobs import failed_jobs, queue_figures, run_pending_jobs
from parvis.foundation.tenancy import current_organization_id, organization_scope

heard: list[tuple[str, DomainEvent, UUID]] = []


@dataclass(frozen=True, kw_only=True)
class LampLit(DomainEvent):
    """A lamp was lit."""

    lamp_id: UUID
    space_id: UUID | None = None
    colours: tuple[str, ...] = ()
    until: datetime | None = None
    is_bright: bool = False

    def topics(self) -> list[str]:
        return [f"space:{self.space_id}"]


@dataclass(frozen=True, kw_only=True)
class LampBroken(DomainEvent):
    """A lamp broke."""


@on(LampLit)
def first(event: LampLit) -> None:
    heard.append(("first", event, current_organization_id()))


@on(LampLit)
def second(event: LampLit) -> None:
    heard.append(("second", event, current_organization_id()))


@on(LampLit, immediately=True)
def at_once(event: LampLit) -> None:
    heard.append(("at once", event, current_organization_id()))


@on(LampBroken)
def fail(event: LampBroken) -> None:
    raise RuntimeError("no spare lamp")


@pytest.fixture(autouse=True)
def silence(db: None) -> None:
    """Neither what was heard before nor the jobs of the test world count."""
    heard.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def rows(organization: UUID) -> list[tuple[object, ...]]:
    with organization_scope(organization), connection.cursor() as cursor:
        cursor.execute("SELECT type, topics, space_id, actor_id FROM foundation_domain_event")
        return cursor.fetchall()


def test_an_event_and_its_jobs_are_written_together() -> None:
    organization, lamp, space = uuid4(), uuid4(), uuid4()
    with organization_scope(organization):
        event = LampLit(lamp_id=lamp, space_id=space, colours=("red", "green"), until=datetime.now(UTC))
        record(event)
    assert rows(organization) == [("tests.lamp_lit", [f"space:{space}"], space, None)]
    assert [name for name, _, _ in heard] == ["at once"]
    assert run_pending_jobs() == 2
    assert heard[1:] == [("first", event, organization), ("second", event, organization)]


def test_what_is_rolled_back_happened_to_nobody() -> None:
    organization = uuid4()
    with pytest.raises(RuntimeError), organization_scope(organization):  # noqa: PT012
        record(LampLit(lamp_id=uuid4()))
        raise RuntimeError
    assert rows(organization) == []
    assert run_pending_jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_a_change_without_a_transaction_cannot_be_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(LampLit(lamp_id=uuid4(), organization_id=uuid4()))


def test_another_organization_does_not_see_the_event() -> None:
    organization = uuid4()
    with organization_scope(organization):
        record(LampLit(lamp_id=uuid4()))
    assert rows(uuid4()) == []


def test_an_event_cannot_be_recorded_for_another_organization() -> None:
    with pytest.raises(ProgrammingError), organization_scope(uuid4()):
        record(LampLit(lamp_id=uuid4(), organization_id=uuid4()))


def test_payloads_survive_the_journey() -> None:
    with organization_scope(uuid4()):
        event = LampLit(lamp_id=uuid4(), colours=("a",), until=datetime.now(UTC), is_bright=True)
    assert from_payload(event.type, to_payload(event)) == event


def test_a_payload_of_a_newer_version_is_understood() -> None:
    with organization_scope(uuid4()):
        payload = to_payload(LampLit(lamp_id=uuid4())) | {"invented_later": 1}
    assert isinstance(from_payload("tests.lamp_lit", payload), LampLit)


def test_a_field_that_json_cannot_hold_is_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class LampThrown(DomainEvent):
        where: object

    with organization_scope(uuid4()), pytest.raises(TypeError, match="cannot hold"):
        record(LampThrown(where=object()))


def test_two_events_cannot_share_a_name() -> None:
    def again() -> None:
        class LampBroken(DomainEvent):
            pass

    with pytest.raises(TypeError, match="Two events"):
        again()


def test_events_cannot_be_changed() -> None:
    with organization_scope(uuid4()):
        event = LampLit(lamp_id=uuid4())
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.is_bright = True  # type: ignore[misc]


def test_a_handlers_failure_reaches_only_its_own_job() -> None:
    with organization_scope(uuid4()):
        record(LampBroken())
    with pytest.raises(RuntimeError, match="no spare lamp"):
        run_pending_jobs()
    assert queue_figures().running == 1
    assert failed_jobs() == []


def test_the_command_prints_who_emits_and_who_listens() -> None:
    output = StringIO()
    call_command("events", stdout=output)
    lines = output.getvalue().splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("tests.lamp_lit"))
    assert "tests.foundation.test_events" in lines[place]
    assert lines[place + 1].strip().endswith("at_once (immediately)")
    assert events.listeners_of(LampLit)[1:] == [
        "tests.foundation.test_events.first",
        "tests.foundation.test_events.second",
    ]
