"""Calls on people's devices: for one browser alone, within a living session, saying as little as is decided."""

from __future__ import annotations

import dataclasses
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from parvis.content import actions as content
from parvis.delivery.channels import TryLater
from parvis.delivery.models import Told
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.models import AuditRecord
from parvis.notifications import actions as actions_on_inbox
from parvis.notifications.queries import inbox
from parvis.people import actions as people
from parvis.people.models import Identity, Person
from parvis.push import actions, channel, keys, messages, queries, sending, tasks
from parvis.push.models import Device
from parvis.push.sending import Message, Outcome
from parvis.worktime.models import OwnHours
from tests.foundation.outgoing.elsewhere import Elsewhere, elsewhere, name_networks, page
from tests.push.standin import Browser, Received, claims_of, received
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

MESSAGE = Message(payload={"title": "Hello"}, topic=sending.topic_of("thread:1"), lasts=timedelta(hours=2))


@pytest.fixture(autouse=True)
def _the_operator_names_this_machine(settings: Any) -> None:
    name_networks(settings, "127.0.0.0/8")


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


class Service:
    """A push service that keeps what it was sent."""

    def __init__(self, status: str = "201 Created", more: str = "") -> None:
        self.answer, self.sent = page(b"", status=status, more=more), list[Received]()

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        self.sent.append(received(request))
        connection.sendall(self.answer)


def session_of(client: Client, world: World, who: str) -> str:
    sign_in(client, getattr(world, who))
    return client.session.session_key or ""


def allow(world: World, client: Client, there: Elsewhere, browser: Browser, *, who: str = "bob") -> Device:
    with world.bound():
        key = session_of(client, world, who)
        return actions.allow_device(
            person=getattr(world, who),
            endpoint=f"{there.url}/push/{who}",
            session_key=key,
            prefix="/o/atelier",
            **browser.keys,
        )


def test_a_message_is_read_by_its_browser_alone_and_signed_for_its_service(
    world: World, client: Client
) -> None:
    service, browser = Service(), Browser()
    with elsewhere(service) as there:
        device = allow(world, client, there, browser)
        [answer] = sending.send_to_all(world.organization.id, [device], MESSAGE)
    assert answer.outcome is Outcome.TAKEN
    [sent] = service.sent
    assert b"Hello" not in sent.body
    assert browser.read(sent.body) == {"title": "Hello", "prefix": "/o/atelier"}
    claims = claims_of(sent, device.endpoint)
    assert claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - time.time() < 24 * 3600
    said = {name: sent.headers[name] for name in ("content-encoding", "ttl", "topic", "urgency")}
    assert said == {
        "content-encoding": "aes128gcm",
        "ttl": "7200",
        "topic": MESSAGE.topic,
        "urgency": "normal",
    }
    assert len(MESSAGE.topic) <= 32
    with world.bound():
        assert queries.find_device(world.bob, device.id).last_used_at is not None


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 Forbidden"])
def test_a_subscription_that_is_over_is_forgotten(world: World, client: Client, status: str) -> None:
    with elsewhere(Service(status)) as there:
        device = allow(world, client, there, Browser())
        [answer] = sending.send_to_all(world.organization.id, [device], MESSAGE)
    assert answer.outcome is Outcome.OVER
    with world.bound():
        assert not Device.objects.exists()


def test_a_busy_service_says_when_to_come_again(world: World, client: Client) -> None:
    busy = Service("429 Too Many Requests", "Retry-After: 120\r\n")
    broken, endless = Service("503 Oops"), Service("429 Wait", "Retry-After: 99999999\r\n")
    with elsewhere(busy, broken, endless) as there:
        device = allow(world, client, there, Browser())
        answers = [sending.send(device, MESSAGE) for _turn in range(3)]
    assert [answer.outcome for answer in answers] == [Outcome.LATER] * 3
    assert [answer.retry_after for answer in answers] == [timedelta(minutes=2), None, sending.MOST_PATIENCE]


def test_an_endpoint_in_a_private_network_is_not_asked(world: World, client: Client, settings: Any) -> None:
    service = Service()
    with elsewhere(service) as there:
        device = allow(world, client, there, Browser())
        name_networks(settings)
        answer = sending.send(device, MESSAGE)
    assert (answer.outcome, service.sent) == (Outcome.REFUSED, [])
    with world.bound(), pytest.raises(Invalid):
        # Without networks of the operator's, push services are asked over TLS.
        actions.allow_device(
            person=world.bob, endpoint="http://push.example/1", session_key="x", **Browser().keys
        )


@pytest.mark.parametrize(
    "wrong", [{"p256dh": "AAAA"}, {"auth": "AAAA"}, {"endpoint": "javascript:1"}, {"auth": "é"}]
)
def test_what_no_browser_would_say_is_refused(world: World, wrong: dict[str, str]) -> None:
    said = {"endpoint": "https://push.example/1", **Browser().keys, **wrong}
    with world.bound(), pytest.raises(Invalid):
        actions.allow_device(person=world.bob, session_key="x", **said)


def test_a_device_is_called_within_its_own_session_only(world: World, client: Client) -> None:
    with elsewhere() as there:
        device = allow(world, client, there, Browser())
    with world.bound():
        with pytest.raises(Forbidden):
            # Somebody else's session.
            actions.allow_device(
                person=world.chloe, endpoint=device.endpoint, session_key=device.session_key, **Browser().keys
            )
        assert queries.devices_of(world.bob) == [device]
        Identity.objects.filter(pk=world.bob.identity_id).update(password="changed")
        assert queries.devices_of(world.bob) == []
        tasks.forget_silent_devices()
        assert not Device.objects.exists()


def test_signing_out_silences_a_device(world: World, client: Client) -> None:
    with elsewhere() as there:
        device = allow(world, client, there, Browser())
    Session.objects.filter(session_key=device.session_key).delete()
    with world.bound():
        assert queries.devices_of(world.bob) == []


def test_who_leaves_is_forgotten_at_once(world: World, client: Client) -> None:
    with elsewhere() as there:
        allow(world, client, there, Browser())
    with world.bound():
        people.remove_person(actor=world.alice, person=world.bob)
        assert not Device.objects.exists()


def test_a_browser_that_changes_hands_calls_its_new_owner(world: World, client: Client) -> None:
    browser = Browser()
    with elsewhere() as there:
        device = allow(world, client, there, browser)
    other = Client(SERVER_NAME="localhost")
    with world.bound():
        key = session_of(other, world, "chloe")
        actions.allow_device(person=world.chloe, endpoint=device.endpoint, session_key=key, **browser.keys)
        assert [one.person_id for one in Device.objects.all()] == [world.chloe.id]


def test_what_was_taken_off_the_list_does_not_come_back_by_itself(world: World, client: Client) -> None:
    browser = Browser()
    with elsewhere() as there:
        device = allow(world, client, there, browser)
    said = {"endpoint": device.endpoint, **browser.keys}
    assert client.post("/o/atelier/notifications/devices", {**said, "again": "1"}).status_code == 200
    assert client.post(f"/o/atelier/notifications/devices/{device.id}/removal").status_code == 302
    assert client.post("/o/atelier/notifications/devices", {**said, "again": "1"}).status_code == 404
    with world.bound():
        assert queries.devices_of(world.bob) == []
    assert client.post("/o/atelier/notifications/devices", said).status_code == 200
    with world.bound():
        assert queries.devices_of(world.bob) == [device]


def test_a_device_is_tried_by_its_owner(world: World, client: Client) -> None:
    service, browser = Service(), Browser()
    with elsewhere(service) as there:
        device = allow(world, client, there, browser)
        stranger = Client(SERVER_NAME="localhost")
        with world.bound():
            sign_in(stranger, world.chloe)
        path = f"/o/atelier/notifications/devices/{device.id}/trial"
        assert stranger.post(path).status_code == 404
        assert client.post(path).status_code == 302
        run_pending_jobs()
    [sent] = service.sent
    assert browser.read(sent.body)["tag"] == "trial"


def test_a_message_says_the_sentence_and_never_the_text(world: World) -> None:
    with world.bound():
        post = content.publish(author=world.bob, space=world.lounge, title="Pumps", body="Which one?")
        content.reply(author=world.chloe, to=post, body="The secret one")
    run_pending_jobs()
    with world.bound():
        lines, _next = inbox(world.bob, unread_only=True)
        lines = [line for line in lines if line.notification.subject == f"thread:{post.id}"]
        payload = messages.message_of(world.bob, lines).payload
        assert payload["title"] == "Chloé Élan replied in Pumps"
        assert "secret" not in str(payload)
        assert payload["url"] == f"/notifications/{lines[0].notification.id}"
        assert payload["waiting"][0] == str(lines[0].notification.id)
        together = messages.message_of(world.bob, [*lines, *lines]).payload
        assert (together["tag"], together["title"]) == ("inbox", "2 conversations call you")
        actions.decide_wording(actor=world.alice, says="nothing")
        assert "Pumps" not in str(messages.message_of(world.bob, lines).payload)


def test_only_administrators_decide_what_is_readable_and_it_is_audited(world: World, client: Client) -> None:
    with world.bound():
        with pytest.raises(Forbidden):
            actions.decide_wording(actor=world.bob, says="nothing")
        sign_in(client, world.bob)
        assert client.post("/o/atelier/notifications/devices/wording", {"says": "nothing"}).status_code == 404
        sign_in(client, world.alice)
        assert client.post("/o/atelier/notifications/devices/wording", {"says": "nothing"}).status_code == 302
        assert queries.wording() == "nothing"
        assert AuditRecord.objects.filter(action="push.wording_decided").count() == 1


def test_the_key_is_derived_or_named(settings: Any) -> None:
    derived = keys.public_key()
    assert derived == keys.public_key() and len(derived) == 87
    # The example of RFC 8291, appendix A.
    settings.PARVIS = dataclasses.replace(
        settings.PARVIS, vapid_private_key="yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    )
    assert keys.public_key() == (
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    )
    settings.BASE_URL = "https://parvis.example.org:8443"
    assert keys.authorization("https://push.example/1", expires_at=int(time.time()) + 60).startswith(
        "vapid t="
    )


def test_nobody_else_s_device_is_found(world: World, client: Client) -> None:
    with elsewhere() as there:
        device = allow(world, client, there, Browser())
    with world.bound(), pytest.raises(NotFound):
        actions.forget_device(person=world.chloe, device_id=device.id)


def test_what_waits_arrives_as_one_message_and_once(world: World, client: Client) -> None:
    run_pending_jobs()
    service, browser = Service(), Browser()
    with elsewhere(service, service) as there:
        allow(world, client, there, browser)
        with world.bound():
            actions_on_inbox.mark_all_read(person=world.bob)
            for name in ("Pumps", "Valves"):
                post = content.publish(author=world.bob, space=world.lounge, title=name, body="?")
                content.reply(author=world.chloe, to=post, body="This one")
        run_pending_jobs()
        run_pending_jobs()
    titles = [browser.read(sent.body)["title"] for sent in service.sent]
    assert titles[-1] in {"2 conversations call you", "Chloé Élan replied in Valves"}
    with world.bound():
        # Each line was told by one message, whether they left together or in turn.
        assert Told.objects.filter(person=world.bob, channel="push", left_at__isnull=False).count() == 2


def test_a_busy_service_is_asked_again_not_before_it_said(world: World, client: Client) -> None:
    with elsewhere(Service("429 Wait", "Retry-After: 7200\r\n")) as there:
        device = allow(world, client, there, Browser())
        with world.bound(), pytest.raises(TryLater) as refused:
            channel._carry(world.organization.id, [device], MESSAGE)
    assert refused.value.after == timedelta(hours=2)


def test_a_message_does_not_wait_beyond_the_working_day(world: World) -> None:
    at = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    with world.bound():
        assert channel.time_left(world.bob, at) == timedelta(days=1)
        nine_to_five = [[[9 * 60, 17 * 60]]] * 7
        OwnHours.objects.create(person=world.bob, week=nine_to_five)
        Person.objects.filter(pk=world.bob.pk).update(time_zone="UTC")
        assert channel.time_left(world.bob, at) == timedelta(minutes=30)
