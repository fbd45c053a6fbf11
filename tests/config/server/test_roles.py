"""A process answers what its role says, and its health always."""

from __future__ import annotations

import pytest

from parvis.config import asgi
from parvis.config.server.lifespan import parts_of
from parvis.foundation.settings import Role, Settings
from tests.config.asking import ask


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("role", "page"), [("all", 302), ("front", 302), ("web", 302), ("live", 404), ("worker", 404)]
)
def test_pages_are_for_web_and_health_for_all(role: Role, page: int) -> None:
    process = asgi.build(Settings(role=role, threads=1))
    host = {"Host": "localhost"}
    assert ask(process, "/", headers=host).status == page
    assert ask(process, "/health/live", headers=host).status == 200
    assert ask(process, "/health/ready", headers=host).status == 200


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("all", ["gateway", "worker", "listener"]),
        ("front", ["gateway"]),
        ("web", []),
        ("live", ["gateway"]),
        ("worker", ["worker", "listener"]),
    ],
)
def test_what_runs_beside_the_answers(role: Role, parts: list[str]) -> None:
    assert [part.__name__.rpartition(".")[2] for part in parts_of(role)] == parts  # type: ignore[attr-defined]
