"""From a source's stream to staged rows: in batches of one short transaction each, in constant memory.

Nothing that is written here can be seen before `publish` (actions.py); a process killed on the way leaves
only invisible rows, which the next run removes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from parvis.chat import staging as chat
from parvis.content import staging as content
from parvis.content.staging import EntryDraft
from parvis.foundation import files
from parvis.foundation.errors import DomainError
from parvis.foundation.richtext import mention_source
from parvis.foundation.tenancy import new_id, organization_scope
from parvis.imports import markdown
from parvis.imports.choice import Choice
from parvis.imports.conversations import Conversations
from parvis.imports.models import ImportedItem, ImportRun
from parvis.imports.provenance import Known, id_at, known_items, remember
from parvis.imports.source import (
    Privacy,
    Reference,
    RefersTo,
    Source,
    SourceEntry,
    SourceFile,
    SourceItem,
    SourcePerson,
    SourceRoom,
    SourceSpace,
)
from parvis.people import staging as people
from parvis.people.models import Organization
from parvis.people.staging import PersonDraft
from parvis.spaces import staging as spaces
from parvis.spaces.staging import SpaceDraft

BATCH = 400
COUNTED_AT_ONCE = 5_000
# Links to what came later are written again at the end; more of them than this keep their old address.
LATE_LINKS = 20_000

Kind = ImportedItem.Kind
Progress = Callable[["Stager"], None]


class Stopped(Exception):
    """An administrator stopped the run while it was being read."""


@dataclass
class Stager:
    """Stages one archive. People and spaces are few and kept in memory; entries are looked up as needed."""

    organization: Organization
    run: ImportRun
    source: Source
    choice: Choice = field(default_factory=Choice)
    counts: Counter[str] = field(default_factory=Counter)
    read: int = 0
    conversations: Conversations = field(init=False)
    _people: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    _robots: set[str] = field(default_factory=set)
    _emails: dict[str, UUID] = field(default_factory=dict)
    _names: dict[UUID, str] = field(default_factory=dict)
    _spaces: dict[str, SourceSpace] = field(default_factory=dict)
    _space_ids: dict[str, UUID] = field(default_factory=dict)
    _new_spaces: set[UUID] = field(default_factory=set)
    _members: dict[str, frozenset[UUID]] = field(default_factory=dict)
    _late: list[tuple[UUID, SourceEntry]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversations = Conversations(self)

    def stage(self, progress: Progress) -> None:
        """Read the whole source and write what is new."""
        for batch in _batches(self.source.items()):
            with organization_scope(self.organization):
                self._write(batch)
                self._beat()
            progress(self)
        with organization_scope(self.organization):
            self._write_late_links()
            for name in self.choice.unknown(self._spaces.values()):
                self.source.left_out.add("chat-unknown-channel", name)
            self._beat()
        for some in self._portions_of_entries():
            with organization_scope(self.organization):
                content.count_unseen_replies(some)
                self._beat()
            progress(self)

    def _portions_of_entries(self) -> Iterator[list[UUID]]:
        with organization_scope(self.organization):
            ours = ImportedItem.objects.filter(run=self.run, kind=Kind.ENTRY)
            ids = list(ours.values_list("object_id", flat=True))
        for start in range(0, len(ids), COUNTED_AT_ONCE):
            yield ids[start : start + COUNTED_AT_ONCE]

    def _beat(self) -> None:
        self.run.items_read, self.run.heartbeat_at = self.read, timezone.now()
        self.run.counts = dict(self.counts)
        reading = ImportRun.objects.filter(pk=self.run.pk, state=ImportRun.State.READING)
        if not reading.update(
            items_read=self.run.items_read, heartbeat_at=self.run.heartbeat_at, counts=self.run.counts
        ):
            raise Stopped

    def _write(self, batch: list[SourceItem]) -> None:
        self.read += len(batch)
        first = batch[0]
        if isinstance(first, SourcePerson):
            self._write_people([item for item in batch if isinstance(item, SourcePerson)])
        elif isinstance(first, SourceSpace):
            for item in batch:
                self._write_space(item) if isinstance(item, SourceSpace) else None
        elif isinstance(first, SourceRoom):
            self.conversations.write_rooms([item for item in batch if isinstance(item, SourceRoom)])
        else:
            entries = [item for item in batch if isinstance(item, SourceEntry)]
            self._write_entries([entry for entry in entries if not self.conversations.has(entry)])
            self.conversations.write([entry for entry in entries if self.conversations.has(entry)])

    # People

    def _write_people(self, batch: list[SourcePerson]) -> None:
        known = known_items(self.source.kind, [Kind.PERSON, Kind.MATCHED], [person.id for person in batch])
        fresh = {person.id: person for person in batch if person.id not in known}
        emails = {person.id: people.usable_email(person.email) for person in fresh.values()}
        self._emails |= people.people_by_confirmed_email([email for email in emails.values() if email])
        taken = people.people_by_email([email for email in emails.values() if email])
        drafts, items = [], []
        for person in batch:
            self._robots.update({person.id} if person.is_bot else ())
            if found := known.get(person.id):
                self._meet(person, found.object_id)
                continue
            email = emails[person.id]
            if email and email in self._emails:
                self._meet(person, self._emails[email])
                items.append(self.item(Kind.MATCHED, person.id, self._emails[email]))
                self.counts["matched"] += 1
                continue
            if email in taken:
                self.source.left_out.add("person-unconfirmed", person.name)
                email = ""
            id = new_id()
            self._meet(person, id)
            self._emails |= {email: id} if email else {}
            drafts.append(
                PersonDraft(
                    id=id, full_name=person.name, job_title=person.headline, time_zone=person.timezone
                )
            )
            items.append(self.item(Kind.PERSON, person.id, id, pending={"email": email} if email else None))
            self.counts["people"] += 1
        people.stage_people(drafts)
        remember(self.run, items)

    def _meet(self, person: SourcePerson, id: UUID) -> None:
        self._people[person.id] = (id, person.name)
        self._names.setdefault(id, person.name)

    def item(self, kind: str, source_id: str, object_id: UUID, **more: object) -> ImportedItem:
        """Return where a row came from, to be remembered."""
        return ImportedItem(
            run=self.run,
            source=self.source.kind,
            kind=kind,
            source_id=source_id[:700],
            object_id=object_id,
            **more,
        )

    # Spaces

    def _write_space(self, space: SourceSpace) -> None:
        members = self.people_among(space.members)
        self._spaces[space.id] = space
        self._members[space.id] = frozenset(members)
        named = [str(member) for member in members]
        known = known_items(self.source.kind, [Kind.SPACE], [space.id]).get(space.id)
        if known:
            self._space_ids[space.id] = known.object_id
            # They come in when the run is published, not before.
            pending = {"run": str(self.run.id), "members": named}
            ImportedItem.objects.filter(id=known.item_id).update(pending=pending)
            self.conversations.go_on(space)
            return
        creator = self.person(space.creator)
        host = creator if creator in members else next(iter(members), None)
        id = self._space_ids[space.id] = new_id()
        self._new_spaces.add(id)
        spaces.stage_spaces(
            [
                SpaceDraft(
                    id=id,
                    name=space.name,
                    privacy=str(space.privacy),
                    description=space.objective,
                    created_by=creator,
                    created_at=space.created,
                    members=members,
                    hosts=frozenset({host} if host else ()),
                )
            ]
        )
        waiting: dict[str, object] | None = {"archived": True} if space.is_archived else None
        remember(self.run, [self.item(Kind.SPACE, space.id, id, pending=waiting, members=named)])
        self.counts["spaces"] += 1
        if self.choice.is_chat(space):
            self.conversations.begin(space, id, members, host)

    def person(self, source_id: str) -> UUID | None:
        """Return who somebody of the source is here."""
        return self._people.get(source_id, (None, ""))[0]

    def people_among(self, source_ids: Iterable[str]) -> tuple[UUID, ...]:
        """Return who these people of the source are here, robots apart."""
        known = (name for name in source_ids if name in self._people and name not in self._robots)
        return tuple(dict.fromkeys(self._people[name][0] for name in known))

    # Entries

    def _write_entries(self, batch: list[SourceEntry]) -> None:
        if not batch:
            return
        wanted = wanted_by(batch)
        self.conversations.look_up(wanted)
        known = known_items(self.source.kind, [Kind.ENTRY, Kind.ALIAS], wanted)
        # An entry of its own counts before the alias of an absent one: same id, looked up last.
        known |= known_items(self.source.kind, [Kind.ENTRY], wanted)
        places = content.positions_of([item.object_id for item in known.values()])
        drafts: list[EntryDraft] = []
        items: list[ImportedItem] = []
        for entry in batch:
            found = known.get(entry.id)
            # What was deleted or erased here since does not come back.
            if found and not self._is_alias(found, entry, items):
                self.note_edit(entry, found, self.body(entry, known))
                continue
            draft, item = self._draft(entry, known, places)
            known[entry.id] = Known(object_id=draft.id, digest=item.digest, item_id=item.id)
            places[draft.id] = content.Position(
                space_id=draft.space_id, thread_id=draft.thread_id or draft.id
            )
            items.append(item)
            if entry.thread and entry.thread not in known:
                known[entry.thread] = known[entry.id]
                items.append(self.item(Kind.ALIAS, entry.thread, draft.id))
            drafts.append(draft)
        content.stage_entries(drafts, slug=self.organization.slug)
        remember(self.run, items)

    def _is_alias(self, found: Known, entry: SourceEntry, items: list[ImportedItem]) -> bool:
        """Tell whether only an answer stood for this message, which now comes itself."""
        staged = any(item.kind == Kind.ALIAS and item.source_id == entry.id for item in items)
        return staged or not found.digest

    def _draft(
        self, entry: SourceEntry, known: dict[str, Known], places: dict[UUID, content.Position]
    ) -> tuple[EntryDraft, ImportedItem]:
        id, space_id = id_at(entry.created), self._space_ids[entry.space]
        thread = places.get(known[entry.thread].object_id) if entry.thread in known else None
        if thread is not None and thread.space_id != space_id:
            thread = None
        reply_to = known[entry.reply_to].object_id if entry.reply_to in known else None
        if reply_to is not None and (thread is None or places.get(reply_to) != thread):
            reply_to = None
        self.counts["comments" if thread else "posts"] += 1
        self.remember_late(entry, id, known)
        draft = EntryDraft(
            id=id,
            space_id=space_id,
            is_in_staged_space=space_id in self._new_spaces,
            author_id=self._people[entry.author][0],
            title=entry.title if thread is None else "",
            body=self.body(entry, known),
            published_at=entry.created,
            edited_at=entry.edited,
            is_pinned=entry.is_pinned,
            thread_id=thread.thread_id if thread else None,
            reply_to_id=reply_to,
            name_of=self.naming(entry.space),
            reactions=tuple(self.reactions(entry)),
            files=tuple(self.files(entry.files)),
        )
        return draft, self.item(Kind.ENTRY, entry.id, id, digest=entry.digest())

    def reactions(self, entry: SourceEntry) -> Iterator[tuple[UUID, str]]:
        """Yield who reacted here, and how."""
        for reaction in entry.reactions:
            for person in dict.fromkeys(
                self._people[name][0] for name in reaction.people if name in self._people
            ):
                self.counts["reactions"] += 1
                yield person, reaction.emoji

    def files(self, carried: Iterable[SourceFile]) -> Iterator[tuple[UUID, str]]:
        """Keep what the archive carries; yield the files and their names."""
        for file in carried:
            limit, quota = self.organization.upload_limit_bytes, self.organization.storage_limit_bytes
            try:
                with file.open() as stream:
                    stored = files.store(stream, name=file.name, limit_bytes=limit, quota_bytes=quota)
            except DomainError:
                self.source.left_out.add("file-over-limit", file.name)
                continue
            self.counts["files"] += 1
            yield stored.id, file.name

    def naming(self, space: str) -> content.Naming:
        """Return whom a text in this space may mention: those who can read it once they are here."""
        if self._spaces[space].privacy is Privacy.OPEN:
            return self._names.get
        return self.naming_among(self._members[space])

    def naming_among(self, members: Collection[UUID]) -> content.Naming:
        """Return whom a text may mention that these people alone read."""
        return lambda person: self._names.get(person) if person in members else None

    # What a text refers to

    def body(self, entry: SourceEntry, known: dict[str, Known]) -> str:
        """Return the Markdown in which every reference leads to what it has become."""
        prefix = f"/o/{self.organization.slug}"

        def written(reference: Reference) -> str:
            if reference.kind is RefersTo.PERSON and reference.id in self._people:
                id, name = self._people[reference.id]
                return mention_source("person", id, name)
            if reference.kind is RefersTo.SPACE and reference.id in self._space_ids:
                id = self._space_ids[reference.id]
                return f"[{markdown.escape(f'#{reference.label}')}]({prefix}/spaces/{id})"
            if reference.kind is RefersTo.ENTRY and reference.id in known:
                path = f"{prefix}/entries/{known[reference.id].object_id}"
                return f"[{markdown.escape(reference.label or '↪')}]({path})"
            if reference.kind is RefersTo.ENTRY and (path := self.conversations.path_of(reference.id)):
                return f"[{markdown.escape(reference.label or '↪')}]({prefix}{path})"
            if reference.url:
                return markdown.link(reference.url, reference.label)
            return markdown.escape(f"{'#' if reference.kind is RefersTo.SPACE else '@'}{reference.label}")

        return entry.written(written)

    def remember_late(self, entry: SourceEntry, id: UUID, known: dict[str, Known]) -> None:
        """Keep a text that links to what has not come yet."""
        is_late = any(
            (
                reference.kind is RefersTo.ENTRY
                and reference.id not in known
                and not self.conversations.path_of(reference.id)
            )
            or (reference.kind is RefersTo.SPACE and reference.id not in self._space_ids)
            for reference in entry.references
        )
        if is_late and len(self._late) < LATE_LINKS:
            self._late.append((id, entry))

    def _write_late_links(self) -> None:
        for id, entry in self._late:
            names = [reference.id for reference in entry.references if reference.kind is RefersTo.ENTRY]
            known = known_items(self.source.kind, [Kind.ENTRY], names)
            self.conversations.look_up(names)
            body, is_message = self.body(entry, known), self.conversations.has(entry)
            rewrite = chat.rewrite_staged if is_message else content.rewrite_staged
            naming = self.conversations.naming(entry) if is_message else self.naming(entry.space)
            rewrite(id, body, naming, slug=self.organization.slug)

    def note_edit(self, entry: SourceEntry, found: Known, body: str) -> None:
        """Keep a text that changed at the source until the run is published."""
        self.counts["known"] += 1
        digest = entry.digest()
        if found.digest == digest:
            return
        pending = {
            "run": str(self.run.id),
            "title": entry.title,
            "body": body,
            "edited": entry.edited.isoformat() if entry.edited else None,
            "digest": digest,
        }
        ImportedItem.objects.filter(id=found.item_id).update(pending=pending)
        self.counts["edits"] += 1


def wanted_by(entries: Collection[SourceEntry]) -> set[str]:
    """Return the ids of all that these entries are, hang on and link to."""
    wanted = {name for entry in entries for name in (entry.id, entry.thread, entry.reply_to) if name}
    wanted.update(
        reference.id
        for entry in entries
        for reference in entry.references
        if reference.kind is RefersTo.ENTRY
    )
    return wanted


def _batches(items: Iterable[SourceItem]) -> Iterator[list[SourceItem]]:
    """Yield runs of items of one type, none longer than a batch."""
    batch: list[SourceItem] = []
    for item in items:
        if batch and (len(batch) >= BATCH or type(item) is not type(batch[0])):
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch
