"""Entries that an import brings: written in bulk, invisible, and published in one short transaction.

In a space that the same import brings, entries are written as they will be: nobody reads a staged space, so
that publishing the space publishes them all. Only what comes into a space that is here already is staged row
by row (docs/adr/0019). No event per row, no notification, no mail: what follows from an import hears one
`ImportPublished`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.content.events import EntryEdited
from parvis.content.hashtags import hashtags_of, use_topics
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
from parvis.content.rendering import BODY_LIMIT, TITLE_LIMIT, emoji_pictures, topic_address
from parvis.foundation.events import record
from parvis.foundation.richtext import (
    RENDER_VERSION,
    EmojiTarget,
    MentionTarget,
    Rendered,
    clean_text,
    mentions_in,
    render,
    unknown_codes,
)
from parvis.foundation.richtext import Mention as Mentioned
from parvis.spaces.models import Space
from parvis.spaces.queries import readers_of

# A few ids, or a query for many: as many parameters as an import has entries would be too many.
Ids = Collection[UUID] | QuerySet[Any, Any]

# Whom a text may mention: a name for those who can read the space once they are here, nothing for others.
Naming = Callable[[UUID], str | None]


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """An entry to be; a comment when it has a thread."""

    id: UUID
    space_id: UUID
    author_id: UUID
    body: str
    published_at: datetime
    name_of: Naming
    title: str = ""
    # Nobody reads its space yet: the entry needs no hiding of its own.
    is_in_staged_space: bool = False
    thread_id: UUID | None = None
    reply_to_id: UUID | None = None
    edited_at: datetime | None = None
    is_pinned: bool = False
    reactions: tuple[tuple[UUID, str], ...] = ()
    files: tuple[tuple[UUID, str], ...] = ()


def stage_entries(drafts: Sequence[EntryDraft], *, slug: str) -> None:
    """Write entries that nobody can see yet, with their reactions, mentions, files and followers."""
    pictures = emoji_pictures(slug, set().union(*(unknown_codes(draft.body) for draft in drafts)))
    rendered = [rendered_as_imported(draft.body, draft.name_of, slug, pictures) for draft in drafts]
    pairs = list(zip(drafts, rendered, strict=True))
    Entry.objects.bulk_create((_entry(draft, text) for draft, text in pairs), batch_size=500)
    _bulk(Reaction, chain.from_iterable(_reactions(draft) for draft in drafts))
    _bulk(Attachment, chain.from_iterable(_attachments(draft) for draft in drafts))
    _bulk(
        Mention,
        (
            Mention(entry_id=draft.id, person_id=person)
            for draft, text in pairs
            for person in dict.fromkeys(text.mentioned_people)
            if draft.name_of(person)
        ),
    )
    _bulk(
        Hashtag,
        (
            row
            for draft, text in pairs
            for row in hashtags_of(
                Entry(id=draft.id, published_at=draft.published_at), text.hashtags_as_written
            )
        ),
    )
    _bulk(
        ThreadFollow,
        (
            ThreadFollow(thread_id=thread, person_id=person)
            for thread, person in dict.fromkeys(
                (draft.thread_id or draft.id, draft.author_id) for draft in drafts
            )
        ),
    )


def _bulk(model: type, rows: Iterable[object]) -> None:
    model.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)  # type: ignore[attr-defined]


def rendered_as_imported(
    body: str, name_of: Naming, slug: str, pictures: Mapping[str, EmojiTarget]
) -> Rendered:
    """Return a text as it is shown, with links to those only whom it may mention."""

    def target(mention: Mentioned) -> MentionTarget | None:
        name = name_of(mention.id) if mention.kind == "person" else None
        return MentionTarget(href=f"/o/{slug}/people/{mention.id}", name=name) if name else None

    return render(
        clean_text(body)[:BODY_LIMIT],
        resolve_mention=target,
        resolve_hashtag=lambda name: topic_address(slug, name),
        resolve_emoji=pictures.get,
    )


def _entry(draft: EntryDraft, text: Rendered) -> Entry:
    return Entry(
        id=draft.id,
        space_id=draft.space_id,
        author_id=draft.author_id,
        kind="comment" if draft.thread_id else "post",
        thread_id=draft.thread_id,
        reply_to_id=draft.reply_to_id or draft.thread_id,
        state=Entry.State.PUBLISHED if draft.is_in_staged_space else Entry.State.STAGED,
        title=clean_text(" ".join(draft.title.split()))[:TITLE_LIMIT],
        body=clean_text(draft.body)[:BODY_LIMIT],
        body_html=text.html,
        body_text=text.text,
        render_version=RENDER_VERSION,
        reaction_count=len(draft.reactions),
        published_at=draft.published_at,
        created_at=draft.published_at,
        activity_at=draft.published_at,
        edited_at=draft.edited_at,
        pinned_at=draft.published_at if draft.is_pinned and not draft.thread_id else None,
    )


def _reactions(draft: EntryDraft) -> Iterable[Reaction]:
    for person, emoji in draft.reactions:
        # As old as what it answers, so that reactions given here since can be told from it.
        yield Reaction(entry_id=draft.id, person_id=person, emoji=emoji[:64], created_at=draft.published_at)


def _attachments(draft: EntryDraft) -> Iterable[Attachment]:
    for position, (file, name) in enumerate(draft.files):
        yield Attachment(entry_id=draft.id, file_id=file, name=name[:255], position=position)


def rewrite_staged(entry_id: UUID, body: str, name_of: Naming, *, slug: str) -> None:
    """Write a staged entry's text again, when what it links to has come in meanwhile."""
    text = rendered_as_imported(body, name_of, slug, emoji_pictures(slug, unknown_codes(body)))
    _unseen().filter(id=entry_id).update(
        body=clean_text(body)[:BODY_LIMIT], body_html=text.html, body_text=text.text
    )
    if text.hashtags_as_written:
        use_topics(Entry.objects.get(id=entry_id), text.hashtags_as_written)


def apply_source_edit(
    entry_id: UUID, *, title: str, body: str, edited_at: datetime | None, slug: str
) -> bool:
    """Change an imported entry as its source did, keeping what it said; not if it was edited or deleted here."""
    entry = Entry.objects.select_for_update().filter(id=entry_id).first()
    if (
        entry is None
        or entry.state != Entry.State.PUBLISHED
        or entry.revisions.filter(editor__isnull=False).exists()
    ):
        return False
    Revision.objects.create(
        entry=entry,
        version=entry.version,
        title=entry.title,
        body=entry.body,
        editor=None,
        written_at=entry.edited_at or entry.published_at,
    )
    pictures = emoji_pictures(slug, unknown_codes(body))
    text = rendered_as_imported(body, _readers_names(entry, body), slug, pictures)
    entry.title, entry.body = title[:TITLE_LIMIT] or entry.title, clean_text(body)[:BODY_LIMIT]
    entry.body_html, entry.body_text = text.html, text.text
    entry.version, entry.edited_at = entry.version + 1, edited_at or timezone.now()
    entry.save(update_fields=["title", "body", "body_html", "body_text", "version", "edited_at"])
    use_topics(entry, text.hashtags_as_written)
    record(
        EntryEdited(
            entry_id=entry.id, space_id=entry.space_id, thread_id=entry.root_id, version=entry.version
        )
    )
    return True


def _readers_names(entry: Entry, body: str) -> Naming:
    ids = [mention.id for mention in mentions_in(body) if mention.kind == "person"]
    names = dict(readers_of(entry.space).filter(id__in=ids).values_list("id", "full_name")) if ids else {}
    return names.get


def _unseen() -> QuerySet[Entry]:
    unseen: QuerySet[Entry] = Entry.objects.filter(
        Q(state=Entry.State.STAGED) | Q(space__state=Space.State.STAGED)
    )
    return unseen


def staged_among(ids: Ids) -> list[UUID]:
    """Return which of these entries are staged one by one, because their space is here already."""
    return list(Entry.objects.filter(id__in=ids, state=Entry.State.STAGED).values_list("id", flat=True))


def publish_entries(ids: Ids) -> None:
    """Let entries that are staged one by one be seen."""
    Entry.objects.filter(id__in=ids, state=Entry.State.STAGED).update(state=Entry.State.PUBLISHED)


def lock_entries(ids: Collection[UUID]) -> None:
    """Wait for whoever is answering these entries, and let nobody else begin."""
    list(Entry.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))


def remove_entries(ids: Ids, *, only_unseen: bool) -> None:
    """Remove imported entries and all that hangs on them."""
    doomed = (_unseen() if only_unseen else Entry.objects.all()).filter(id__in=ids)
    # Answers first: Django would otherwise fetch them one thread at a time.
    doomed.filter(thread__isnull=False).delete()
    doomed.all().delete()


def threads_of(ids: Ids) -> set[UUID]:
    """Return the roots of the threads that these comments are in."""
    found = (
        Entry.objects.filter(id__in=ids, thread__isnull=False).order_by().values_list("thread_id", flat=True)
    )
    return set(found.distinct())


_COUNT_REPLIES = """
UPDATE content_entry AS root SET reply_count = replies.number, activity_at = greatest(root.published_at, replies.last)
FROM (SELECT roots.id AS thread_id, count(reply.id) AS number, max(reply.published_at) AS last
      FROM unnest(%s::uuid[]) AS roots (id)
      LEFT JOIN content_entry AS reply ON reply.thread_id = roots.id AND reply.state = ANY(%s)
      GROUP BY roots.id) AS replies
WHERE root.id = replies.thread_id
"""


def count_replies(roots: Collection[UUID]) -> None:
    """Count the replies of threads anew after a change in bulk, and date their last activity."""
    _count(roots, [Entry.State.PUBLISHED])


def count_unseen_replies(ids: Ids) -> None:
    """Count the replies of the threads that these unseen entries start; those who read others see no change."""
    roots = _unseen().filter(id__in=ids, thread__isnull=True)
    _count(list(roots.values_list("id", flat=True)), [Entry.State.PUBLISHED, Entry.State.STAGED])


def _count(roots: Collection[UUID], states: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_REPLIES, [list(roots), [str(state) for state in states]])


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where an entry stands."""

    space_id: UUID
    thread_id: UUID


def positions_of(ids: Ids) -> dict[UUID, Position]:
    """Return where entries stand, to put answers below them."""
    rows = Entry.objects.filter(id__in=ids).values_list("id", "space_id", "thread_id")
    return {id: Position(space_id=space, thread_id=thread or id) for id, space, thread in rows}


def touched_since(ids: Ids, *, since: datetime, ours: Ids | None = None) -> set[UUID]:
    """Return which of these entries members have added something to, and what these stand under.

    `ours` are all entries of the import, when `ids` are a portion of them. Added: a reply, a reaction, an edit, a bookmark, a pin, or a decision of the moderators.
    """
    ids_here = set(ids)
    touched = set(
        Entry.objects.filter(id__in=ids)
        .filter(Q(state=Entry.State.HIDDEN) | Q(pinned_at__gte=since))
        .values_list("id", flat=True)
    )
    for model in (Reaction, Bookmark):
        marks = model.objects.filter(entry__in=ids, created_at__gte=since)
        touched.update(marks.values_list("entry_id", flat=True))
    edits = Revision.objects.filter(entry__in=ids, editor__isnull=False)
    touched.update(edits.exclude(entry__state=Entry.State.DELETED).values_list("entry_id", flat=True))
    answers = Entry.objects.filter(Q(thread__in=ids) | Q(reply_to__in=ids))
    others = answers.exclude(id__in=ids if ours is None else ours)
    for thread, reply_to in others.exclude(state=Entry.State.DELETED).values_list("thread_id", "reply_to_id"):
        touched.update({thread, reply_to} & ids_here)
    return _with_ancestors(touched, ids_here)


def _with_ancestors(touched: set[UUID], ours: set[UUID]) -> set[UUID]:
    kept: set[UUID] = set()
    while touched:
        kept |= touched
        above = Entry.objects.filter(id__in=touched).values_list("thread_id", "reply_to_id")
        touched = (set(chain.from_iterable(above)) & ours) - kept
    return kept


def spaces_of(ids: Ids) -> set[UUID]:
    """Return the spaces in which these entries are."""
    return set(Entry.objects.filter(id__in=ids).order_by().values_list("space_id", flat=True).distinct())


def spaces_with_others(space_ids: Ids, *, than: Ids) -> set[UUID]:
    """Return which of these spaces hold entries other than the ones named."""
    others = Entry.objects.filter(space__in=space_ids).exclude(id__in=than)
    return set(others.order_by().values_list("space_id", flat=True).distinct())


def stand_for(person_id: UUID, other_id: UUID) -> None:
    """Give an imported person's entries to the one who they turned out to be."""
    Entry.objects.filter(author_id=person_id).update(author_id=other_id)
    for model in (Reaction, Mention, ThreadFollow):
        _give(model, person_id, other_id)


def _give(model: type[Reaction | Mention | ThreadFollow], person_id: UUID, other_id: UUID) -> None:
    name = "thread_id" if model is ThreadFollow else "entry_id"
    theirs = model.objects.filter(person_id=other_id).values(name)
    model.objects.filter(person_id=person_id).exclude(**{f"{name}__in": theirs}).update(person_id=other_id)
    model.objects.filter(person_id=person_id).delete()


def people_with_traces(ids: Ids) -> set[UUID]:
    """Return who of these people wrote, reacted or is mentioned somewhere."""
    traces: set[UUID] = set(
        Entry.objects.filter(author__in=ids).order_by().values_list("author_id", flat=True).distinct()
    )
    for model in (Reaction, Mention):
        traces.update(
            model.objects.filter(person__in=ids).order_by().values_list("person_id", flat=True).distinct()
        )
    return traces
