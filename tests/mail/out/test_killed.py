"""A worker that is killed between sending and recording has sent each mail at most once, and loses no notification."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from parvis.content import actions as content
from parvis.delivery.models import Told, Turn
from parvis.delivery.tasks import LOST_AFTER, ask_for_due_turns, take_back_what_was_lost
from parvis.foundation.jobs import run_pending_jobs
from parvis.foundation.richtext import mention_source
from parvis.foundation.tenancy import organization_scope
from parvis.mail.models import SentMail
from parvis.mail.out import leaving
from parvis.notifications.queries import unread_count
from tests.mailserver import MailServer
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# A process of its own, on the test's database: it takes the channel's turns as a worker does.
WORKER = """
import sys, uuid
import django
from django.conf import settings
django.setup()
from django.db import connections
database, host, user, password, port, organization, mail_port = sys.argv[1:]
connections.settings["default"].update(NAME=database, HOST=host, USER=user, PASSWORD=password, PORT=port)
connections["default"].settings_dict.update(NAME=database, HOST=host, USER=user, PASSWORD=password, PORT=port)
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.HAS_MAIL_SERVER = "127.0.0.1", int(mail_port), True
from parvis.delivery.turns import take_turns
take_turns(organization, "mail")
"""


def take_turns_in_a_process(world: World, server: MailServer) -> subprocess.Popen[bytes]:
    where = {key: str(value) for key, value in connection.settings_dict.items()}
    arguments = [where["NAME"], where["HOST"], where["USER"], where["PASSWORD"], where["PORT"]]
    return subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            WORKER,
            *arguments,
            str(world.organization.id),
            str(server.port),
        ],
        env=os.environ.copy(),
        stderr=subprocess.PIPE,
    )


def let_it_be_due(world: World) -> None:
    with world.bound():
        Turn.objects.update(due_at=timezone.now())


def test_killed_while_the_server_takes_the_mail_it_is_never_sent_again(world: World, settings: Any) -> None:
    with MailServer() as server:
        server.serve(settings)
        run_pending_jobs()
        with organization_scope(world.organization):
            people = [world.people[name] for name in ("bob", "chloe", "dan")]
            body = " ".join(mention_source("person", person.id, person.full_name) for person in people)
            post = content.publish(author=world.people["alice"], space=world.spaces["everyone"], body=body)
        run_pending_jobs()
        let_it_be_due(world)
        # The server has the whole mail, and says so only after the worker is gone.
        server.pauses_at = 2
        worker = take_turns_in_a_process(world, server)
        assert server.paused.wait(60), worker.stderr.read().decode() if worker.stderr else ""
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        server.go_on.set()
        let_it_be_due(world)
        with world.bound():
            take_back_what_was_lost()
            ask_for_due_turns()
        run_pending_jobs()
        subject = f"thread:{post.id}"
        with world.bound():
            mine = SentMail.objects.filter(subjects=[subject])
            assert mine.filter(state="leaving").count() == 3, "the worker noted nothing any more"
            Told.objects.exclude(waits_since=None).update(waits_since=timezone.now() - LOST_AFTER * 2)
            take_back_what_was_lost()
        let_it_be_due(world)
        with world.bound():
            ask_for_due_turns()
        run_pending_jobs()
        per_person = [mail.recipients[0] for mail in server.received if mail.recipients]
    with world.bound():
        assert len(per_person) == len(set(per_person)) == 3, "somebody was mailed twice, or not at all"
        # Of the two that the worker had begun nobody knows; the third one left by another row.
        assert sorted(mine.values_list("state", flat=True)) == ["leaving", "leaving", "sent"]
        SentMail.objects.update(created_at=timezone.now() - leaving.LOST_AFTER * 2)
        leaving.give_up_lost()
        assert mine.filter(state="unknown").count() == 2
        assert all(unread_count(getattr(world, name)) for name in ("bob", "chloe", "dan"))
