"""Health pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_ready_says_that_the_database_answers(client: Client) -> None:
    assert client.get("/health/ready").json() == {"status": "ok", "database": "ok"}


@pytest.mark.django_db
def test_tests_run_as_the_serving_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("parvis_app",)
