"""Hosts that are answered."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "demo.localhost"])
def test_loopback_names_are_answered(client: Client, host: str) -> None:
    assert client.get("/nothing-here", headers={"host": host}).status_code == 404


@pytest.mark.django_db
def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/nothing-here", headers={"host": "evil.example"}).status_code == 400
