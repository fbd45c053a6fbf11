"""Webhooks: signed, retried, logged, and never more than their registrant may read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from parvis.content import actions as content
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.jobs import run_pending_jobs
from parvis.people import actions as people
from parvis.spaces import actions as spaces
from parvis.webhooks import actions, queries
from parvis.webhooks.models import Delivery, Webhook
from parvis.webhooks.names import CHOICES
from tests.foundation.outgoing.elsewhere import Elsewhere, elsewhere, name_networks, page
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db

ALL = [event for event, _sentence in CHOICES]
OK, BROKEN, GONE = page(b""), page(b"", status="500 Oops"), page(b"", status="410 Gone")


@pytest.fixture(autouse=True)
def _the_operator_names_this_machine(settings: Any) -> None:
    name_networks(settings, "127.0.0.0/8")


def register(world: World, there: Elsewhere, *, who: str = "alice", space: str | None = None) -> Webhook:
    with world.bound():
        webhook, world.secret = actions.register_webhook(  # type: ignore[attr-defined]
            registrant=getattr(world, who),
            name="Tickets",
            url=f"{there.url}/hook",
            events=ALL,
            space=getattr(world, space) if space else None,
        )
    return webhook


def write(world: World, who: str = "bob", space: str = "lounge", body: str = "Hello *there*") -> Any:
    with world.bound():
        return content.publish(
            author=getattr(world, who), space=getattr(world, space), kind="post", body=body
        )


def messages(there: Elsewhere) -> list[dict[str, Any]]:
    return [json.loads(asked.partition("\r\n\r\n")[2]) for asked in there.asked]


def headers(asked: str) -> dict[str, str]:
    lines = asked.partition("\r\n\r\n")[0].split("\r\n")[1:]
    return {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}


def log(world: World, webhook: Webhook) -> list[Delivery]:
    with world.bound():
        return list(queries.log_of(webhook))


def let_time_pass(world: World, **passed: int) -> None:
    """Make what waits due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 s' WHERE status = 'todo'"
        )
    with world.bound():
        moment = timezone.now() - timedelta(seconds=1)
        Webhook.objects.update(retry_at=moment, failing_since=F("failing_since") - timedelta(**passed))


def test_a_post_is_told_signed_at_once(world: World) -> None:
    with elsewhere(OK) as there:
        webhook = register(world, there)
        entry = write(world)
        run_pending_jobs()
        [message] = messages(there)
    assert message["type"] == "entry.published"
    assert message["data"]["organization"] == "atelier"
    assert message["data"]["space_name"] == "Lounge"
    told = message["data"]["entry"]
    assert (told["id"], told["body"], told["author"]["full_name"]) == (
        str(entry.id),
        "Hello *there*",
        "Bob Dupont",
    )
    assert told["url"].endswith(f"/o/atelier/entries/{entry.id}")
    asked = there.asked[0]
    sent = headers(asked)
    content_signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.{asked.partition(chr(13) + chr(10) + chr(13) + chr(10))[2]}"
    key = base64.b64decode(world.secret.removeprefix("whsec_"))  # type: ignore[union-attr]
    expected = base64.b64encode(hmac.digest(key, content_signed.encode(), hashlib.sha256)).decode()
    assert sent["webhook-signature"] == f"v1,{expected}"
    [delivery] = log(world, webhook)
    assert (delivery.state, delivery.response_status, delivery.attempts) == ("delivered", 200, 1)
    assert sent["webhook-id"] == f"msg_{delivery.id.hex}"


def test_nothing_is_told_of_what_the_registrant_may_not_read(world: World) -> None:
    with elsewhere(OK, OK) as there:
        webhook = register(world, there)
        write(world, who="chloe", space="cellar", body="Secret walrus")
        run_pending_jobs()
    assert there.asked == []
    assert log(world, webhook) == []


def test_what_became_invisible_before_it_was_sent_is_withheld(world: World) -> None:
    with elsewhere(OK) as there:
        webhook = register(world, there)
        entry = write(world)
        with world.bound():
            content.delete_entry(actor=world.bob, entry=entry)
        run_pending_jobs()
        told = messages(there)
    assert [message["type"] for message in told] == ["entry.deleted"]
    assert "Hello" not in there.asked[0]
    assert [delivery.state for delivery in log(world, webhook)] == ["delivered", "withheld"]


def test_a_registrant_who_lost_the_role_or_left_speaks_no_more(world: World) -> None:
    with elsewhere(OK) as there:
        webhook = register(world, there)
        write(world)
        with world.bound():
            people.set_role(actor=world.alice, person=world.bob, is_administrator=True, is_moderator=False)
            people.set_role(actor=world.bob, person=world.alice, is_administrator=False, is_moderator=False)
        run_pending_jobs()
    assert there.asked == []
    assert [delivery.state for delivery in log(world, webhook)] == ["withheld"]


def test_a_webhook_of_a_space_hears_of_that_space_only(world: World) -> None:
    with elsewhere(OK, OK) as there:
        register(world, there, space="lounge")
        write(world, space="everyone")
        write(world, space="lounge")
        with world.bound():
            spaces.join_space(person=world.dan, space=world.lounge)
        run_pending_jobs()
        told = messages(there)
    assert [message["type"] for message in told] == ["entry.published", "member.joined"]
    assert told[1]["data"]["person"]["full_name"] == "Dan Field"


def test_a_failure_is_tried_again_and_holds_the_others_back(world: World) -> None:
    with elsewhere(BROKEN, OK, OK) as there:
        webhook = register(world, there)
        write(world, body="One")
        write(world, body="Two")
        run_pending_jobs()
        assert len(there.asked) == 1, "the second waits until the address answers again"
        states = {delivery.state for delivery in log(world, webhook)}
        assert states == {"waiting"}
        let_time_pass(world)
        run_pending_jobs()
        assert len(there.asked) == 3
    deliveries = log(world, webhook)
    assert {delivery.state for delivery in deliveries} == {"delivered"}
    ids = [headers(asked)["webhook-id"] for asked in there.asked]
    assert sorted(map(ids.count, set(ids))) == [1, 2], "a retry has the id of the first attempt"
    with world.bound():
        assert Webhook.objects.get(pk=webhook.pk).failing_since is None


@pytest.mark.parametrize(("answer", "days"), [(BROKEN, 6), (GONE, 0)])
def test_an_address_that_fails_for_days_or_is_gone_is_switched_off_with_a_word(
    world: World, django_capture_on_commit_callbacks: Any, answer: bytes, days: int
) -> None:
    with elsewhere(BROKEN, answer) as there, django_capture_on_commit_callbacks(execute=True):
        webhook = register(world, there)
        write(world)
        run_pending_jobs()
        let_time_pass(world, days=days)
        run_pending_jobs()
        write(world)
        run_pending_jobs()
        assert len(there.asked) == 2
    with world.bound():
        assert Webhook.objects.get(pk=webhook.pk).state == "disabled"
    assert [message.to for message in mail.outbox] == [["alice@atelier.example"]]
    assert "Tickets" in mail.outbox[0].subject


def test_a_redirect_is_not_followed(world: World) -> None:
    redirect = page(b"", status="302 Found", more="Location: http://127.0.0.1/secret\r\n")
    with elsewhere(redirect) as there:
        webhook = register(world, there)
        write(world)
        run_pending_jobs()
    [delivery] = log(world, webhook)
    assert (delivery.state, delivery.response_status) == ("waiting", 302)


def test_a_private_address_is_neither_registered_nor_asked(world: World, settings: Any) -> None:
    with elsewhere(OK) as there:
        webhook = register(world, there)
        name_networks(settings)
        write(world)
        run_pending_jobs()
        with world.bound(), pytest.raises(Invalid) as caught:
            actions.register_webhook(registrant=world.alice, name="x", url=there.url, events=ALL)
    assert "url" in caught.value.errors
    assert there.asked == []
    assert log(world, webhook)[0].problem in {"address", "port"}


def test_a_ping_insists_and_a_delivery_can_be_sent_again(world: World) -> None:
    with elsewhere(OK, OK) as there:
        webhook = register(world, there)
        with world.bound():
            actions.change_webhook(
                actor=world.alice, webhook=webhook, name="T", url=webhook.url, events=ALL, is_active=False
            )
            ping = actions.ping(actor=world.alice, webhook=webhook)
        run_pending_jobs()
        with world.bound():
            actions.deliver_again(actor=world.alice, delivery=Delivery.objects.get(pk=ping.pk))
        run_pending_jobs()
        assert [message["type"] for message in messages(there)] == ["ping", "ping"]
    assert headers(there.asked[0])["webhook-id"] == headers(there.asked[1])["webhook-id"]


def test_after_a_rotation_both_secrets_sign_for_a_day(world: World) -> None:
    with elsewhere(OK, OK) as there:
        webhook = register(world, there)
        old = world.secret
        with world.bound():
            assert actions.rotate_secret(actor=world.alice, webhook=webhook) != old
        write(world)
        run_pending_jobs()
        with world.bound():
            Webhook.objects.update(rotated_at=timezone.now() - timedelta(days=2))
        write(world)
        run_pending_jobs()
    both, one = (headers(asked)["webhook-signature"].split() for asked in there.asked)
    assert (len(both), len(one)) == (2, 1)


def test_only_administrators_and_hosts_register_and_see_theirs(world: World) -> None:
    with elsewhere() as there:
        of_cellar = register(world, there, who="chloe", space="cellar")
        of_all = register(world, there)
        with world.bound():
            for who, space in (("bob", None), ("bob", world.lounge), ("grace", world.project), ("max", None)):
                with pytest.raises(Forbidden):
                    actions.register_webhook(
                        registrant=getattr(world, who), name="x", url=there.url, events=ALL, space=space
                    )
            assert list(queries.managed_by(world.alice)) == [of_all]
            assert list(queries.managed_by(world.chloe)) == [of_cellar]
            assert list(queries.managed_by(world.bob)) == []
            with pytest.raises(NotFound):
                queries.find_managed(world.alice, of_cellar.id)


def test_nobody_else_sends_what_the_registrant_may_read_to_another_address(world: World) -> None:
    with elsewhere() as there:
        webhook = register(world, there)
        with world.bound():
            people.set_role(actor=world.alice, person=world.bob, is_administrator=True, is_moderator=False)
            with pytest.raises(Invalid):
                actions.change_webhook(
                    actor=world.bob,
                    webhook=webhook,
                    name="x",
                    url=f"{there.url}/mine",
                    events=ALL,
                    is_active=True,
                )
            with pytest.raises(Forbidden):
                actions.rotate_secret(actor=world.bob, webhook=webhook)


def test_the_pages_register_show_the_secret_once_test_and_remove(world: World, client: Client) -> None:
    with world.bound():
        sign_in(client, world.alice)
    with elsewhere(OK) as there:
        made = client.post(
            "/o/atelier/webhooks", {"name": "Tickets", "url": f"{there.url}/x", "events": ["entry.published"]}
        ).content.decode()
        assert "whsec_" in made
        with world.bound():
            webhook = Webhook.objects.get()
        address = f"/o/atelier/webhooks/{webhook.id}"
        assert "whsec_" not in client.get("/o/atelier/webhooks").content.decode()
        assert "whsec_" not in client.get(address).content.decode()
        assert client.post(f"{address}/ping").status_code == 302
        run_pending_jobs()
        shown = client.get(address).content.decode()
        assert "Delivered" in shown and "answer 200" in shown
        assert "whsec_" in client.post(f"{address}/secret").content.decode()
        assert client.post(f"{address}/removal")["Location"] == "/o/atelier/webhooks"
        assert client.get(address).status_code == 404


def test_a_wrong_form_keeps_what_was_typed(world: World, client: Client) -> None:
    with world.bound():
        sign_in(client, world.alice)
    answer = client.post(
        "/o/atelier/webhooks", {"name": "Mine", "url": "ftp://x", "events": ["entry.edited"]}
    )
    assert answer.status_code == 422
    assert 'value="Mine"' in answer.content.decode() and 'value="ftp://x"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/webhooks", "/spaces/{lounge}/webhooks"])
def test_members_find_no_webhooks(world: World, client: Client, path: str) -> None:
    with world.bound():
        sign_in(client, world.bob)
    assert client.get("/o/atelier" + path.format(lounge=world.spaces["lounge"].id)).status_code == 404
