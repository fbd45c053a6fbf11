"""What an import would bring, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from parvis.foundation.tenancy import organization_scope
from parvis.imports.models import ImportedItem
from parvis.imports.provenance import known_items
from parvis.imports.source import Source, SourceEntry, SourceItem, SourcePerson, SourceSpace
from parvis.people import staging as people
from parvis.people.models import Organization

BATCH = 500
Kind = ImportedItem.Kind


@dataclass
class PlannedSpace:
    """A space that would come, or grow."""

    name: str
    privacy: str
    members: int
    is_new: bool
    entries: int = 0


@dataclass
class Rehearsal:
    """Counts what would come."""

    organization: Organization
    source: Source
    counts: Counter[str] = field(default_factory=Counter)
    spaces: dict[str, PlannedSpace] = field(default_factory=dict)
    read: int = 0

    def rehearse(self, progress: Callable[[Rehearsal], None] = lambda rehearsal: None) -> None:
        """Read the whole source and compare it with what is here."""
        for batch in _batches(self.source.items()):
            with organization_scope(self.organization):
                self._count(batch)
            self.read += len(batch)
            progress(self)

    def _count(self, batch: list[SourceItem]) -> None:
        self._count_people([item for item in batch if isinstance(item, SourcePerson)])
        for item in batch:
            if isinstance(item, SourceSpace):
                self._count_space(item)
        self._count_entries([item for item in batch if isinstance(item, SourceEntry)])

    def _count_people(self, batch: list[SourcePerson]) -> None:
        known = known_items(self.source.kind, [Kind.PERSON, Kind.MATCHED], [item.id for item in batch])
        fresh = [item for item in batch if item.id not in known]
        emails = {item.id: people.usable_email(item.email) for item in fresh}
        matched = people.people_by_confirmed_email([email for email in emails.values() if email])
        for item in fresh:
            self.counts["matched" if emails[item.id] in matched else "people"] += 1

    def _count_space(self, space: SourceSpace) -> None:
        is_new = not known_items(self.source.kind, [Kind.SPACE], [space.id])
        self.counts["spaces"] += is_new
        self.spaces[space.id] = PlannedSpace(
            name=space.name, privacy=str(space.privacy), members=len(space.members), is_new=is_new
        )

    def _count_entries(self, batch: list[SourceEntry]) -> None:
        known = known_items(self.source.kind, [Kind.ENTRY], [item.id for item in batch])
        for entry in batch:
            if found := known.get(entry.id):
                self.counts["known"] += 1
                self.counts["edits"] += found.digest != entry.digest()
                continue
            self.spaces[entry.space].entries += 1
            self.counts["comments" if entry.thread else "posts"] += 1
            self.counts["reactions"] += sum(len(reaction.people) for reaction in entry.reactions)
            self.counts["files"] += len(entry.files)


def _batches(items: Iterable[SourceItem]) -> Iterator[list[SourceItem]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
