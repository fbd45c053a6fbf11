"""What a bulk export of Mattermost says, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from parvis.imports.archive import open_archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.mattermost.reader import SUFFIXES, opened_export
from parvis.imports.source import (
    LeftOutTally,
    Privacy,
    RefersTo,
    SourceEntry,
    SourceItem,
    SourcePerson,
    SourceRoom,
    SourceSpace,
)
from tests.imports.mattermost.export import OPEN, PRIVATE, TEAM, direct, lines, post, said, user
from tests.imports.slack_export import zipped

_BESIDE = [folder / "shared" / "testdata" / "mattermost" for folder in Path(__file__).parents[4:6]]
EXAMPLES = next((folder for folder in _BESIDE if folder.exists()), _BESIDE[0])
TWO = [user("ada", "ada@example.org", "kitchen", "board"), user("bob", "", "kitchen")]


def read(path: Path) -> tuple[list[SourceItem], LeftOutTally]:
    with open_archive(path, lone=SUFFIXES) as archive, opened_export(archive) as export:
        return list(export.items()), export.left_out


def items(tmp_path: Path, data: bytes, **files: bytes) -> list[SourceItem]:
    if not files:
        path = tmp_path / "export.jsonl"
        path.write_bytes(data)
    else:
        path = zipped(tmp_path / "export.zip", {"import.jsonl": data, **files})
    return read(path)[0]


def entries(found: Iterable[SourceItem]) -> list[SourceEntry]:
    return [item for item in found if isinstance(item, SourceEntry)]


def test_messages_come_channel_by_channel_in_the_order_in_which_they_were_said(tmp_path: Path) -> None:
    late = post(
        "ada", 90, "late", replies=[said("bob", 200, "answer"), said("ada", 10, "no earlier than it answers")]
    )
    found = entries(
        items(tmp_path, lines(late, post("bob", 100, "after"), post("ada", 5, "first"), users=TWO))
    )
    assert [entry.body for entry in found] == [
        "first",
        "late",
        "no earlier than it answers",
        "after",
        "answer",
    ]
    assert [bool(entry.thread) for entry in found] == [False, False, True, False, True]
    assert found[1].id == found[4].thread
    assert len({entry.id for entry in found}) == 5


def test_who_reads_a_channel_is_never_more_than_who_could(tmp_path: Path) -> None:
    invited = {**TEAM, "name": "inner", "display_name": "Inner", "type": "I", "allow_open_invite": False}
    hall = {**OPEN, "team": "inner"}
    data = lines(users=TWO, channels=[OPEN, PRIVATE, hall]).replace(
        b'{"type": "channel"', b'{"type": "team", "team": ' + str(invited).replace("'", '"').replace("False", "false").encode() + b'}\n{"type": "channel"', 1
    )  # fmt: skip
    spaces = [item for item in items(tmp_path, data) if isinstance(item, SourceSpace)]
    assert [(space.name, space.privacy) for space in spaces] == [
        ("Atelier – Kitchen", Privacy.OPEN),
        ("Board", Privacy.SECRET),
        ("Inner – Kitchen", Privacy.CLOSED),
    ]
    assert spaces[1].members == ("ada",)


def test_mentions_become_references_but_not_in_code_or_addresses(tmp_path: Path) -> None:
    text = "@bob. @Bob, @nobody a@bob.example `@bob` https://x.example/@bob ~kitchen ~~no~~ ~board\n```\n@bob :smile:\n```"
    [entry] = entries(items(tmp_path, lines(post("ada", 1, text), users=TWO)))
    assert [(reference.kind, reference.id) for reference in entry.references] == [
        (RefersTo.PERSON, "bob"),
        (RefersTo.SPACE, "atelier/kitchen"),
    ]
    written = entry.written(lambda reference: f"<{reference.id}>")
    assert written.startswith(
        "<bob>. <bob>, @nobody a@bob.example `@bob` https://x.example/@bob <atelier/kitchen>"
    )
    assert written.endswith("~~no~~ ~board\n```\n@bob :smile:\n```")


def test_edits_pins_reactions_files_and_cards_of_robots_come_and_notices_do_not(tmp_path: Path) -> None:
    card = {
        "attachments": [{"title": "Build 7", "title_link": "https://ci.example/7", "text": "all *green*"}]
    }
    rich = post(
        "ada", 1, "plan :tada:", edit_at=1_700_000_100_000, is_pinned=True, props=card,
        reactions=[{"user": "bob", "emoji_name": "wave_dark_skin_tone"}, {"user": "gone", "emoji_name": "ours"}],
        attachments=[{"path": "2024/plan.txt"}, {"path": "2024/lost.txt"}],
    )  # fmt: skip
    notice = post("bob", 2, "bob joined the channel.", type="system_join_channel")
    old = post("bob", 3, "bob joined the channel.")
    found = items(tmp_path, lines(rich, notice, old, users=TWO), **{"data/2024/plan.txt": b"the plan"})
    [entry] = entries(found)
    assert entry.body == "plan 🎉\n\n> [Build 7](https://ci.example/7)\n>\n> all *green*\n\n📎 lost.txt"
    assert entry.is_pinned
    assert entry.edited is not None
    assert [(reaction.emoji, reaction.people) for reaction in entry.reactions] == [
        ("👋🏿", ("bob",)),
        (":ours:", ("gone",)),
    ]
    assert [file.name for file in entry.files] == ["plan.txt"]
    assert any(isinstance(item, SourcePerson) and item.id == "gone" and not item.is_active for item in found)


def test_direct_and_group_conversations_are_rooms_of_their_people(tmp_path: Path) -> None:
    data = lines(direct("bob", 2, "yes", "bob", "ada"), direct("ada", 1, "lunch?", "ada", "bob"), users=TWO)
    found = items(tmp_path, data)
    [room] = [item for item in found if isinstance(item, SourceRoom)]
    assert room.members == ("ada", "bob")
    assert [(entry.room, entry.body) for entry in entries(found)] == [(room.id, "lunch?"), (room.id, "yes")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"type": "post"', Reason.TRUNCATED),
        (b"{'type'}\n", Reason.SYNTAX),
        (b"[1]\n", Reason.SHAPE),
        (b'{"type": "post", "post": {"user": "ada"}}\n', Reason.SHAPE),
        (b'{"type": "\xff"}\n', Reason.CHARSET),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, data: bytes, reason: Reason) -> None:
    with pytest.raises(ArchiveFault) as fault:
        items(tmp_path, lines(users=TWO) + data)
    assert (fault.value.reason, fault.value.line) == (reason, 7)


@pytest.mark.skipif(not EXAMPLES.exists(), reason="real exports lie beside the repository (shared/testdata)")
def test_real_exports_are_read_whole() -> None:
    found, left_out = read(EXAMPLES / "export.jsonl")
    assert len(entries(found)) == 13
    assert {item.what: item.count for item in left_out.report()}["mattermost-service-message"] == 8
    found, _left_out = read(EXAMPLES / "direct_channel")
    assert sorted(item.members for item in found if isinstance(item, SourceRoom)) == [
        ("ginny", "harry", "ron"),
        ("harry", "ron"),
        ("harry", "voldemort"),
    ]
    assert [file.name for entry in entries(found) for file in entry.files] == [
        "this is a file",
        "harry-ron.jpg",
    ]
