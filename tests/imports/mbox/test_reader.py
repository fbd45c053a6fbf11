"""What a mail archive becomes."""

from __future__ import annotations

import base64
import gzip
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.mbox.reader import MailArchive
from parvis.imports.source import Privacy, SourceEntry, SourcePerson, SourceSpace

DATE = "Tue, 02 Jan 2024 10:%02d:00 +0100"


def mail(number: int, body: bytes | str = "hello", **headers: str) -> bytes:
    lines = {
        "From": "Alice Martin <alice@example.org>",
        "Subject": "Plan",
        "Date": DATE % number,
        "Message-ID": f"<{number}@x>",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in lines.items() if value)
    text = body.encode() if isinstance(body, str) else body
    return (
        b"From alice@example.org Tue Jan  2 10:00:00 2024\n"
        + head.encode("utf-8", "surrogateescape")
        + b"\n"
        + text
        + b"\n\n"
    )


def archive(tmp_path: Path, *mails: bytes, name: str = "team.mbox", **options: Any) -> MailArchive:
    path = tmp_path / name
    path.write_bytes(b"".join(mails))
    return MailArchive([path], **options)


def entries(source: MailArchive) -> list[SourceEntry]:
    return [item for item in source.items() if isinstance(item, SourceEntry)]


def one_body(tmp_path: Path, body: bytes | str, **headers: str) -> str:
    [entry] = entries(archive(tmp_path, mail(1, body, **headers)))
    return entry.body


def test_a_list_is_one_closed_space_with_its_authors(tmp_path: Path) -> None:
    source = archive(
        tmp_path,
        mail(1, List_Id="The team <team.example.org>"),
        mail(2, From="bob@example.org", List_Id="The team <team.example.org>"),
    )
    items = list(source.items())
    [space] = [item for item in items if isinstance(item, SourceSpace)]
    assert (space.id, space.name, space.privacy) == ("team.example.org", "The team", Privacy.CLOSED)
    assert space.members == ("alice@example.org", "bob@example.org")
    assert [item.name for item in items if isinstance(item, SourcePerson)] == ["Alice Martin", "bob"]


def test_the_space_may_be_named(tmp_path: Path) -> None:
    items = archive(tmp_path, mail(1), space="Équipe", privacy=Privacy.SECRET).items()
    [space] = [item for item in items if isinstance(item, SourceSpace)]
    assert (space.name, space.privacy) == ("Équipe", Privacy.SECRET)


def test_threads_follow_references_whatever_the_order(tmp_path: Path) -> None:
    found = entries(
        archive(
            tmp_path,
            mail(3, References="<1@x> <2@x>", Subject="Re: Plan"),
            mail(2, In_Reply_To="<1@x>", Subject="Re: Plan"),
            mail(1),
        )
    )
    assert [entry.id for entry in found] == ["team/1@x", "team/2@x", "team/3@x"]
    assert [entry.thread for entry in found] == ["", "team/1@x", "team/1@x"]
    assert found[2].reply_to == "team/2@x"
    assert [entry.title for entry in found] == ["Plan", "", ""]


def test_an_answer_without_references_is_found_by_its_subject(tmp_path: Path) -> None:
    found = entries(
        archive(tmp_path, mail(1), mail(2, Subject="Rép : Re: [team] Plan"), mail(3, Subject="Plan"))
    )
    assert [entry.thread for entry in found] == ["", "team/1@x", ""]


def test_an_answer_to_what_is_not_there_names_it(tmp_path: Path) -> None:
    [entry] = entries(archive(tmp_path, mail(2, References="<0@x> <1@x>", Subject="Re: Other")))
    assert entry.thread == "team/0@x"


def test_a_circle_of_answers_has_a_place(tmp_path: Path) -> None:
    first = mail(1, In_Reply_To="<2@x>")
    with pytest.raises(ArchiveFault) as raised:
        entries(archive(tmp_path, first, mail(2, In_Reply_To="<1@x>")))
    assert (raised.value.reason, raised.value.path) == (Reason.CYCLE, "team.mbox")
    assert raised.value.offset is not None


def test_a_message_that_answers_itself_starts_a_thread(tmp_path: Path) -> None:
    [entry] = entries(archive(tmp_path, mail(1, In_Reply_To="<1@x>")))
    assert entry.thread == ""


def test_what_comes_twice_comes_once(tmp_path: Path) -> None:
    source = archive(tmp_path, mail(1), mail(1))
    assert len(entries(source)) == 1
    assert [(left.what, left.count) for left in source.left_out.report()] == [("mbox-doubled", 1)]


def test_a_message_without_a_name_keeps_one(tmp_path: Path) -> None:
    names = {entries(archive(tmp_path, mail(1, Message_ID="")))[0].id for _ in range(2)}
    assert len(names) == 1


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("café".encode(), "iso-8859-1", "café"),
        ("café".encode("latin-1"), "utf-8", "café"),
        ("café".encode("latin-1"), "us-ascii", "café"),
        ("café".encode(), "x-unknown", "café"),
        ("“café”".encode("cp1252"), "iso-8859-1", "“café”"),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        (b"caf\xe9", "punycode", "café"),
        (b"x", "zlib", "x"),
    ],
)
def test_charsets_told_wrongly(tmp_path: Path, data: bytes, charset: str, text: str) -> None:
    assert one_body(tmp_path, data, Content_Type=f"text/plain; charset={charset}") == text


def test_encodings(tmp_path: Path) -> None:
    assert (
        one_body(tmp_path, "caf=C3=A9 =\nnoir", Content_Transfer_Encoding="quoted-printable") == "café noir"
    )
    encoded = base64.b64encode("café".encode())
    assert one_body(tmp_path, encoded, Content_Transfer_Encoding="base64") == "café"
    assert one_body(tmp_path, "%%%", Content_Transfer_Encoding="base64") == ""


def test_subjects_and_names_are_decoded(tmp_path: Path) -> None:
    source = archive(
        tmp_path,
        mail(
            1,
            Subject="=?utf-8?q?R=C3=A9union?= =?iso-8859-1?q?_=E9t=E9?=",
            From="=?utf-8?b?w4lsaXNl?= <e@x.org>",
        ),
    )
    items = list(source.items())
    assert [item.name for item in items if isinstance(item, SourcePerson)] == ["Élise"]
    assert [item.title for item in items if isinstance(item, SourceEntry)] == ["Réunion été"]


def test_quotes_and_signatures_are_folded(tmp_path: Path) -> None:
    body = "Yes.\n\nLe 2 janv. 2024 à 10:00, Bob\n<b@x.org> a écrit :\n> Shall we?\n>> Perhaps.\n\nMore.\n-- \nAlice\n"
    assert one_body(tmp_path, body) == (
        "Yes.\n\n"
        "> [!quote] Le 2 janv. 2024 à 10:00, Bob \\<b@x.org> a écrit :\n>\n> Shall we?\n> > Perhaps.\n\n"
        "More.\n\n"
        "> [!signature] Alice\n>\n> Alice"
    )


@pytest.mark.parametrize(
    "start",
    [
        "On Tue, 2 Jan 2024, Bob wrote:\n> old",
        "-----Original Message-----\nFrom: Bob\nold",
        "-----Message d'origine-----\nDe : Bob\nold",
        "De : Bob <b@x.org>\nEnvoyé : mardi\nÀ : Alice\nObjet : Plan\n\nold",
        "From: Bob\nSent: Tuesday\nTo: Alice\nSubject: Plan\n\nold",
        "________________________________\nFrom: Bob\nSent: Tuesday\nTo: Alice\nSubject: Plan\n\nold",
    ],
)
def test_what_is_answered_is_folded(tmp_path: Path, start: str) -> None:
    body = one_body(tmp_path, f"New.\n\n{start}\n")
    fresh, folded = body.split("> [!quote]")
    assert "New." in fresh
    assert "old" not in fresh
    assert "old" in folded


def test_lines_broken_for_the_screen_are_joined(tmp_path: Path) -> None:
    body = one_body(tmp_path, "a long \nline\n> quoted \n> too\n", Content_Type="text/plain; format=flowed")
    assert body.startswith("a long line\n")
    assert "> quoted too" in body


@pytest.mark.parametrize(("written", "read"), [(">From here on", "From here on"), (">>From", ">From")])
def test_escaped_from_lines_read_as_written(tmp_path: Path, written: str, read: str) -> None:
    [entry] = entries(archive(tmp_path, mail(1, f"hello\n\n{written} x\n")))
    assert read.lstrip(">") in entry.body
    assert ">>" not in entry.body


def test_a_from_line_inside_a_text_does_not_cut_it(tmp_path: Path) -> None:
    [entry] = entries(archive(tmp_path, mail(1, "hello\n\nFrom now on we walk.\nReally.\n")))
    assert "From now on" in entry.body


def test_html_alone_becomes_markdown(tmp_path: Path) -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hello <b>you</b> &amp; <i>me</i><br>"
        "<a href='https://a.org'>site</a><script>evil()</script></p><ul><li>one</li><li>two</li></ul>"
        "<ol><li>1st</li></ol><pre>a\n  b</pre><blockquote type='cite'><p>old *text*</p></blockquote></body></html>"
    )
    body = one_body(tmp_path, html, Content_Type="text/html; charset=utf-8")
    assert body == (
        "Hello **you** & *me*\n[site](https://a.org)\n\n- one\n- two\n\n1. 1st\n\n```\na\n  b\n```\n\n"
        "> [!quote] old \\*text\\*\n>\n> old \\*text\\*"
    )


def test_of_two_forms_the_plain_one_is_shown_and_files_are_attached(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "a@x.org", "Files", "<f@x>"
    message["Date"] = DATE % 1
    message.set_content("plain")
    message.add_alternative("<p>rich</p>", subtype="html")
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="../../résumé.pdf")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("inside")
    message.add_attachment(inner)
    path = tmp_path / "one.eml"
    path.write_bytes(message.as_bytes())
    source = MailArchive([path])
    for item in source.items():
        if isinstance(item, SourceEntry):
            assert item.body == "plain"
            assert [file.name for file in item.files] == ["résumé.pdf", "4.eml"]
            assert item.files[0].open().read() == b"%PDF-1"
            assert b"inside" in item.files[1].open().read()
            assert item.files[0].size == 6


def test_dates_that_cannot_be_true_are_replaced(tmp_path: Path) -> None:
    source = archive(
        tmp_path,
        mail(1),
        mail(2, Date="nonsense", Subject="a"),
        mail(
            3,
            Date="Mon, 01 Jan 2190 10:00:00 +0000",
            Received="by x; Tue, 02 Jan 2024 12:00:00 +0000",
            Subject="b",
        ),
    )
    found = {entry.title: entry.created.isoformat() for entry in entries(source)}
    assert found["a"].startswith("2024-01-02T10:00:00")
    assert found["b"].startswith("2024-01-02T12:00:00")


def test_addresses_that_archives_veil_are_read(tmp_path: Path) -> None:
    [entry] = entries(archive(tmp_path, mail(1, From="alice at example.org (Alice)")))
    assert entry.author == "alice@example.org"


def test_folders_zips_and_gzips_are_one_archive(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "2024-January.txt").write_bytes(mail(1))
    (folder / "2024-February.txt.gz").write_bytes(gzip.compress(mail(2, In_Reply_To="<1@x>")))
    (folder / "notes.txt").write_bytes(b"just notes\n")
    packed = tmp_path / "lists.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    for path in (folder, packed):
        source = MailArchive([path])
        found = entries(source)
        assert [bool(entry.thread) for entry in found] == [False, True]
        assert {entry.space for entry in found} == {path.name}
        assert [left.what for left in source.left_out.report()] == ["mbox-other-file"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.mbox", b"no mail at all", Reason.NO_MESSAGES),
        ("a.mbox", b"", Reason.NO_MESSAGES),
        ("a.mbox.gz", gzip.compress(b"From a\nSubject: x\n\n" * 50, mtime=0)[:40], Reason.TRUNCATED),
        ("a.mbox.gz", gzip.compress(b"\0" * 30_000_000, mtime=0), Reason.BOMB),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, name: str, data: bytes, reason: Reason) -> None:
    with pytest.raises(ArchiveFault) as raised:
        entries(archive(tmp_path, data, name=name))
    assert (raised.value.reason, raised.value.path.rsplit("/", 1)[-1]) == (reason, name)


def test_nesting_without_end_is_a_fault(tmp_path: Path) -> None:
    depth = 300
    body = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    with pytest.raises(ArchiveFault) as raised:
        entries(
            archive(tmp_path, mail(1, body.split("\n", 2)[2], Content_Type='multipart/mixed; boundary="b0"'))
        )
    assert raised.value.reason is Reason.TOO_DEEP


@pytest.mark.parametrize(
    "unit", ["> a\n\n", "<div>", "<blockquote>", "<!--", "<a href=x", "-- \n", "On x wrote:\n"]
)
def test_hostile_text_costs_little(tmp_path: Path, unit: str) -> None:
    kind = "text/html" if unit.startswith("<") else "text/plain"
    one_body(tmp_path, unit * (60_000 // len(unit)), Content_Type=kind)
