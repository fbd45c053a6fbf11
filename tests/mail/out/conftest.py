"""A mail server of this process, and inboxes in which nothing waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from parvis.foundation import relay
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.models import Notification
from tests.mailserver import MailServer
from tests.world import World


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    """One server for all tests; each begins with an empty one."""
    with MailServer() as server:
        yield server


@pytest.fixture
def server(mail_server: MailServer, settings: Any) -> Iterator[MailServer]:
    mail_server.received.clear()
    mail_server.answers.clear()
    mail_server.serve(settings)
    settings.DEFAULT_FROM_EMAIL = "Parvis <parvis@p.example>"
    yield mail_server
    relay.close()


@pytest.fixture
def quiet(world: World) -> World:
    """The world with nothing waiting."""
    run_pending_jobs()
    with world.bound():
        Notification.objects.all().delete()
    return world
