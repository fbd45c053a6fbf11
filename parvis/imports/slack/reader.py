"""The whole export as one stream: people, then each channel or conversation, its messages from the oldest on."""

from __future__ import annotations

import heapq
import unicodedata
from collections.abc import Iterator
from typing import Any

from parvis.imports.archive import Archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.json_stream import json_objects
from parvis.imports.slack.files import CarriedFiles
from parvis.imports.slack.links import Directory
from parvis.imports.slack.messages import Message, Place, Writer, author, people_named
from parvis.imports.slack.roster import Channel, read_channels, read_people, robot, robot_added, stranger
from parvis.imports.source import LeftOutTally, Privacy, SourceItem, SourcePerson, SourceRoom, SourceSpace

# Days are almost in order; this many messages are put in order without holding a whole day.
REORDERED_MESSAGES = 2_000
_BESIDE_CHANNELS = {"__MACOSX", "__uploads", "__avatars", "attachments"}


class SlackExport:
    """A Slack export: one zip or folder."""

    kind = "slack"

    def __init__(self, archive: Archive) -> None:
        self.label = archive.label
        self.left_out = LeftOutTally()
        self._archive = archive
        self._root = _root(archive)
        self._people: dict[str, str] = {}
        self._robots: dict[str, str] = {}

    def items(self) -> Iterator[SourceItem]:
        """Yield everything once, whatever is named before what names it."""
        for person in read_people(self._archive, self._root):
            if person.id not in self._people:
                yield self._met(person)
        channels = read_channels(self._archive, self._root, self.left_out)
        days = self._days(channels)
        rooms = [channel for channel in channels if isinstance(channel.space, SourceRoom)]
        spaces = {
            channel.space.id: channel.space for channel in channels if isinstance(channel.space, SourceSpace)
        }
        secret = frozenset(space.id for space in spaces.values() if space.privacy is Privacy.SECRET)
        names = {space.id: space.name for space in spaces.values()}
        files = CarriedFiles(self._archive)
        for room in rooms:
            for member in room.space.members:
                yield from self._meet(member, {})
        yield from (room.space for room in rooms)
        for channel in channels:
            if isinstance(channel.space, SourceSpace):
                for member in (*channel.space.members, channel.space.creator):
                    yield from self._meet(member, {})
                yield channel.space
            directory = Directory(people=self._people, spaces=names, secret=secret, here=channel.space.id)
            writer = Writer(directory=directory, files=files, left_out=self.left_out)
            yield from self._entries(channel, days.get(channel.folder, []), writer)

    def _entries(self, channel: Channel, paths: list[str], writer: Writer) -> Iterator[SourceItem]:
        shares: dict[str, str] = {}
        last = ""
        for _, _, line, path, message in _in_order(self._messages(paths)):
            if writer.is_left_out(message):
                self._robots.update(robot_added(message))
                continue
            entry = writer.entry(message, Place(channel=channel, path=path, line=line, shares=shares))
            if entry is None or entry.id == last:
                continue
            last = entry.id
            yield from self._meet(author(message), message)
            for person in sorted(people_named(message)):
                yield from self._meet(person, {})
            yield entry

    def _messages(self, paths: list[str]) -> Iterator[tuple[str, int, int, str, Message]]:
        count = 0
        for path in paths:
            with self._archive.open(path) as stream:
                for line, message in json_objects(stream, path):
                    count += 1
                    yield str(message.get("ts", "")).rjust(20, "0"), count, line, path, message

    def _met(self, person: SourcePerson) -> SourcePerson:
        self._people[person.id] = person.name
        return person

    def _meet(self, identifier: str, message: Message) -> Iterator[SourcePerson]:
        if not identifier or identifier in self._people:
            return
        is_robot = ("bot_id" in message and not message.get("user")) or message.get(
            "subtype"
        ) == "bot_message"
        named = {"username": self._robots.get(identifier, ""), **message}
        yield self._met(robot(identifier, named) if is_robot else stranger(identifier, message))

    def _days(self, channels: list[Channel]) -> dict[str, list[str]]:
        """Return the day files of each channel; a folder whose readers are not known stays behind."""
        folders: dict[str, list[str]] = {}
        for member in self._archive.members():
            parts = member.path.removeprefix(self._root).split("/")
            if member.path.startswith(self._root) and len(parts) == 2 and parts[1].endswith(".json"):
                folders.setdefault(unicodedata.normalize("NFC", parts[0]), []).append(member.path)
        known: dict[str, Channel] = {}
        for channel in channels:
            if channel.folder in known:
                raise ArchiveFault(f"{self._root}{channel.folder}", Reason.DUPLICATE_CHANNEL)
            known[channel.folder] = channel
            by_id = folders.pop(channel.space.id, [])
            folders.setdefault(channel.folder, []).extend(by_id)
        for folder in sorted(folders.keys() - known.keys() - _BESIDE_CHANNELS):
            self.left_out.add("slack-unlisted-channel", folder)
        return {folder: sorted(paths) for folder, paths in folders.items()}


def _in_order(messages: Iterator[Any]) -> Iterator[Any]:
    """Yield messages by time, holding only some of them."""
    heap: list[Any] = []
    for message in messages:
        heapq.heappush(heap, message)
        if len(heap) > REORDERED_MESSAGES:
            yield heapq.heappop(heap)
    while heap:
        yield heapq.heappop(heap)


def _root(archive: Archive) -> str:
    """Return the folder in which the export lies, for a zip that was unpacked and packed again."""
    root = "" if archive.has("users.json") else _only_folder(archive)
    if not any(archive.has(f"{root}{name}") for name in ("channels.json", "groups.json")):
        raise ArchiveFault(f"{root}channels.json", Reason.MISSING_FILE)
    return root


def _only_folder(archive: Archive) -> str:
    paths = (member.path for member in archive.members())
    found = [path.removesuffix("users.json") for path in paths if path.endswith("/users.json")]
    found = [root for root in found if root.count("/") == 1 and not root.startswith("__MACOSX")]
    if len(found) != 1:
        raise ArchiveFault("users.json", Reason.MISSING_FILE)
    return found[0]
