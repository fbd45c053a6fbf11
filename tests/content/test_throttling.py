"""Nobody floods a wall or the disk, and who is stopped is told when to come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.foundation import throttle
from parvis.foundation.throttle import Rate
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]
TWICE = Rate(2, 3600)


def test_who_writes_too_much_at_once_waits(
    world: World, visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "POST", TWICE)
    bob = visitor("bob")
    replies = f"/entries/{world.entries['lounge post'].id}/replies"
    answers = [bob.post(replies, {"body": f"Answer {number}"}, fragment=True) for number in range(3)]
    assert [answer.status_code < 400 for answer in answers] == [True, True, False]
    assert answers[2].status_code == 429
    assert int(answers[2]["Retry-After"]) > 0
    assert "Please wait" in text_of(answers[2])


def test_another_person_is_not_stopped(world: World, visitor: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "POST", Rate(1, 3600))
    replies = f"/entries/{world.entries['lounge post'].id}/replies"
    for name in ("bob", "alice"):
        assert visitor(name).post(replies, {"body": "Answer"}, fragment=True).status_code < 400


def test_who_uploads_too_much_at_once_waits(visitor: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "UPLOAD", TWICE)
    bob = visitor("bob")
    codes = [
        bob.post(
            "/files", {"file": SimpleUploadedFile("a.txt", b"text")}, accept="application/json"
        ).status_code
        for _ in range(3)
    ]
    assert codes == [201, 201, 429]
