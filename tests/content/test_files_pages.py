"""Files: brought by whoever writes, read exactly where something readable shows them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.content import actions
from parvis.content.actions import AttachmentDraft
from tests.browsing import Visitor
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def upload(visitor: Visitor, name: str = "seal.png", content: bytes = PIXEL) -> UUID:
    """Bring a file and return its id."""
    answer = visitor.post("/files", {"file": SimpleUploadedFile(name, content)}, accept="application/json")
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def test_an_upload_says_what_it_is(visitor: Visit) -> None:
    answer = visitor("bob").post(
        "/files", {"file": SimpleUploadedFile("seal.txt", PIXEL)}, accept="application/json"
    )
    assert (answer.json()["name"], answer.json()["is_image"]) == ("seal.txt", True)


def test_only_its_owner_reads_a_file_that_nothing_shows(visitor: Visit) -> None:
    id = upload(visitor("bob"))
    assert visitor("bob").get(f"/files/{id}").status_code == 200
    for other in ("chloe", "alice", "grace"):
        assert visitor(other).get(f"/files/{id}").status_code == 404


def test_an_attached_file_is_read_where_the_post_is(world: World, visitor: Visit) -> None:
    id = upload(visitor("bob"))
    with world.bound():
        draft = AttachmentDraft(file_id=id)
        post = actions.publish(author=world.bob, space=world.project, body="x", attachments=[draft])
    for reader, status in (("grace", 200), ("alice", 200), ("chloe", 404), ("dan", 404)):
        assert visitor(reader).get(f"/files/{id}").status_code == status
        assert visitor(reader).get(f"/files/{id}?size=320").status_code == status
    with world.bound():
        actions.delete_entry(actor=world.bob, entry=post)
    assert visitor("grace").get(f"/files/{id}").status_code == 404


def test_nobody_attaches_somebody_elses_upload(world: World, visitor: Visit) -> None:
    id = upload(visitor("bob"))
    form = {"space": world.spaces["lounge"].id, "body": "Stolen", "attachments": str(id)}
    assert visitor("chloe").post("/entries", form).status_code == 422


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("x.html", b"<script>alert(1)</script>"),
    ],
)
def test_what_could_act_is_never_shown_in_place(visitor: Visit, name: str, content: bytes) -> None:
    bob = visitor("bob")
    answer = bob.get(f"/files/{upload(bob, name, content)}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_beyond_the_limit_is_refused_with_a_reason(world: World, visitor: Visit) -> None:
    with world.bound():
        world.organization.upload_limit_bytes = 10
        world.organization.save()
    answer = visitor("bob").post(
        "/files", {"file": SimpleUploadedFile("big.bin", b"x" * 11)}, accept="application/json"
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_a_form_without_a_file_is_refused(visitor: Visit) -> None:
    assert visitor("bob").post("/files", {}, accept="application/json").status_code == 422
