"""What goes with a text: pictures described or decorative, films with poster and captions, documents by kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

import pytest

from parvis.content import actions
from parvis.content.actions import AttachmentDraft
from parvis.content.attachments import attachment_faces, clock, family_of
from parvis.content.models import Attachment, Entry
from parvis.foundation.errors import Invalid
from parvis.foundation.files import store
from parvis.people.models import Person
from tests.browsing import Visitor, text_of
from tests.foundation.files import recordings
from tests.foundation.files.pictures import picture
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nIt turns.\n"


def bring(owner: Person, data: bytes, name: str) -> UUID:
    return store(io.BytesIO(data), name=name, created_by_id=owner.id).id


def post_with(world: World, *drafts: AttachmentDraft) -> Entry:
    return actions.publish(author=world.bob, space=world.project, body="x", attachments=drafts)


def faces_of(entry: Entry) -> dict[str, list[dict[str, object]]]:
    return attachment_faces(
        Attachment.objects.filter(entry=entry).select_related("file").order_by("position")
    )


def test_a_picture_comes_in_the_sizes_that_screens_need(world: World) -> None:
    with world.bound():
        entry = post_with(world, AttachmentDraft(bring(world.bob, picture((900, 600)), "a.png"), "A gate"))
        (image,) = faces_of(entry)["images"]
        assert str(image["srcset"]).count("?size=") == 3
        assert str(image["srcset"]).endswith("?size=1280 900w")
        assert (image["width"], image["height"], image["alternative_text"]) == (900, 600, "A gate")


def test_a_decorative_picture_says_nothing(world: World, visitor: Visit) -> None:
    with world.bound():
        id = bring(world.bob, picture(), "a.png")
        entry = post_with(world, AttachmentDraft(id, "Not said", is_decorative=True))
    page = text_of(visitor("alice").get(f"/entries/{entry.id}"))
    assert "Not said" not in page
    assert "Decorative image" in page


def test_a_description_is_typed_marked_and_changed_later(world: World, visitor: Visit) -> None:
    with world.bound():
        id = bring(world.bob, picture(), "a.png")
    bob = visitor("bob")
    form = {
        "space": world.spaces["project"].id,
        "body": "x",
        "attachments": str(id),
        f"decorative_{id}": "on",
    }
    bob.post("/entries", form)
    with world.bound():
        attachment = Attachment.objects.get(file_id=id)
        assert attachment.is_decorative
    form = {"version": 1, "body": "x", "attachments": str(id), f"alternative_{id}": "A gate"}
    bob.post(f"/entries/{attachment.entry_id}/text", form)
    with world.bound():
        attachment = Attachment.objects.get(file_id=id)
        assert (attachment.is_decorative, attachment.alternative_text) == (False, "A gate")


def test_a_film_has_a_player_a_poster_and_captions_for_its_readers_alone(
    world: World, visitor: Visit
) -> None:
    with world.bound():
        film = bring(world.bob, recordings.webm(65_000), "fan.webm")
        poster, captions = bring(world.bob, picture(), "p.png"), bring(world.bob, CAPTIONS, "c.vtt")
        entry = post_with(world, AttachmentDraft(film, "A fan", poster_id=poster, captions_id=captions))
        (face,) = faces_of(entry)["films"]
        assert (face["duration"], face["width"], face["description"]) == ("1:05", 640, "A fan")
    page = text_of(visitor("alice").get(f"/entries/{entry.id}"))
    assert "<video" in page and "<track" in page
    for id in (film, poster, captions):
        assert visitor("alice").get(f"/files/{id}").status_code == 200
        assert visitor("dan").get(f"/files/{id}").status_code == 404
    answer = visitor("alice").get(f"/files/{captions}")
    assert (answer["Content-Type"], answer["Content-Disposition"][:6]) == (
        "text/vtt; charset=utf-8",
        "inline",
    )


def test_nobody_borrows_a_poster_or_passes_off_anything_as_one(world: World) -> None:
    with world.bound():
        film, theirs = bring(world.bob, recordings.webm(), "f.webm"), bring(world.chloe, picture(), "p.png")
        text = bring(world.bob, b"text", "t.txt")
        for draft in (
            AttachmentDraft(film, poster_id=theirs),
            AttachmentDraft(film, poster_id=text),
            AttachmentDraft(film, captions_id=text),
        ):
            with pytest.raises(Invalid):
                post_with(world, draft)


def test_what_browsers_do_not_play_is_a_document(world: World) -> None:
    with world.bound():
        entry = post_with(
            world,
            AttachmentDraft(bring(world.bob, recordings.wav(), "a.wav")),
            AttachmentDraft(bring(world.bob, recordings.box(b"ftyp", b"qt  " + bytes(20)), "a.mov")),
            AttachmentDraft(bring(world.bob, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg")),
        )
        faces = faces_of(entry)
        assert [sound["name"] for sound in faces["sounds"]] == ["a.wav"]
        assert [file["name"] for file in faces["files"]] == ["a.mov", "a.svg"]
        assert all(file["is_saved"] for file in faces["files"])


def test_a_kind_has_its_icon_and_a_duration_its_form() -> None:
    assert family_of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") == (
        "table",
        "sheet",
    )
    assert (
        family_of("application/vnd.openxmlformats-officedocument.presentationml.presentation")[1] == "slides"
    )
    assert family_of("application/octet-stream") == ("file", "other")
    assert [clock(value) for value in (None, 0, 65_000, 3_600_000)] == ["", "0:00", "1:05", "1:00:00"]
