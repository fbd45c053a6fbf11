"""Files are found by what they say, wherever their entry is read, and by hostile ones nothing is harmed."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from parvis.content import actions as content
from parvis.content.actions import AttachmentDraft
from parvis.content.models import Entry
from parvis.foundation.files import store
from parvis.foundation.jobs import run_pending_jobs
from parvis.people.models import Person
from parvis.search.extraction import Unreadable, text_of
from parvis.search.extraction.formats import PARTS
from parvis.search.models import FileText
from parvis.search.queries import Wish, search
from parvis.spaces.models import Space
from tests.world import World

WORD = '<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>Le manomètre</w:t></w:r></w:p><w:p><w:t>est faux</w:t></w:p></w:body></w:document>'


def archive(parts: dict[str, str]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return data.getvalue()


def pdf(text: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    page[NameObject("/Contents")] = writer._add_object(stream)
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


def post(author: Person, space: Space, name: str, data: bytes) -> Entry:
    file = store(BytesIO(data), name=name, created_by_id=author.id)
    return content.publish(
        author=author, space=space, body="Voir ci-joint", attachments=[AttachmentDraft(file.id)]
    )


def read(tmp_path: Path, data: bytes, media_type: str) -> str:
    path = tmp_path / "file"
    path.write_bytes(data)
    return text_of(path, media_type)


OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"


@pytest.mark.parametrize(
    ("media_type", "data", "said"),
    [
        ("text/plain", "Élan\x00 vital".encode(), "Élan vital"),
        ("text/csv", "nom;ville\nÉlan;Lyon".encode("cp1252"), "nom;ville Élan;Lyon"),
        (
            f"{OFFICE}.wordprocessingml.document",
            archive({"word/document.xml": WORD}),
            "Le manomètre est faux",
        ),
        (
            f"{OFFICE}.spreadsheetml.sheet",
            archive({"xl/sharedStrings.xml": "<sst><si><t>Pression</t></si><si><t>Débit</t></si></sst>"}),
            "Pression Débit",
        ),
        (
            f"{OFFICE}.presentationml.presentation",
            archive({"ppt/slides/slide1.xml": '<p xmlns:a="x"><a:p><a:t>Objectif</a:t></a:p></p>'}),
            "Objectif",
        ),
        (
            f"{OPEN}.text",
            archive(
                {
                    "content.xml": '<o xmlns:text="x"><text:h>Titre</text:h><text:p>Un <text:span>mot</text:span></text:p></o>'
                }
            ),
            "Titre Un mot",
        ),
        ("application/pdf", pdf("Notice de la vanne"), "Notice de la vanne"),
    ],
)
def test_each_format_is_read(tmp_path: Path, media_type: str, data: bytes, said: str) -> None:
    assert " ".join(read(tmp_path, data, media_type).split()) == said


BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="x"><w:t>&b;</w:t></w:document>'


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (archive({"word/document.xml": BILLION}), "doctype"),
        (archive({"word/document.xml": "<w>" + " " * 43_000_000}), "bomb"),
        (archive({f"word/header{n}.xml": "<a/>" for n in range(2100)}), "bomb"),
        (archive({"word/document.xml": "<w:t>not closed"}), "damaged"),
        (b"PK\x03\x04 nonsense", "damaged"),
    ],
)
def test_a_hostile_archive_is_refused(tmp_path: Path, data: bytes, fault: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, data, f"{OFFICE}.wordprocessingml.document")
    assert str(refused.value) == fault


def test_a_damaged_pdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, b"%PDF-1.7\n" + b"\x00garbage" * 100, "application/pdf")


def test_office_formats_are_those_that_uploads_are_judged_to_be() -> None:
    from parvis.foundation.files.media_types import OFFICE_BY_FOLDER

    assert set(OFFICE_BY_FOLDER.values()) <= set(PARTS)


@pytest.mark.django_db
def test_a_file_is_found_with_its_entry_by_those_who_read_it(world: World) -> None:
    with world.bound():
        entry = post(world.bob, world.project, "notice-vanne.pdf", pdf("Le clapet antiretour est grippe"))
        # Its name at once, its text once it was read.
        [hit] = search(world.grace, Wish(text="notice vanne")).entries
        assert hit.entry.id == entry.id and hit.attachment is not None
        assert not search(world.grace, Wish(text="clapet")).entries
    run_pending_jobs()
    with world.bound():
        [hit] = search(world.grace, Wish(text="clapets", segment="files")).entries
        assert (hit.entry.id, hit.attachment.name) == (entry.id, "notice-vanne.pdf")  # type: ignore[union-attr]
        assert "clapet antiretour" in hit.file_text
        # Chloé is not in the project.
        assert not search(world.chloe, Wish(text="clapet")).entries
        assert search(world.bob, Wish(text="clapet", has_file=True)).entries
        content.delete_entry(actor=world.bob, entry=entry)
        assert not search(world.grace, Wish(text="clapet")).entries
    with world.bound_to_twin():
        assert not FileText.objects.exists()


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_remembered_as_such(world: World) -> None:
    with world.bound():
        post(world.bob, world.lounge, "broken.pdf", b"%PDF-1.7\nnothing")
    run_pending_jobs()
    with world.bound():
        assert [row.text for row in FileText.objects.all()] == [""]
        assert FileText.objects.get().fault
