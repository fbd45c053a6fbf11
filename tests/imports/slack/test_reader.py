"""What an export of Slack becomes, and what it leaves out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from parvis.imports.archive import open_archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.left_out import EXPLANATIONS
from parvis.imports.slack.reader import SlackExport
from parvis.imports.source import Privacy, SourceEntry, SourceItem, SourcePerson, SourceRoom, SourceSpace
from tests.imports.slack_export import BOARD, GENERAL, export, message, zipped

_BESIDE = [folder / "shared" / "testdata" / "slack" for folder in Path(__file__).parents[4:6]]
REAL = next((folder for folder in _BESIDE if folder.exists()), _BESIDE[0])
DAY = "general/2024-01-02.json"


def read(path: Path) -> tuple[list[SourceItem], dict[str, int]]:
    with open_archive(path) as archive:
        source = SlackExport(archive)
        items = list(source.items())
        return items, {left.what: left.count for left in source.left_out.report()}


def entries(tmp_path: Path, *messages: dict[str, Any], **others: Any) -> list[SourceEntry]:
    items, _ = read(zipped(tmp_path / "slack.zip", export({DAY: list(messages)}, **others)))
    return [item for item in items if isinstance(item, SourceEntry)]


def body(entry: SourceEntry) -> str:
    return entry.written(lambda reference: f"⟦{reference.id}⟧")


def test_whoever_is_named_comes_before(tmp_path: Path) -> None:
    days = {DAY: [message("1704200000.000100", user="U0OTHER", user_profile={"real_name": "Partner"})]}
    items, _ = read(zipped(tmp_path / "a.zip", export(days)))
    people = [item.name for item in items if isinstance(item, SourcePerson)]
    assert people == ["Alice Martin", "Bob Durand", "Carol", "Partner"]
    assert isinstance(items[3], SourceSpace)
    assert isinstance(items[-1], SourceEntry)


def test_people_keep_address_and_whether_they_left(tmp_path: Path) -> None:
    items, _ = read(zipped(tmp_path / "a.zip", export({})))
    people = {item.name: item for item in items if isinstance(item, SourcePerson)}
    assert people["Alice Martin"].email == "alice@example.org"
    assert not people["Carol"].is_active


def test_a_private_channel_is_secret_with_exactly_its_members(tmp_path: Path) -> None:
    files = export({"board/2024-01-02.json": [message("1704200000.000100")]}, groups=[BOARD])
    items, _ = read(zipped(tmp_path / "a.zip", files))
    spaces = {item.name: item for item in items if isinstance(item, SourceSpace)}
    assert (spaces["general"].privacy, spaces["board"].privacy) == (Privacy.OPEN, Privacy.SECRET)
    assert spaces["board"].members == ("U00ALICE",)


def test_a_private_channel_listed_among_the_public_ones_stays_secret(tmp_path: Path) -> None:
    items, _ = read(zipped(tmp_path / "a.zip", export({}, channels=[{**GENERAL, "is_private": True}])))
    [space] = [item for item in items if isinstance(item, SourceSpace)]
    assert space.privacy is Privacy.SECRET


def test_a_folder_without_known_readers_stays_behind(tmp_path: Path) -> None:
    days = {DAY: [message("1704200000.000100")], "old-secret/2024-01-02.json": [message("1704200001.000100")]}
    items, left_out = read(zipped(tmp_path / "a.zip", export(days)))
    assert sum(isinstance(item, SourceEntry) for item in items) == 1
    assert left_out == {"slack-unlisted-channel": 1}


def test_conversations_come_with_their_people_and_stay_behind_when_these_are_not_known(
    tmp_path: Path,
) -> None:
    files = export(
        {"D0001/2024-01-02.json": [message("1704200000.000100", "private!")]},
        dms=[{"id": "D0001", "members": ["U00ALICE", "U000BOB"]}],
        mpims=[{"id": "G0002", "name": "mpdm-a--b--c-1"}],
    )
    items, left_out = read(zipped(tmp_path / "a.zip", files))
    rooms = [item for item in items if isinstance(item, SourceRoom)]
    assert [(room.id, room.members) for room in rooms] == [("D0001", ("U00ALICE", "U000BOB"))]
    assert [(item.room, item.body) for item in items if isinstance(item, SourceEntry)] == [
        ("D0001", "private!")
    ]
    assert left_out == {"slack-nameless-conversation": 1}


def test_replies_edits_reactions_and_pins(tmp_path: Path) -> None:
    root = message(
        "1704200000.000100",
        edited={"user": "U00ALICE", "ts": "1704200100.000000"},
        pinned_to=["C0GENERAL"],
        reactions=[
            {"name": "+1", "users": ["U000BOB", "U00ALICE"], "count": 2},
            {"name": "thumbsup", "users": ["U000BOB"], "count": 1},
            {"name": "our-logo", "users": ["U000BOB"], "count": 1},
        ],
        thread_ts="1704200000.000100",
    )
    reply = message("1704300000.000100", "answer", thread_ts="1704200000.000100", user="U000BOB")
    broadcast = message(
        "1704300001.000100", "to all", thread_ts="1704200000.000100", subtype="thread_broadcast"
    )
    first, second, third = entries(tmp_path, root, reply, broadcast)
    assert (first.thread, second.thread, third.thread) == ("", first.id, first.id)
    assert first.is_pinned
    assert first.edited
    assert first.edited.timestamp() == 1704200100
    assert [(reaction.emoji, reaction.people) for reaction in first.reactions] == [
        ("👍", ("U000BOB", "U00ALICE")),
        (":our-logo:", ("U000BOB",)),
    ]


def test_days_and_messages_out_of_order_come_in_order(tmp_path: Path) -> None:
    days = {
        "general/2024-01-03.json": [message("1704300000.000100", thread_ts="1704200000.000100")],
        "general/2024-01-02.json": [message("1704200001.000100"), message("1704200000.000100")],
    }
    items, _ = read(zipped(tmp_path / "a.zip", export(days)))
    found = [item.created for item in items if isinstance(item, SourceEntry)]
    assert found == sorted(found)


def test_a_message_that_two_days_hold_comes_once(tmp_path: Path) -> None:
    assert len(entries(tmp_path, message("1704200000.000100"), message("1704200000.000100"))) == 1


def test_notices_are_left_out_and_robots_keep_their_name(tmp_path: Path) -> None:
    days = {
        DAY: [
            message("1704200000.000100", "<@U00ALICE> has joined the channel", subtype="channel_join"),
            {
                "ts": "1704200001.000100",
                "subtype": "bot_message",
                "bot_id": "B01",
                "username": "CI",
                "text": "green",
            },
        ]
    }
    items, left_out = read(zipped(tmp_path / "a.zip", export(days)))
    assert left_out == {"slack-service-message": 1}
    [robot] = [item for item in items if isinstance(item, SourcePerson) and item.is_bot]
    assert robot.name == "CI"


def test_rich_text_is_read_from_its_blocks(tmp_path: Path) -> None:
    def section(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    blocks = [
        {
            "type": "rich_text",
            "elements": [
                section(
                    {"type": "text", "text": "bold ", "style": {"bold": True}},
                    {"type": "user", "user_id": "U000BOB"},
                    {"type": "emoji", "name": "wave", "skin_tone": 2},
                    {"type": "link", "url": "https://a.org", "text": "site"},
                ),
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "elements": [section({"type": "text", "text": "one"})],
                },
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x < y"}]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
            ],
        }
    ]
    [entry] = entries(tmp_path, message("1704200000.000100", "ignored", blocks=blocks))
    assert body(entry) == (
        "**bold** ⟦U000BOB⟧👋🏻[site](https://a.org)\n\n1. one\n\n```\nx < y\n```\n\n> said"
    )


def test_files_come_when_the_archive_carries_them(tmp_path: Path) -> None:
    named = {
        "id": "F0ABCDEFG",
        "name": "plan.txt",
        "mimetype": "text/plain",
        "url_private": "https://x/?t=xoxe-1",
    }
    absent = {**named, "id": "F0HIJKLMN", "name": "gone.png"}
    files = export({DAY: [message("1704200000.000100", "see", files=[named, absent])]})
    files["__uploads/F0ABCDEFG/plan.txt"] = b"the plan"
    path = zipped(tmp_path / "a.zip", files)
    with open_archive(path) as archive:
        source = SlackExport(archive)
        [entry] = [item for item in source.items() if isinstance(item, SourceEntry)]
        [file] = entry.files
        assert (file.name, file.media_type, file.size) == ("plan.txt", "text/plain", 8)
        assert isinstance(file.open(), io.BufferedIOBase)
        assert file.open().read() == b"the plan"
    assert body(entry) == "see\n\n📎 gone.png"
    assert [(left.what, left.examples) for left in source.left_out.report()] == [
        ("slack-file-absent", ("gone.png",))
    ]


def test_a_shared_message_is_quoted_and_a_preview_is_not_kept(tmp_path: Path) -> None:
    shared = {
        "is_share": True,
        "author_name": "Bob",
        "text": "as I *said*",
        "from_url": "https://w.slack.com/archives/C0GENERAL/p1704100000000100",
    }
    preview = {"title": "A page", "title_link": "https://a.org", "from_url": "https://a.org"}
    [entry] = entries(tmp_path, message("1704200000.000100", "look", attachments=[shared, preview]))
    assert body(entry) == "look\n\n> Bob\n>\n> as I **said**\n>\n> ⟦C0GENERAL/1704100000.000100⟧"


def test_a_zip_packed_again_with_its_folder_reads_the_same(tmp_path: Path) -> None:
    files = export({DAY: [message("1704200000.000100")]})
    again = {f"My export/{name}": data for name, data in files.items()}
    again["__MACOSX/My export/._users.json"] = b"x"
    assert read(zipped(tmp_path / "a.zip", again))[0] == read(zipped(tmp_path / "b.zip", files))[0]


def test_a_digest_changes_with_the_text_only(tmp_path: Path) -> None:
    [first] = entries(tmp_path, message("1704200000.000100", "one"))
    [liked] = entries(
        tmp_path, message("1704200000.000100", "one", reactions=[{"name": "+1", "users": ["U000BOB"]}])
    )
    [edited] = entries(tmp_path, message("1704200000.000100", "two"))
    assert first.digest() == liked.digest() != edited.digest()


@pytest.mark.parametrize(
    ("files", "reason", "path", "line"),
    [
        (export({DAY: b'[\n{"ts": "1704200000.000100"},\n{"ts": "17'}), Reason.TRUNCATED, DAY, 3),
        (export({DAY: '[{"ts": "1704200000.1", "text": "é"}]'.encode("latin-1")}), Reason.CHARSET, DAY, 1),
        (export({DAY: [message("yesterday")]}), Reason.SHAPE, DAY, 1),
        (export({DAY: {"ok": False}}), Reason.SHAPE, DAY, 1),
        (export({}, users=[{"name": "nobody"}]), Reason.SHAPE, "users.json", 1),
        (export({}, channels=[{"id": "C1"}]), Reason.SHAPE, "channels.json", 1),
        ({"channels.json": b"[]"}, Reason.MISSING_FILE, "users.json", None),
        ({"users.json": b"[]"}, Reason.MISSING_FILE, "channels.json", None),
        (export({}, groups=[{**BOARD, "name": "general"}]), Reason.DUPLICATE_CHANNEL, "general", None),
        (
            export(
                {
                    DAY: [
                        message("1704200000.000100", thread_ts="1704200001.000100"),
                        message("1704200001.000100", thread_ts="1704200000.000100"),
                    ]
                }
            ),
            Reason.CYCLE,
            DAY,
            1,
        ),
    ],
)
def test_what_is_wrong_has_a_place(
    tmp_path: Path, files: dict[str, bytes], reason: Reason, path: str, line: int | None
) -> None:
    with pytest.raises(ArchiveFault) as raised:
        read(zipped(tmp_path / "a.zip", files))
    assert (raised.value.reason, raised.value.path, raised.value.line) == (reason, path, line)


@pytest.mark.parametrize(
    "odd",
    [
        {
            "text": None,
            "blocks": "x",
            "attachments": {"a": 1},
            "files": [None, 3],
            "reactions": [None, {"users": 3}],
        },
        {"text": 12, "edited": "yes", "user": {"a": 1}, "thread_ts": 5, "bot_profile": []},
        {"attachments": [{"fields": [3], "text": 5, "blocks": [{"type": "rich_text", "elements": "x"}]}]},
        {
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_list", "indent": "9", "elements": [1]}],
                }
            ]
        },
        {"text": "nul \x00 and \ud800 lone"},
    ],
)
def test_odd_shapes_do_not_break_the_reader(tmp_path: Path, odd: dict[str, Any]) -> None:
    for entry in entries(
        tmp_path, message("1704200000.000100", "x"), {**message("1704200001.000100"), **odd}
    ):
        body(entry).encode()
        assert "\x00" not in body(entry)


@pytest.mark.skipif(not REAL.exists(), reason="the real archives (../shared/testdata/slack) are not here")
@pytest.mark.parametrize(
    ("name", "people", "spaces", "posts", "comments", "left_out"),
    [
        (
            "zulip-test-export.zip", 4, 2, 80, 2,
            {"slack-file-absent": 2, "slack-preview": 2, "slack-service-message": 9},
        ),
        (
            "slack-export-viewer.zip", 7, 2, 146, 1,
            {"slack-file-absent": 4, "slack-preview": 8, "slack-service-message": 11},
        ),
    ],
)  # fmt: skip
def test_real_exports(
    name: str, people: int, spaces: int, posts: int, comments: int, left_out: dict[str, int]
) -> None:
    items, counted = read(REAL / name)
    found = [item for item in items if isinstance(item, SourceEntry)]
    assert sum(isinstance(item, SourcePerson) for item in items) == people
    assert sum(isinstance(item, SourceSpace) for item in items) == spaces
    assert sum(not entry.thread for entry in found) == posts
    assert sum(bool(entry.thread) for entry in found) == comments
    assert counted == left_out
    assert not any("xoxe" in entry.body for entry in found)


def test_everything_left_out_is_explained() -> None:
    source = "".join(path.read_text() for path in Path("parvis/imports").rglob("*.py"))
    assert all(f'"{what}"' in source for what in EXPLANATIONS)
