"""Streams of threads, newest activity first, paged by cursor: nothing repeats, nothing is skipped.

The home feed is the one raw SQL query of the house: it looks at the newest thread of each space by LATERAL, goes on
in those spaces alone that can fill the page, and merges them: what it costs does not grow with what was written.
`tests/content/test_streams.py` checks that it equals the plain ORM definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from parvis.content.models import Bookmark, Entry
from parvis.content.queries.glances import Glance, as_glances, at_a_glance, glances_of
from parvis.foundation.pagination import Cursor
from parvis.foundation.prepared import any_of, prepared
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space

PAGE_SIZE = 20

# Later than everything: the first page.
START = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True)
class Page:
    """One page of threads; `next` is the cursor of the following page, empty on the last one.

    A stream that was asked by a `glancer` holds glances for the cards of this person instead of entries.
    """

    entries: list[Entry] = field(default_factory=list)
    glances: list[Glance] = field(default_factory=list)
    next: str = ""


@dataclass(frozen=True)
class FeedFilter:
    """What the reader narrows the feed to; empty means everything."""

    space_kind: str = ""
    kind: str = ""
    with_files: bool = False


NO_FILTER = FeedFilter()

# State and nullness are literal, so that the partial indexes are used even by a generic plan.
LIVE_ROOT = "e.thread_id IS NULL AND e.state = 'published'"
BEFORE = "(e.activity_at, e.id) < (%(activity_at)s, %(id)s)"
NARROWED = """
    (%(kind)s = '' OR e.kind = %(kind)s)
    AND (NOT %(with_files)s OR EXISTS (SELECT 1 FROM content_attachment a WHERE a.entry_id = e.id))
"""
NEWEST_FIRST = "ORDER BY e.activity_at DESC, e.id DESC"
NEWEST = f"{NEWEST_FIRST} LIMIT %(limit)s"


def _newest_of(space: str, limit: str) -> str:
    return f"""
        SELECT e.id, e.activity_at FROM content_entry e
        WHERE e.space_id = {space} AND {LIVE_ROOT} AND {BEFORE} AND {NARROWED} {NEWEST_FIRST} LIMIT {limit}
    """


# A page of so many threads has them from as many spaces at most, and from those whose newest thread is newest:
# each space costs one look at its index, and only these more.
OF_SPACES = f"""
    SELECT newest.id, newest.activity_at
    FROM (
        SELECT s.id FROM unnest(%(spaces)s::uuid[]) AS s(id)
        CROSS JOIN LATERAL ({_newest_of("s.id", "1")}) AS head
        ORDER BY head.activity_at DESC, head.id DESC LIMIT %(limit)s
    ) AS lively
    CROSS JOIN LATERAL ({_newest_of("lively.id", "%(limit)s")}) AS newest
"""

# A page that joined spaces fill alone reaches no further back than its last thread: what is followed is not
# looked for beyond.
WITHIN_REACH = "e.activity_at >= (SELECT since FROM reach)"
FOLLOWABLE = f"e.space_id = ANY(%(readable)s) AND {LIVE_ROOT} AND {BEFORE} AND {WITHIN_REACH} AND {NARROWED}"

FOLLOWED = f"""
    SELECT e.id, e.activity_at FROM content_threadfollow f JOIN content_entry e ON e.id = f.thread_id
    WHERE f.person_id = %(viewer)s AND f.level = 'following' AND {FOLLOWABLE}
    UNION
    SELECT newest.id, newest.activity_at
    FROM people_personfollow f
    CROSS JOIN LATERAL (
        SELECT e.id, e.activity_at FROM content_entry e
        WHERE e.author_id = f.followed_id AND {FOLLOWABLE} {NEWEST}
    ) newest
    WHERE f.follower_id = %(viewer)s
"""

# What features add to *Mine*: the threads of what they let one follow.
_followed_elsewhere: list[str] = []


def add_to_mine(sql: str) -> None:
    """Let threads stand in *Mine* for a reason that a feature knows: a SELECT of `e.id, e.activity_at`.

    It may use `%(viewer)s` and must keep `FOLLOWABLE`, which narrows it to what the viewer may read.
    """
    _followed_elsewhere.append(sql)


JOINED_SPACES = "ARRAY(SELECT id FROM readable WHERE is_joined)"
READABLE_SPACES = "ARRAY(SELECT id FROM readable)"


def _mine() -> str:
    sources = " UNION ".join(["SELECT id, activity_at FROM joined", FOLLOWED, *_followed_elsewhere])
    return f"""
        joined AS MATERIALIZED (
            SELECT id, activity_at FROM ({OF_SPACES}) AS own ORDER BY activity_at DESC, id DESC LIMIT %(limit)s
        ), reach AS MATERIALIZED (
            SELECT CASE WHEN count(*) < %(limit)s THEN '-infinity' ELSE min(activity_at) END AS since FROM joined
        )
        SELECT id FROM ({sources}) AS merged
        ORDER BY activity_at DESC, id DESC LIMIT %(limit)s
    """.replace("%(spaces)s", JOINED_SPACES).replace("%(readable)s", READABLE_SPACES)


# A comment's topic brings its thread; comment and thread are of one space, and both must be there to be read.
OF_TOPIC = f"""
    SELECT DISTINCT e.id, e.activity_at
    FROM content_hashtag h
    JOIN content_entry used ON used.id = h.entry_id AND used.state = 'published'
    JOIN content_entry e ON e.id = coalesce(used.thread_id, used.id)
    WHERE h.organization_id = %(organization)s AND h.key = %(key)s
      AND e.space_id = ANY(%(readable)s) AND {LIVE_ROOT} AND {BEFORE} AND {NARROWED} {NEWEST}
"""

ALL_OF_SPACES = f"""
    SELECT id FROM ({OF_SPACES}) AS merged ORDER BY activity_at DESC, id DESC LIMIT %(limit)s
"""

ALL_OF_SPACE = f"SELECT id FROM ({_newest_of('%(space)s', '%(limit)s')}) AS found"


def mine_stream(
    viewer: Person,
    *,
    cursor: str = "",
    only: FeedFilter = NO_FILTER,
    limit: int = PAGE_SIZE,
    glancer: Person | None = None,
) -> Page:
    """Return the threads of the viewer's joined spaces, and those that they, or whose authors they, follow."""
    place = Cursor.read(cursor, default=START)
    kind = only.space_kind or None
    found = _mine_entries(viewer, *place, only.kind, only.with_files, kind, limit + 1, glancer)
    return _page_of(found, limit, glancer)


@prepared
def _mine_entries(
    viewer: Person,
    activity_at: datetime,
    id: UUID,
    kind: str,
    with_files: bool,
    space_kind: str | None,
    limit: int,
    glancer: Person | None,
) -> QuerySet[Any, Any]:
    spaces = Space.objects.readable_by(viewer)
    if space_kind is not None:
        spaces = spaces.filter(kind=space_kind)
    try:
        readable, parameters = _with_joined(viewer, spaces).query.sql_with_params()
    except EmptyResultSet:
        return Entry.objects.none()
    sql, values = _positional(
        _mine(),
        {
            "viewer": viewer.pk,
            "activity_at": activity_at,
            "id": id,
            "limit": limit,
            "kind": kind,
            "with_files": with_files,
        },
    )
    # The spaces are asked once, by the rule, and then named as often as the sources need them.
    found = f"WITH readable AS MATERIALIZED ({readable}), {sql}"
    return _newest_among(found, [*parameters, *values], glancer)


def everything_stream(
    viewer: Person | None,
    *,
    cursor: str = "",
    only: FeedFilter = NO_FILTER,
    limit: int = PAGE_SIZE,
    glancer: Person | None = None,
) -> Page:
    """Return all threads that the viewer may read."""
    if viewer is None:
        return Page()
    spaces = [space_id for space_id, _is_joined in _spaces_for(viewer, only)]
    return _page(ALL_OF_SPACES, cursor, only, limit, {"spaces": spaces}, glancer)


def topic_stream(
    viewer: Person, key: str, *, cursor: str = "", limit: int = PAGE_SIZE, glancer: Person | None = None
) -> Page:
    """Return the threads in which something that the viewer may read uses the topic."""
    extra = {
        "readable": [space_id for space_id, _is_joined in _readable_spaces(viewer)],
        "key": key,
        "organization": viewer.organization_id,
    }
    return _page(OF_TOPIC, cursor, NO_FILTER, limit, extra, glancer)


def space_stream(
    space: Space, *, cursor: str = "", limit: int = PAGE_SIZE, glancer: Person | None = None
) -> Page:
    """Return the threads of one space, which the caller looked up among the readable ones."""
    return _page(ALL_OF_SPACE, cursor, NO_FILTER, limit, {"space": space.id}, glancer)


def _spaces_for(viewer: Person, only: FeedFilter) -> list[tuple[UUID, bool]]:
    if only.space_kind:
        return list(_with_joined(viewer, Space.objects.readable_by(viewer).filter(kind=only.space_kind)))
    return _readable_spaces(viewer)


@prepared
def _readable_spaces(viewer: Person) -> QuerySet[Any, tuple[UUID, bool]]:
    return _with_joined(viewer, Space.objects.readable_by(viewer))


def _with_joined(viewer: Person, spaces: QuerySet[Space]) -> QuerySet[Any, tuple[UUID, bool]]:
    """Return the spaces' ids, and whether the viewer joined each."""
    joined = Membership.objects.filter(space=OuterRef("pk"), person=viewer)
    return spaces.annotate(is_joined=Exists(joined)).values_list("id", "is_joined")


def _page(
    sql: str, cursor: str, only: FeedFilter, limit: int, extra: dict[str, Any], glancer: Person | None
) -> Page:
    activity_at, last_id = Cursor.read(cursor, default=START)
    parameters: dict[str, Any] = {
        "activity_at": activity_at,
        "id": last_id,
        "limit": limit + 1,
        "kind": only.kind,
        "with_files": only.with_files,
        **extra,
    }
    positional, values = _positional(sql, parameters)
    return _page_of(_asking(positional)(glancer, *values), limit, glancer)


def _page_of(found: list[Any], limit: int, glancer: Person | None) -> Page:
    """Return a page of what was found, of which one more than its limit was asked for."""
    shown: list[Any] = as_glances(found[:limit]) if glancer is not None else found[:limit]
    following = Cursor.write(shown[-1].activity_at, shown[-1].id) if len(found) > limit else ""
    return Page(glances=shown, next=following) if glancer is not None else Page(shown, next=following)


@cache
def _asking(sql: str) -> Callable[..., list[Any]]:
    """Return the function that asks for the entries whose ids a statement finds."""

    @prepared
    def entries(glancer: Person | None, *values: Any) -> QuerySet[Any, Any]:
        return _newest_among(sql, list(values), glancer)

    return entries


_AMONG = "content_entry.id = ANY(ARRAY(SELECT id FROM ({}) AS found))"


def _newest_among(sql: str, values: list[Any], glancer: Person | None) -> QuerySet[Any, Any]:
    """Return the entries whose ids a statement finds, with author and space or at a glance, the newest activity first."""
    wanted = RawSQL(_AMONG.format(sql), values, output_field=BooleanField())  # noqa: S611 - constants
    found = Entry.objects.filter(Q(wanted)).order_by("-activity_at", "-id")
    return found.select_related("author", "space") if glancer is None else at_a_glance(found, glancer)


_NAMED = re.compile(r"%\((\w+)\)s")


def _positional(sql: str, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """Return a statement with its parameters by place instead of by name."""
    return _NAMED.sub("%s", sql), [values[name] for name in _NAMED.findall(sql)]


def in_order(ids: Iterable[UUID]) -> list[Entry]:
    """Return the entries of these ids, in their order, with author and space: one query."""
    wanted = list(ids)
    found = {entry.id: entry for entry in _entries(wanted)}
    return [found[id] for id in wanted if id in found]


@prepared
def _entries(ids: list[UUID]) -> QuerySet[Entry]:
    return Entry.objects.select_related("author", "space").filter(any_of("content_entry.id", ids))


def pinned_in(space: Space, *, glancer: Person) -> list[Glance]:
    """Return the entries that the hosts keep at the top, the latest pin first."""
    return as_glances(_pinned(space, glancer))


@prepared
def _pinned(space: Space, glancer: Person) -> QuerySet[Any, Any]:
    pinned = Entry.objects.filter(space=space, pinned_at__isnull=False, state=Entry.State.PUBLISHED)
    return at_a_glance(pinned, glancer).order_by("-pinned_at")[:5]


def bookmarked(
    viewer: Person, *, cursor: str = "", limit: int = PAGE_SIZE, glancer: Person | None = None
) -> Page:
    """Return what the viewer kept for later and may still read, the latest bookmark first."""
    before_at, before_id = Cursor.read(cursor, default=START)
    marks = (
        Bookmark.objects.filter(person=viewer, entry__in=Entry.objects.visible_to(viewer))
        .extra(
            where=["(content_bookmark.created_at, content_bookmark.id) < (%s, %s)"],
            params=[before_at, before_id],
        )
        .order_by("-created_at", "-id")
        .values_list("id", "entry_id", "created_at")[: limit + 1]
    )
    rows = list(marks)
    ids = [entry_id for _id, entry_id, _at in rows[:limit]]
    following = Cursor.write(rows[limit - 1][2], rows[limit - 1][0]) if len(rows) > limit else ""
    if glancer is not None:
        return Page(glances=glances_of(glancer, ids), next=following)
    return Page(in_order(ids), next=following)


def written_by(viewer: Person, author: Person, *, limit: int = PAGE_SIZE) -> list[Entry]:
    """Return somebody's newest entries, comments too, that the viewer may read."""
    entries = Entry.objects.visible_to(viewer).filter(author=author)
    return list(entries.select_related("author", "space").order_by("-id")[:limit])
