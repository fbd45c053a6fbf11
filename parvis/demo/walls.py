"""Write the conversations of the demo: entries with their past, marks, files and counters."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from parvis.content.hashtags import hashtags_of
from parvis.content.models import (
    Attachment,
    Bookmark,
    Entry,
    Hashtag,
    Mention,
    Reaction,
    Revision,
    ThreadFollow,
)
from parvis.content.rendering import Text, render_text
from parvis.demo import attachments
from parvis.demo.clock import CODE, schedule, unbroken, words_of
from parvis.demo.reading import MENTION, World
from parvis.demo.reading import Entry as Line
from parvis.foundation.files import store
from parvis.foundation.models import StoredFile
from parvis.foundation.richtext import mention_source
from parvis.people.models import Organization, Person
from parvis.spaces.models import Space


@dataclass(frozen=True, kw_only=True)
class Written:
    """A line of the files and the row that it became."""

    line: Line
    entry: Entry
    text: Text


def write_all(
    organization: Organization,
    world: World,
    people: dict[str, Person],
    spaces: dict[str, Space],
    *,
    now: datetime,
) -> list[Written]:
    """Write every entry at its time, with what belongs to it; return them in the order of the files."""
    times = schedule(world, now=now)
    rows: dict[int, Entry] = {}
    written: list[Written] = []
    for line in world.entries:
        entry, text = _entry(organization, world, line, people, spaces, rows, published=times[id(line)])
        rows[id(line)] = entry
        written.append(Written(line=line, entry=entry, text=text))
    _count(written, rows)
    reactions = list(_reactions(written, world, people, now=now))
    Entry.objects.bulk_create(item.entry for item in written)
    Reaction.objects.bulk_create(reactions)
    Mention.objects.bulk_create(
        Mention(entry=item.entry, person=person) for item in written for person in item.text.mentioned
    )
    Hashtag.objects.bulk_create(
        row for item in written for row in hashtags_of(item.entry, item.text.hashtags)
    )
    Revision.objects.bulk_create(_revisions(written, people))
    Bookmark.objects.bulk_create(
        Bookmark(entry=item.entry, person=people[key], created_at=_soon_after(item, now=now))
        for item in written
        for key in item.line.saved_by
    )
    ThreadFollow.objects.bulk_create(_follows(written, rows))
    _attach(written, now=now)
    return written


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of that moment, so that ids sort as the entries do."""
    milliseconds = int(moment.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def _entry(
    organization: Organization,
    world: World,
    line: Line,
    people: dict[str, Person],
    spaces: dict[str, Space],
    rows: dict[int, Entry],
    *,
    published: datetime,
) -> tuple[Entry, Text]:
    space, parent = spaces[line.space], rows[id(line.parent)] if line.parent else None
    title, body = words_of(line, published=published, timezone=world.people[line.author].timezone)
    text = render_text(
        organization=organization, space=space, title=title, body=_with_mentions(body, world, people)
    )
    entry = Entry(
        id=id_at(published),
        space=space,
        author=people[line.author],
        kind="comment" if parent else "post",
        thread_id=(parent.thread_id or parent.id) if parent else None,
        reply_to_id=parent.id if parent else None,
        title=title,
        body=text.body,
        body_html=text.html,
        body_text=text.text,
        render_version=text.render_version,
        version=1 + len(line.edits),
        published_at=published,
        created_at=published,
        activity_at=published,
        edited_at=published + timedelta(minutes=line.edits[-1].minutes) if line.edits else None,
        pinned_at=published if line.pinned else None,
    )
    return entry, text


def _with_mentions(body: str, world: World, people: dict[str, Person]) -> str:
    """Turn @gerard into the product's own way to write a mention; code is left alone."""

    def mention(found: re.Match[str]) -> str:
        role = world.person(found["key"])
        return mention_source("person", people[role.key].id, role.name)

    parts = CODE.split(body)
    return "".join(part if index % 2 else MENTION.sub(mention, part) for index, part in enumerate(parts))


def _count(written: list[Written], rows: dict[int, Entry]) -> None:
    """A reply counts for the root of its thread, and moves its activity."""
    roots = {item.entry.id: item.entry for item in written if item.entry.thread_id is None}
    for item in written:
        if item.entry.thread_id is not None:
            root = roots[item.entry.thread_id]
            root.reply_count += 1
            root.activity_at = max(root.activity_at, item.entry.published_at)


def _reactions(
    written: list[Written], world: World, people: dict[str, Person], *, now: datetime
) -> Iterator[Reaction]:
    """Named people first, then others of the space, some seconds to two days after."""
    for item in written:
        dice = random.Random(item.line.place)  # noqa: S311
        age = (now - item.entry.published_at).total_seconds()
        for reaction in item.line.reactions:
            named = list(reaction.people)
            members = world.spaces[item.line.space].members
            others = [key for key in members if key != item.line.author and key not in named]
            for key in (*named, *dice.sample(others, reaction.count)):
                after = min(dice.expovariate(1 / 9000), age * dice.uniform(0.1, 0.9))
                item.entry.reaction_count += 1
                yield Reaction(
                    entry=item.entry,
                    person=people[key],
                    emoji=reaction.emoji,
                    created_at=item.entry.published_at + timedelta(seconds=after),
                )


def _revisions(written: list[Written], people: dict[str, Person]) -> Iterator[Revision]:
    """What an edited entry said before, the latest edit undone first."""
    for item in written:
        body = item.entry.body
        edits = list(enumerate(item.line.edits, start=1))
        for version, edit in reversed(edits):
            body = body.replace(unbroken(edit.after), unbroken(edit.before)).replace(edit.after, edit.before)
            earlier = item.line.edits[version - 2].minutes if version > 1 else 0
            yield Revision(
                entry=item.entry,
                version=version,
                title=item.entry.title,
                body=body,
                editor=people[item.line.author],
                written_at=item.entry.published_at + timedelta(minutes=earlier),
            )


def _soon_after(item: Written, *, now: datetime) -> datetime:
    return item.entry.published_at + (now - item.entry.published_at) * 0.4


def _follows(written: list[Written], rows: dict[int, Entry]) -> Iterator[ThreadFollow]:
    """Whoever takes part follows, from then on."""
    seen: set[tuple[UUID, UUID]] = set()
    for item in sorted(written, key=lambda each: each.entry.published_at):
        key = (item.entry.thread_id or item.entry.id, item.entry.author_id)
        if key not in seen:
            seen.add(key)
            yield ThreadFollow(thread_id=key[0], person_id=key[1], created_at=item.entry.published_at)


def _attach(written: list[Written], *, now: datetime) -> None:
    rows = []
    for item in written:
        for position, (name, caption) in enumerate(item.line.files):
            content = attachments.make(name, now=now)
            file = store(BytesIO(content), name=name, created_by_id=item.entry.author_id)
            rows.append(
                Attachment(
                    entry=item.entry,
                    file=file,
                    name=name,
                    alternative_text=caption,
                    poster=_poster_of(name, item.entry.author_id),
                    position=position,
                )
            )
    Attachment.objects.bulk_create(rows)


def _poster_of(name: str, author_id: UUID) -> StoredFile | None:
    make = attachments.POSTERS.get(name)
    return store(BytesIO(make()), name=f"{name}.png", created_by_id=author_id) if make else None
