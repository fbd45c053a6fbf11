"""What goes to chat: the messages of channels that were chosen for it, and of direct and group conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from parvis.chat import staging as chat
from parvis.chat.staging import PastMessage, RoomDraft
from parvis.content.staging import Naming
from parvis.foundation.tenancy import new_id
from parvis.imports.models import ImportedItem
from parvis.imports.provenance import Known, id_at, known_items, remember
from parvis.imports.source import SourceEntry, SourceRoom, SourceSpace

if TYPE_CHECKING:
    from parvis.imports.staging import Stager

Kind = ImportedItem.Kind


@dataclass
class Conversations:
    """Stages rooms and messages. Rooms are few and kept in memory; messages are looked up as needed."""

    stager: Stager
    _rooms: dict[str, UUID] = field(default_factory=dict)
    _new: set[UUID] = field(default_factory=set)
    # Who alone reads a room between people; in the room of a space, the space tells.
    _members: dict[str, frozenset[UUID]] = field(default_factory=dict)
    _last: Counter[UUID] = field(default_factory=Counter)
    # Where messages that texts link to are read.
    _paths: dict[str, str] = field(default_factory=dict)

    def has(self, entry: SourceEntry) -> bool:
        """Tell whether this goes to chat."""
        return (entry.room or entry.space) in self._rooms

    # Rooms

    def begin(self, space: SourceSpace, space_id: UUID, members: Sequence[UUID], host: UUID | None) -> None:
        """Give a space that comes now a room of its name."""
        id = self._stage(space.id, members, RoomDraft(
            id=new_id(), name=space.name, topic=space.objective, space_id=space_id,
            created_by=host, created_at=space.created,
        ))  # fmt: skip
        self._rooms[space.id] = id

    def go_on(self, space: SourceSpace) -> None:
        """Let a channel that is here already go on where its first import put it."""
        known = known_items(self.stager.source.kind, [Kind.ROOM], [space.id]).get(space.id)
        if known:
            self._rooms[space.id] = known.object_id

    def write_rooms(self, batch: list[SourceRoom]) -> None:
        """Stage conversations of chosen people."""
        known = known_items(self.stager.source.kind, [Kind.ROOM], [room.id for room in batch])
        for room in batch:
            members = self.stager.people_among(room.members)
            self._members[room.id] = frozenset(members)
            if found := known.get(room.id):
                self._rooms[room.id] = found.object_id
                continue
            draft = RoomDraft(id=new_id(), name=room.name, topic=room.topic, created_at=room.created)
            self._rooms[room.id] = self._stage(room.id, members, draft)

    def _stage(self, source_id: str, members: Sequence[UUID], draft: RoomDraft) -> UUID:
        chat.stage_rooms([draft])
        self._new.add(draft.id)
        named = [str(member) for member in members]
        remember(self.stager.run, [self.stager.item(Kind.ROOM, source_id, draft.id, members=named)])
        self.stager.counts["rooms"] += 1
        return draft.id

    # Messages

    def write(self, batch: list[SourceEntry]) -> None:
        """Stage messages in the order in which they were said."""
        if not batch:
            return
        wanted = {name for entry in batch for name in (entry.id, entry.thread) if name}
        wanted.update(reference.id for entry in batch for reference in entry.references)
        kind = self.stager.source.kind
        # What an earlier run put on the wall is here already, whatever is chosen now.
        known = known_items(kind, [Kind.ENTRY], wanted) | known_items(kind, [Kind.MESSAGE], wanted)
        places = self._places(known)
        on_walls = {name: item for name, item in known.items() if item.object_id not in places}
        drafts: list[PastMessage] = []
        items: list[ImportedItem] = []
        for entry in batch:
            if found := known.get(entry.id):
                self.stager.note_edit(entry, found, self.stager.body(entry, on_walls))
                continue
            draft = self._draft(entry, known, on_walls, places)
            item = self.stager.item(Kind.MESSAGE, entry.id, draft.id, digest=entry.digest())
            known[entry.id] = Known(object_id=draft.id, digest=item.digest, item_id=item.id)
            places[draft.id] = chat.Position(room_id=draft.room_id, root_id=draft.thread_id or draft.id)
            self._note_path(entry.id, draft.room_id, draft.id)
            drafts.append(draft)
            items.append(item)
        chat.stage_messages(drafts, slug=self.stager.organization.slug)
        remember(self.stager.run, items)

    def _draft(
        self,
        entry: SourceEntry,
        known: dict[str, Known],
        on_walls: dict[str, Known],
        places: dict[UUID, chat.Position],
    ) -> PastMessage:
        stager, id, room_id = self.stager, id_at(entry.created), self._rooms[entry.room or entry.space]
        thread = places.get(known[entry.thread].object_id) if entry.thread in known else None
        if thread is not None and thread.room_id != room_id:
            thread = None
        author = stager.person(entry.author)
        assert author is not None, "readers name people before what they wrote"
        stager.counts["messages"] += 1
        stager.remember_late(entry, id, on_walls)
        self._last[room_id] += 1
        is_new = room_id in self._new
        return PastMessage(
            id=id,
            room_id=room_id,
            seq=self._last[room_id] if is_new else chat.WAITING + self._last[room_id],
            is_in_staged_room=is_new,
            author_id=author,
            body=stager.body(entry, on_walls),
            created_at=entry.created,
            edited_at=entry.edited,
            is_pinned=entry.is_pinned,
            thread_id=thread.root_id if thread else None,
            name_of=self.naming(entry),
            reactions=tuple(stager.reactions(entry)),
            files=tuple(stager.files(entry.files)),
        )

    def naming(self, entry: SourceEntry) -> Naming:
        """Return whom a message may mention: those who can read its room."""
        if entry.room:
            return self.stager.naming_among(self._members[entry.room])
        return self.stager.naming(entry.space)

    # Links to messages

    def look_up(self, source_ids: Iterable[str]) -> None:
        """Learn where these messages are read, if they are messages."""
        self._places(known_items(self.stager.source.kind, [Kind.MESSAGE], set(source_ids)))

    def path_of(self, source_id: str) -> str:
        """Return where a message is read; nothing for what is none."""
        return self._paths.get(source_id, "")

    def _places(self, known: dict[str, Known]) -> dict[UUID, chat.Position]:
        places = chat.positions_of([item.object_id for item in known.values()])
        # Of one batch only: an archive may link to a million.
        self._paths.clear()
        for source_id, item in known.items():
            if place := places.get(item.object_id):
                self._note_path(source_id, place.room_id, item.object_id)
        return places

    def _note_path(self, source_id: str, room_id: UUID, message_id: UUID) -> None:
        self._paths[source_id] = f"/chat/{room_id}?message={message_id}"
