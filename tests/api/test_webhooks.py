"""Webhooks through the API."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.foundation.jobs import run_pending_jobs
from tests.api.callers import Caller
from tests.foundation.outgoing.elsewhere import elsewhere, name_networks, page
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_webhook_lives_its_whole_life(world: World, settings: Any) -> None:
    name_networks(settings, "127.0.0.0/8")
    alice = Caller(world, "alice")
    with elsewhere(page(b""), page(b"")) as there:
        payload = {"name": "Tickets", "url": f"{there.url}/hook", "events": ["entry.published"]}
        made = alice("POST", "/webhooks", payload)
        assert made.status_code == 201, made.content
        path = f"/webhooks/{made.json()['id']}"
        assert made.json()["secret"].startswith("whsec_")
        assert "secret" not in alice("GET", path).json()
        assert alice("POST", f"{path}/pings").status_code == 202
        run_pending_jobs()
        [delivery] = alice("GET", f"{path}/deliveries").json()["items"]
        assert (delivery["event"], delivery["state"], delivery["response_status"]) == (
            "ping",
            "delivered",
            200,
        )
        assert alice("POST", f"{path}/deliveries/{delivery['id']}/redelivery").status_code == 202
        run_pending_jobs()
        assert len(there.asked) == 2
        assert alice("PATCH", path, {"is_active": False}).json()["state"] == "paused"
        assert alice("POST", f"{path}/secret").json()["secret"] != made.json()["secret"]
        assert [item["id"] for item in alice("GET", "/webhooks").json()["items"]] == [made.json()["id"]]
        assert Caller(world, "bob")("GET", path).status_code == 404
        assert alice("DELETE", path).status_code == 204
        assert alice("GET", path).status_code == 404


def test_a_log_is_paged(world: World, settings: Any) -> None:
    name_networks(settings, "127.0.0.0/8")
    alice = Caller(world, "alice")
    payload = {"name": "T", "url": "http://127.0.0.1:9/", "events": ["entry.published"]}
    path = f"/webhooks/{alice('POST', '/webhooks', payload).json()['id']}"
    made = [alice("POST", f"{path}/pings").json()["id"] for _ in range(3)]
    first = alice("GET", f"{path}/deliveries?limit=2").json()
    second = alice("GET", f"{path}/deliveries?limit=2&cursor={first['next']}").json()
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] == ""
