"""Metrics: for this machine or for who holds the token; few labels, nothing personal."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.test import Client

from parvis.config.metrics import kind_of


@pytest.mark.django_db
def test_this_machine_reads_them(client: Client) -> None:
    told = client.get("/metrics").content.decode()
    assert "parvis_database_up 1.0" in told
    assert 'parvis_jobs{state="todo"}' in told
    assert "parvis_live_connections 0.0" in told


@pytest.mark.django_db
def test_others_do_not_even_learn_that_they_exist(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 404


@pytest.mark.django_db
def test_a_token_opens_them_and_then_only_the_token(client: Client, settings: Any) -> None:
    settings.PARVIS = dataclasses.replace(settings.PARVIS, metrics_token="s3cret-token")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    opened = client.get(
        "/metrics", headers={"Authorization": "Bearer s3cret-token"}, REMOTE_ADDR="203.0.113.5"
    )
    assert opened.status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "page"), ("/o/acme/spaces/1", "page"), ("/o/acme/api/v1/me", "api"), ("/api/v1/me", "api"),
     ("/static/x.js", "static"), ("/health/live", "health"), ("", "page"), ("/o/acme", "page")],
)  # fmt: skip
def test_paths_become_few_kinds(path: str, kind: str) -> None:
    assert kind_of(path) == kind
