"""How often the API may be called, and what it says about it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def few_calls(settings: LazySettings) -> None:
    settings.PARVIS = dataclasses.replace(settings.PARVIS, api_calls_per_minute=10)


def test_every_answer_says_what_is_left(world: World) -> None:
    bob = Caller(world, "bob")
    answer = bob("GET", "/me")
    assert answer["RateLimit-Policy"] == '"token";q=600;w=60'
    assert answer["RateLimit"].startswith('"token";r=599;t=')
    assert bob("GET", "/entries/00000000-0000-0000-0000-000000000000")["RateLimit"].startswith(
        '"token";r=598;'
    )


@pytest.mark.usefixtures("few_calls")
def test_a_token_that_calls_too_often_waits_and_is_told_so_in_its_language(world: World) -> None:
    bob = Caller(world, "bob")
    answers = [bob("GET", "/me", **{"Accept-Language": "fr"}) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused["Retry-After"]) <= 6
    assert refused["RateLimit"].startswith('"token";r=0;t=')
    assert "patienter" in refused.json()["detail"]


@pytest.mark.usefixtures("few_calls")
def test_more_tokens_of_one_person_do_not_give_more_than_double(world: World) -> None:
    callers = [Caller(world, "bob") for _ in range(5)]
    statuses = [caller("GET", "/me").status_code for _ in range(8) for caller in callers]
    assert statuses.count(200) == 20
    assert Caller(world, "chloe")("GET", "/me").status_code == 200


def _stranger(address: str, **headers: str) -> Any:
    return Client(SERVER_NAME="localhost", REMOTE_ADDR=address).get("/o/atelier/api/v1/me", headers=headers)


@pytest.mark.usefixtures("few_calls")
def test_strangers_are_counted_by_network_and_no_header_helps_them(world: World) -> None:
    assert _stranger("192.0.2.1").status_code == 401
    for claimed in ("198.51.100.1", "198.51.100.2"):
        forged = _stranger("192.0.2.1", **{"X-Forwarded-For": claimed, "Forwarded": f"for={claimed}"})
        assert forged.status_code == 429
    assert _stranger("192.0.2.2").status_code == 401


@pytest.mark.usefixtures("few_calls")
def test_an_ipv6_range_does_not_help_strangers(world: World) -> None:
    statuses = [_stranger(f"2001:db8:1:{number:x}::{number}").status_code for number in range(64)]
    assert statuses.count(401) <= 16


@pytest.mark.usefixtures("few_calls")
def test_strangers_at_an_address_do_not_lock_out_who_has_a_token(world: World) -> None:
    for _ in range(5):
        _stranger("127.0.0.1")
    assert Caller(world, "bob")("GET", "/me").status_code == 200


@pytest.mark.usefixtures("few_calls")
def test_wrong_tokens_are_counted_too(world: World) -> None:
    statuses = [
        _stranger("192.0.2.9", Authorization=f"Bearer parvis_{number}").status_code for number in range(3)
    ]
    assert statuses == [401, 429, 429]


def test_a_limit_is_a_problem_of_the_documented_shape(world: World) -> None:
    document = json.loads(Client(SERVER_NAME="localhost").get("/api/v1/openapi.json").content)
    assert "429" in document["paths"]["/api/v1/me"]["get"]["responses"]
