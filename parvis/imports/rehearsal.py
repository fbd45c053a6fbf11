"""What an import would bring, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from parvis.foundation.tenancy import organization_scope
from parvis.imports.choice import Choice
from parvis.imports.models import ImportedItem
from parvis.imports.provenance import known_items
from parvis.imports.source import Source, SourceEntry, SourceItem, SourcePerson, SourceRoom, SourceSpace
from parvis.people import staging as people
from parvis.people.models import Organization

BATCH = 500
# Characters of a message: what is shorter on average is talk.
CHATTER = 140
Kind = ImportedItem.Kind


@dataclass
class PlannedSpace:
    """A space that would come, or grow; on the wall or in its chat."""

    name: str
    id: str
    privacy: str
    members: int
    is_new: bool
    is_chat: bool = False
    entries: int = 0
    # Of all its texts, to tell chatter from what is written to last.
    characters: int = 0

    @property
    def looks_like_chat(self) -> bool:
        """Tell whether short messages say that this was talk, rather than texts written to last."""
        return self.entries > 0 and self.characters <= CHATTER * self.entries


@dataclass
class Rehearsal:
    """Counts what would come."""

    organization: Organization
    source: Source
    choice: Choice = field(default_factory=Choice)
    counts: Counter[str] = field(default_factory=Counter)
    spaces: dict[str, PlannedSpace] = field(default_factory=dict)
    read: int = 0
    _channels: list[SourceSpace] = field(default_factory=list)

    def rehearse(self, progress: Callable[[Rehearsal], None] = lambda rehearsal: None) -> None:
        """Read the whole source and compare it with what is here."""
        for batch in _batches(self.source.items()):
            with organization_scope(self.organization):
                self._count(batch)
            self.read += len(batch)
            progress(self)
        for name in self.choice.unknown(self._channels):
            self.source.left_out.add("chat-unknown-channel", name)

    def _count(self, batch: list[SourceItem]) -> None:
        self._count_people([item for item in batch if isinstance(item, SourcePerson)])
        for item in batch:
            if isinstance(item, SourceSpace):
                self._count_space(item)
        self._count_rooms([item for item in batch if isinstance(item, SourceRoom)])
        self._count_entries([item for item in batch if isinstance(item, SourceEntry)])

    def _count_people(self, batch: list[SourcePerson]) -> None:
        known = known_items(self.source.kind, [Kind.PERSON, Kind.MATCHED], [item.id for item in batch])
        fresh = [item for item in batch if item.id not in known]
        emails = {item.id: people.usable_email(item.email) for item in fresh}
        matched = people.people_by_confirmed_email([email for email in emails.values() if email])
        for item in fresh:
            self.counts["matched" if emails[item.id] in matched else "people"] += 1

    def _count_space(self, space: SourceSpace) -> None:
        self._channels.append(space)
        is_new = not known_items(self.source.kind, [Kind.SPACE], [space.id])
        self.counts["spaces"] += is_new
        was_chat = bool(known_items(self.source.kind, [Kind.ROOM], [space.id]))
        self.spaces[space.id] = PlannedSpace(
            id=space.id,
            name=space.name,
            privacy=str(space.privacy),
            members=len(space.members),
            is_new=is_new,
            is_chat=self.choice.is_chat(space) if is_new else was_chat,
        )

    def _count_rooms(self, batch: list[SourceRoom]) -> None:
        if batch:
            known = known_items(self.source.kind, [Kind.ROOM], [room.id for room in batch])
            self.counts["rooms"] += sum(room.id not in known for room in batch)

    def _count_entries(self, batch: list[SourceEntry]) -> None:
        known = known_items(self.source.kind, [Kind.ENTRY, Kind.MESSAGE], [item.id for item in batch])
        for entry in batch:
            if found := known.get(entry.id):
                self.counts["known"] += 1
                self.counts["edits"] += found.digest != entry.digest()
                continue
            space = self.spaces.get(entry.space)
            if space is None or space.is_chat:
                self.counts["messages"] += 1
            else:
                self.counts["comments" if entry.thread else "posts"] += 1
            if space is not None:
                space.entries += 1
                space.characters += len(entry.body)
            self.counts["reactions"] += sum(len(reaction.people) for reaction in entry.reactions)
            self.counts["files"] += len(entry.files)


def _batches(items: Iterable[SourceItem]) -> Iterator[list[SourceItem]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
