"""The whole export as one stream: people, then each channel and conversation, its messages from the oldest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from parvis.imports.archive import Archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.json_stream import json_lines
from parvis.imports.mattermost.mentions import Directory
from parvis.imports.mattermost.messages import Place, Writer, people_named
from parvis.imports.mattermost.order import WHOLE, Order
from parvis.imports.mattermost.roster import Roster, channel_id, conversation_id, members_of, said_at
from parvis.imports.mattermost.rows import Row, rows, text
from parvis.imports.source import LeftOutTally, SourceItem, SourcePerson

SUFFIXES = (".jsonl", ".json")
# Said before the messages, and of no meaning here.
_SILENT = {"version", "info"}


class MattermostExport:
    """A bulk export: its lines, and the files that they name."""

    kind = "mattermost"

    def __init__(self, archive: Archive) -> None:
        self.label = archive.label
        self.left_out = LeftOutTally()
        self._archive = archive
        self._path = _lines_of(archive)
        self._order = Order(self._path)
        self._roster = Roster(self.left_out)
        self._people: dict[str, str] = {}
        # Conversations in which something was said, by their id.
        self._said_among: dict[str, tuple[str, ...]] = {}

    def close(self) -> None:
        """Remove what was kept on disk."""
        self._order.close()

    def items(self) -> Iterator[SourceItem]:
        """Yield everything once, whatever is named before what names it."""
        self._read()
        for person in self._roster.people():
            if person.id not in self._people:
                yield self._met(person)
        root = self._path.rpartition("/")[0]
        writer = Writer(archive=self._archive, root=f"{root}/" if root else "", left_out=self.left_out)
        said_in = [channel for channel in self._order.channels() if channel not in self._said_among]
        spaces = list(self._roster.spaces(said_in))
        for space in spaces:
            for member in space.members:
                yield from self._meet(member)
            yield space
            team = space.id.partition("/")[0]
            channels = {
                other.id.rpartition("/")[2]: (other.id, other.name)
                for other in spaces
                if other.id.startswith(f"{team}/") and (other.privacy != "secret" or other.id == space.id)
            }
            directory = Directory(people=self._people, channels=channels)
            yield from self._entries(Place(directory=directory, space=space.id), writer)
        directory = Directory(people=self._people, channels={})
        rooms = list(self._roster.rooms(self._said_among.values()))
        for room in rooms:
            for member in room.members:
                yield from self._meet(member)
        yield from rooms
        for room in rooms:
            yield from self._entries(Place(directory=directory, room=room.id), writer)

    def _read(self) -> None:
        """Note who and what there is, and where the messages are."""
        with self._archive.open(self._path) as stream:
            for number, line, item in json_lines(stream, self._path):
                kind = item.get("type")
                row = item.get(kind) if isinstance(kind, str) else None
                if kind in _SILENT:
                    continue
                if not isinstance(row, dict) or not isinstance(kind, str):
                    raise ArchiveFault(self._path, Reason.SHAPE, line=number, detail=str(kind))
                if kind in {"post", "direct_post"}:
                    self._note_message(kind, row, line, number)
                elif kind == "emoji":
                    self.left_out.add("mattermost-emoji", text(row, "name"))
                elif not self._roster.note(kind, row):
                    self.left_out.add("mattermost-unknown-line", kind)

    def _note_message(self, kind: str, row: Row, line: bytes, number: int) -> None:
        times = [said_at(row), *(said_at(reply) for reply in rows(row, "replies"))]
        if not times[0] or not text(row, "user"):
            raise ArchiveFault(self._path, Reason.SHAPE, line=number, detail="create_at, user")
        if kind == "post":
            where = channel_id({"team": row.get("team"), "name": row.get("channel")})
        else:
            members = members_of(row)
            where = conversation_id(members)
            self._said_among[where] = members
        self._order.add(where, line, number, times)

    def _entries(self, place: Place, writer: Writer) -> Iterator[SourceItem]:
        ids: Counter[str] = Counter()
        for _number, item, position in self._order.said_in(place.id):
            post = _message(item)
            row = post if position == WHOLE else rows(post, "replies")[position]
            thread = "" if position == WHOLE else _identity(place, post)
            identity = f"{thread or place.id}/{said_at(row)}/{text(row, 'user')}"
            # The export gives no ids: what one person says in one millisecond is told apart by its order.
            ids[identity] += 1
            if ids[identity] > 1:
                identity = f"{identity}/{ids[identity]}"
            entry = writer.entry(row, place, identity, thread)
            if entry is not None:
                for person in people_named(row):
                    yield from self._meet(person)
                yield entry

    def _met(self, person: SourcePerson) -> SourcePerson:
        self._people[person.id] = person.name
        return person

    def _meet(self, username: str) -> Iterator[SourcePerson]:
        """Yield somebody whom the export names but does not list: a robot, or somebody long gone."""
        if username not in self._people:
            yield self._met(SourcePerson(id=username, name=username[:150], is_active=False))


@contextmanager
def opened_export(archive: Archive) -> Iterator[MattermostExport]:
    """Open a bulk export; what is kept on disk goes when it is closed."""
    export = MattermostExport(archive)
    try:
        yield export
    finally:
        export.close()


def _message(item: dict[str, Any]) -> Row:
    row: Row = item[item["type"]]
    return row


def _identity(place: Place, row: Row) -> str:
    return f"{place.id}/{said_at(row)}/{text(row, 'user')}"


def _lines_of(archive: Archive) -> str:
    """Return the file of the lines: the one nearest to the top, and by its usual name if there are several."""
    paths = [member.path for member in archive.members() if member.path.endswith(SUFFIXES)]
    paths = [path for path in paths if "/data/" not in f"/{path}" and not path.startswith("__MACOSX")]
    if not paths:
        raise ArchiveFault("import.jsonl", Reason.MISSING_FILE)
    return min(
        paths,
        key=lambda path: (path.count("/"), not path.endswith(".jsonl"), "import.jsonl" not in path, path),
    )
