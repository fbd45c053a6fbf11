"""One entry, its thread, its past, and everybody who can read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from parvis.content.models import Attachment, Entry, Reaction, Revision, ThreadFollow
from parvis.foundation.errors import NotFound
from parvis.foundation.models import StoredFile
from parvis.foundation.pagination import Cursor, Place
from parvis.foundation.prepared import any_of, prepared
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.queries import readers_of

THREAD_PAGE = 200


def find_visible(viewer: Person | None, entry_id: UUID) -> Entry:
    """Return an entry that the viewer may read; `NotFound`, whether it is absent or not theirs to see."""
    entry = _visible.first(viewer, entry_id)
    if entry is None:
        raise NotFound
    return entry


@prepared
def _visible(viewer: Person | None, entry_id: UUID) -> QuerySet[Entry]:
    return Entry.objects.visible_to(viewer).select_related("author", "space").filter(pk=entry_id)


def find_all_visible(viewer: Person, ids: Sequence[UUID]) -> list[Entry]:
    """Return those of these entries that the viewer may read, in whatever order."""
    return _all_visible(viewer, list(ids)) if ids else []


@prepared
def _all_visible(viewer: Person, ids: list[UUID]) -> QuerySet[Entry]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.select_related("author", "space")


@prepared
def published(entry_id: UUID) -> QuerySet[Entry]:
    """Return an entry that is published, in a list, for handlers of events: who may read it is theirs to ask."""
    found = Entry.objects.filter(pk=entry_id, state=Entry.State.PUBLISHED)
    return found.select_related("author__organization", "space")


def find_legible(viewer: Person | None, entry_id: UUID) -> Entry:
    """Return an entry that the viewer may read, or its tombstone: what a thread may begin with."""
    entry = _legible.first(viewer, entry_id)
    if entry is None:
        raise NotFound
    return entry


@prepared
def _legible(viewer: Person | None, entry_id: UUID) -> QuerySet[Entry]:
    return Entry.objects.legible_to(viewer).select_related("author", "space").filter(pk=entry_id)


def find_unpublished(viewer: Person | None, entry_id: UUID) -> Entry:
    """Return a draft or scheduled entry that the viewer works on; `NotFound` otherwise."""
    waiting = Entry.objects.unpublished_for(viewer).select_related("author", "space")
    entry = waiting.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


def unpublished(viewer: Person, *, kind: str = "", space: Space | None = None) -> QuerySet[Entry]:
    """Return the drafts and scheduled entries that the viewer works on, the next to be published first."""
    waiting = Entry.objects.unpublished_for(viewer).select_related("author", "space")
    if kind:
        waiting = waiting.filter(kind=kind)
    if space is not None:
        waiting = waiting.filter(space=space)
    return waiting.order_by(F("publish_at").asc(nulls_last=True), "-id")


def reactions_to(entry: Entry) -> QuerySet[Reaction]:
    """Return who reacted to a visible entry, and how, oldest first."""
    return Reaction.objects.filter(entry=entry).select_related("person").order_by("created_at")


def thread_of(
    viewer: Person, root: Entry, *, cursor: str = "", limit: int = THREAD_PAGE
) -> tuple[list[Entry], str]:
    """Return the replies to a visible root in the server's order, tombstones included, and the next cursor."""
    if cursor:
        after = Cursor.read(cursor)
        place = "(content_entry.published_at, content_entry.id) > (%s, %s)"
        later = _replies(viewer, root.root_id).extra(where=[place], params=list(after))  # noqa: S610 - a constant
        rows = list(later[: limit + 1])
    else:
        rows = _first_replies(viewer, root.root_id, limit + 1)
    following = Cursor.write(rows[limit - 1].published_at, rows[limit - 1].id) if len(rows) > limit else ""
    return rows[:limit], following


def _replies(viewer: Person, thread_id: UUID) -> QuerySet[Entry]:
    replies = Entry.objects.legible_to(viewer).filter(thread_id=thread_id)
    return replies.select_related("author", "space").order_by("published_at", "id")


@prepared
def _first_replies(viewer: Person, thread_id: UUID, count: int) -> QuerySet[Entry]:
    return _replies(viewer, thread_id)[:count]


@prepared
def _newest_replies(viewer: Person, thread_id: UUID, count: int) -> QuerySet[Entry]:
    return _replies(viewer, thread_id).order_by("-published_at", "-id")[:count]


@dataclass(frozen=True)
class ThreadPage:
    """Some comments in the server's order, and the cursors of what is before and after them, empty at the ends."""

    comments: list[Entry]
    earlier: str
    later: str
    # How many of them come before their place, only because later ones answer them.
    answered: int = 0


def thread_page(
    viewer: Person, root: Entry, *, before: str = "", after: str = "", around: Entry | None = None
) -> ThreadPage:
    """Return the newest comments of a root, or those beside a cursor or around one of them, tombstones included.

    What they answer comes along, from however early in the thread: a comment is never shown without it.
    """
    newer = _replies(viewer, root.root_id)
    older = newer.order_by("-published_at", "-id")
    if around is not None:
        place = around.published_at, around.id
        early, has_earlier = _some(_before(older, place), THREAD_PAGE // 2)
        late, has_later = _some(_behind(newer, place), THREAD_PAGE // 2)
        late.insert(0, around)
    elif after:
        early, has_earlier = [], True
        late, has_later = _some(_behind(newer, Cursor.read(after)), THREAD_PAGE)
    else:
        early, has_earlier = (
            _some(_before(older, Cursor.read(before)), THREAD_PAGE)
            if before
            else _some(_newest_replies(viewer, root.root_id, THREAD_PAGE + 1), THREAD_PAGE)
        )
        late, has_later = [], bool(before)
    rows = [*reversed(early), *late]
    answered = _answered_by(viewer, root, rows) if has_earlier else []
    return ThreadPage(
        [*answered, *rows],
        earlier=_cursor_of(rows[0]) if has_earlier and rows else "",
        later=_cursor_of(rows[-1]) if has_later and rows else "",
        answered=len(answered),
    )


def branch_of(viewer: Person, comment: Entry) -> list[Entry]:
    """Return a visible comment's branch: from the comment of the root that it hangs below, all that hangs there."""
    assert comment.thread is not None
    parents = _parents(viewer, comment.thread)
    top = comment.id
    while (above := parents.get(top)) is not None and above in parents:
        top = above
    below = {top}
    # Parents come before what answers them.
    for id, parent_id in parents.items():
        if parent_id in below:
            below.add(id)
    return list(_replies(viewer, comment.root_id).filter(id__in=below))


def _before(comments: QuerySet[Entry], place: Place) -> QuerySet[Entry]:
    at, id = place
    return comments.filter(Q(published_at__lt=at) | Q(published_at=at, id__lt=id))


def _behind(comments: QuerySet[Entry], place: Place) -> QuerySet[Entry]:
    at, id = place
    return comments.filter(Q(published_at__gt=at) | Q(published_at=at, id__gt=id))


def _some(comments: QuerySet[Entry] | list[Entry], count: int) -> tuple[list[Entry], bool]:
    """Return so many, and whether there are more."""
    rows = list(comments[: count + 1])
    return rows[:count], len(rows) > count


def _cursor_of(entry: Entry) -> str:
    return Cursor.write(entry.published_at, entry.id)


def _answered_by(viewer: Person, root: Entry, rows: list[Entry]) -> list[Entry]:
    """Return what these comments answer, and what that answers, as far as it is not among them."""
    parents = _parents(viewer, root)
    shown = {row.id for row in rows}
    found: set[UUID] = set()
    waiting = [row.reply_to_id for row in rows]
    while waiting:
        id = waiting.pop()
        if id in parents and id not in shown and id not in found:
            found.add(id)
            waiting.append(parents[id])
    return list(_replies(viewer, root.root_id).filter(id__in=found))


def _parents(viewer: Person, root: Entry) -> dict[UUID, UUID | None]:
    """Return what each legible comment of a thread answers, in the server's order: two ids a comment, no text."""
    comments = Entry.objects.legible_to(viewer).filter(thread_id=root.root_id).order_by("published_at", "id")
    return dict(comments.values_list("id", "reply_to_id"))


def history_of(entry: Entry) -> QuerySet[Revision]:
    """Return what a visible entry said before, newest first."""
    return Revision.objects.filter(entry=entry).select_related("editor").order_by("-version")


def audience_of(entry: Entry) -> QuerySet[Person]:
    """Return everybody who can read a published entry: mentions, notifications and streams reach nobody else."""
    if entry.state != Entry.State.PUBLISHED:
        return Person.objects.none()
    return readers_of(entry.space)


def thread_members(thread_id: UUID) -> QuerySet[ThreadFollow]:
    """Return who hears of a thread; muted ones are not among them."""
    return ThreadFollow.objects.filter(thread_id=thread_id, level=ThreadFollow.Level.FOLLOWING)


def find_readable_file(viewer: Person, file_id: UUID) -> StoredFile:
    """Return one's own upload, or a file that something readable attaches; `NotFound` otherwise."""
    file: StoredFile | None = StoredFile.objects.filter(pk=file_id).first()
    if file is None or (file.created_by_id != viewer.id and not file_visible_to(viewer, file.id)):
        raise NotFound
    return file


def file_visible_to(viewer: Person | None, file_id: UUID) -> bool:
    """Tell whether something that the viewer may read, or works on, attaches the file: the only way to read one."""
    return _attached_to_entries(viewer, file_id) or any(shows(viewer, file_id) for shows in _shown_elsewhere)


# (viewer, file) -> whether something that is no entry, and that the viewer may read, attaches the file.
FileRule = Callable[[Person | None, UUID], bool]
_shown_elsewhere: list[FileRule] = []


def shows_files(rule: FileRule) -> FileRule:
    """Register where files are shown beside entries: a feature's own rule of who reads it."""
    _shown_elsewhere.append(rule)
    return rule


def _attached_to_entries(viewer: Person | None, file_id: UUID) -> bool:
    attached = Attachment.objects.filter(Q(file_id=file_id) | Q(poster_id=file_id) | Q(captions_id=file_id))
    return (
        attached.filter(entry__in=Entry.objects.visible_to(viewer)).exists()
        or attached.filter(entry__in=Entry.objects.unpublished_for(viewer)).exists()
    )
