"""Mails to me, over the API."""

from __future__ import annotations

import pytest

from parvis.mail.models import QuietSubject
from parvis.mail.out import stopping
from tests.api.callers import Caller
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_rhythm_of_the_digest_and_what_is_quiet(world: World) -> None:
    bob = Caller(world, "bob")
    with world.bound():
        stopping.stop(world.bob, "subject:thread:1")
        stopping.stop(world.alice, "subject:thread:2")
        (others,) = QuietSubject.objects.filter(person=world.alice)
    mails = bob("GET", "/mail").json()
    assert mails["address"] == "bob@atelier.example"
    assert mails["digest"] == {"rhythm": "weekly", "is_own_choice": False, "due_at": None}
    assert [row["subject"] for row in mails["quiet"]] == ["thread:1"]
    assert mails["stopped_at"] is None
    assert bob("PUT", "/mail/digest", {"rhythm": "daily"}).json()["digest"]["is_own_choice"] is True
    assert bob("PUT", "/mail/digest", {"rhythm": "hourly"}).status_code == 422
    assert bob("DELETE", f"/mail/quiet/{others.id}").status_code == 404
    assert bob("DELETE", f"/mail/quiet/{mails['quiet'][0]['id']}").status_code == 204
    assert bob("POST", "/mail/resumption").json()["quiet"] == []
