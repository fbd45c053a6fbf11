"""Every way to read an entry or a space. A new read path must join this list, or the matrix test fails.

Each path takes the world and a viewer and returns the ids it reveals.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from parvis.content import queries
from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.queries import discoverable_spaces, my_spaces, readable_space_ids, readers_of
from tests.api.directly import read_directly
from tests.world import World, ids

EntryPath = Callable[[World, Person], set[UUID]]
ENTRY_PATHS: dict[str, EntryPath] = {}
SPACE_PATHS: dict[str, EntryPath] = {}
# Paths that show all that the viewer may read; the others show a part of it and must never show more.
COMPLETE: set[str] = set()


def reads_entries(name: str, *, is_complete: bool = False) -> Callable[[EntryPath], EntryPath]:
    """Add a path that reveals entries."""

    def add(path: EntryPath) -> EntryPath:
        ENTRY_PATHS[name] = path
        if is_complete:
            COMPLETE.add(name)
        return path

    return add


def reads_spaces(name: str) -> Callable[[EntryPath], EntryPath]:
    """Add a path that reveals spaces."""

    def add(path: EntryPath) -> EntryPath:
        SPACE_PATHS[name] = path
        return path

    return add


@reads_entries("Entry.objects.visible_to", is_complete=True)
def _visible(world: World, viewer: Person) -> set[UUID]:
    return ids(Entry.objects.visible_to(viewer))


@reads_entries("all that I may read")
def _everything(world: World, viewer: Person) -> set[UUID]:
    return ids(queries.everything_stream(viewer, limit=1000).entries)


@reads_entries("mine")
def _mine(world: World, viewer: Person) -> set[UUID]:
    return ids(queries.mine_stream(viewer, limit=1000).entries)


@reads_entries("all that I may read and mine, at a glance")
def _glances(world: World, viewer: Person) -> set[UUID]:
    streams = (queries.everything_stream, queries.mine_stream)
    return {glance.id for stream in streams for glance in stream(viewer, limit=1000, glancer=viewer).glances}


@reads_entries("entries glanced at before, and their cards", is_complete=True)
def _glanced_at(world: World, viewer: Person) -> set[UUID]:
    every = [entry.id for entry in world.entries.values()]
    glances = queries.glances_of(viewer, every)
    assert ids(glances) == ids(queries.find_all_visible(viewer, every))
    return ids(glances)


@reads_entries("one entry by its id", is_complete=True)
def _by_id(world: World, viewer: Person) -> set[UUID]:
    found = set()
    for entry in world.entries.values():
        try:
            found.add(queries.find_visible(viewer, entry.id).id)
        except NotFound:
            continue
    return found


@reads_entries("API past Django: one entry, its thread", is_complete=True)
def _direct_entries(world: World, viewer: Person) -> set[UUID]:
    found = set()
    for entry in world.entries.values():
        shown = read_directly(world, viewer, f"/entries/{entry.id}")
        found |= {UUID(shown["id"])} if shown is not None else set()
        thread = read_directly(world, viewer, f"/entries/{entry.id}/thread?limit=100")
        for row in [thread["root"], *thread["items"]] if thread is not None else []:
            found |= {UUID(row["id"])} if row["state"] == "published" else set()
    return found


@reads_entries("API past Django: feeds and spaces")
def _direct_streams(world: World, viewer: Person) -> set[UUID]:
    spaces = [f"/spaces/{space.id}/entries?limit=100" for space in world.spaces.values()]
    pages = [read_directly(world, viewer, path) for path in ("/feed", "/feed?scope=all&limit=100", *spaces)]
    return {UUID(row["id"]) for page in pages if page is not None for row in page["items"]}


@reads_entries("threads")
def _threads(world: World, viewer: Person) -> set[UUID]:
    roots = [entry for entry in world.entries.values() if entry.thread_id is None]
    # A tombstone has no text; it is told apart here because it stays to hold the replies.
    shown = [reply for root in roots for reply in queries.thread_of(viewer, root)[0]]
    assert not [
        reply for reply in shown if reply.is_deleted and (reply.body or reply.body_html or reply.body_text)
    ]
    return ids(reply for reply in shown if not reply.is_deleted)


@reads_entries("what somebody wrote")
def _written(world: World, viewer: Person) -> set[UUID]:
    authors = list(Person.objects.all())
    return {entry.id for author in authors for entry in queries.written_by(viewer, author, limit=1000)}


@reads_entries("bookmarks")
def _bookmarks(world: World, viewer: Person) -> set[UUID]:
    from parvis.content.models import Bookmark

    if viewer.organization_id == world.organization.id:
        for entry in Entry.objects.all():
            # As if they had been kept while they could be read.
            Bookmark.objects.get_or_create(person=viewer, entry=entry)
    return ids(queries.bookmarked(viewer, limit=1000).entries)


@reads_entries("the audience of an entry", is_complete=True)
def _audience(world: World, viewer: Person) -> set[UUID]:
    return {
        entry.id for entry in Entry.objects.all() if queries.audience_of(entry).filter(pk=viewer.pk).exists()
    }


@reads_entries("the threads about a topic", is_complete=False)
def _topic(world: World, viewer: Person) -> set[UUID]:
    return ids(queries.topic_stream(viewer, "walrus", limit=1000).entries)


@reads_spaces("Space.objects.readable_by")
def _readable(world: World, viewer: Person) -> set[UUID]:
    return ids(Space.objects.readable_by(viewer))


@reads_spaces("live streams")
def _live(world: World, viewer: Person) -> set[UUID]:
    return set(readable_space_ids(viewer))


@reads_spaces("the readers of a space")
def _readers(world: World, viewer: Person) -> set[UUID]:
    return {space.id for space in Space.objects.all() if readers_of(space).filter(pk=viewer.pk).exists()}


@reads_spaces("my spaces")
def _my_spaces(world: World, viewer: Person) -> set[UUID]:
    return ids(my_spaces(viewer))


@reads_spaces("spaces to discover")
def _discoverable(world: World, viewer: Person) -> set[UUID]:
    return ids(discoverable_spaces(viewer))


@reads_spaces("suggested spaces")
def _suggested(world: World, viewer: Person) -> set[UUID]:
    from parvis.suggestions.queries import suggested_spaces

    return {item.space.id for item in suggested_spaces(viewer, limit=1000)}


@reads_entries("search", is_complete=True)
def _search(world: World, viewer: Person) -> set[UUID]:
    from parvis.search.index import index_all
    from parvis.search.queries import find_entries

    # As if every entry had been indexed while it was published.
    index_all()
    return ids(find_entries(viewer, "walrus", limit=1000))


@reads_entries("notifications")
def _notifications(world: World, viewer: Person) -> set[UUID]:
    from parvis.notifications.actions import notify
    from parvis.notifications.queries import inbox, unread_count

    if viewer.organization_id != world.organization.id:
        return ids(line.notification.entry for line in inbox(viewer, limit=1000)[0])
    for entry in Entry.objects.all():
        # As if the person had been told while they could read it.
        notify(
            recipients=[viewer.id], subject=f"x:{entry.id}", reason="reply", actor_id=None, entry_id=entry.id
        )
    lines = inbox(viewer, limit=1000)[0]
    assert unread_count(viewer) == len([line for line in lines if line.notification.is_unread])
    return ids(line.notification.entry for line in lines if line.notification.entry)


@reads_entries("calls on devices")
def _calls(world: World, viewer: Person) -> set[UUID]:
    from parvis.notifications.models import Notification
    from parvis.notifications.queries import unread_lines_of
    from parvis.push.messages import message_of

    _notifications(world, viewer)
    lines = unread_lines_of([viewer], most=1000)[0]
    waiting = message_of(viewer, lines).payload["waiting"] if lines else []
    told = Notification.objects.filter(id__in=waiting, entry__isnull=False)
    return {line.notification.entry_id for line in lines if line.notification.entry_id} | set(
        told.values_list("entry_id", flat=True)
    )


@reads_entries("the counts of a search", is_complete=True)
def _counted(world: World, viewer: Person) -> set[UUID]:
    from parvis.search.index import index_all
    from parvis.search.queries import Wish, search

    index_all()
    found = search(viewer, Wish(text="walrus"), limit=1000, facets=True)
    shown = ids(hit.entry for hit in found.entries)
    assert found.counts["entries"] == found.total == len(shown) == sum(count for _id, count in found.spaces)
    return shown


@reads_entries("search in files", is_complete=True)
def _search_files(world: World, viewer: Person) -> set[UUID]:
    from io import BytesIO

    from parvis.content.models import Attachment
    from parvis.foundation.files import store
    from parvis.search.files import read_files, unread_attachments
    from parvis.search.index import index_all
    from parvis.search.queries import Wish, search

    if viewer.organization_id == world.organization.id:
        file = store(BytesIO(b"The barnacle report"), name="notes.txt")
        for entry in Entry.objects.all():
            Attachment.objects.create(entry=entry, file=file, name="notes.txt", position=19)
    read_files(unread_attachments())
    index_all()
    if viewer.organization_id != world.organization.id:
        assert not search(viewer, Wish(text="barnacle", segment="files"), limit=1000).entries
        return ids(Entry.objects.visible_to(viewer))
    return ids(
        hit.entry for hit in search(viewer, Wish(text="barnacles", segment="files"), limit=1000).entries
    )


@reads_entries("search suggestions")
def _suggested(world: World, viewer: Person) -> set[UUID]:
    from parvis.search.index import index_all
    from parvis.search.queries import suggest

    index_all()
    words = ["walr", *(f"news of {name}" for name in world.spaces), *STATE_WORDS]
    return {entry.id for word in words for entry in suggest(viewer, word).entries}


STATE_WORDS = ("deleted", "hidden", "staged", "draft", "scheduled")


@reads_spaces("search for spaces")
def _search_spaces(world: World, viewer: Person) -> set[UUID]:
    from parvis.search.actions import index_organization
    from parvis.search.queries import Wish, search, suggest

    index_organization()
    names = [space.name for space in world.spaces.values()]
    found = {
        space.id
        for name in names
        for space in search(viewer, Wish(text=name, segment="spaces"), limit=100).named["spaces"]
    }
    suggested = {
        thing.id for name in names for source, thing in suggest(viewer, name).named if source.kind == "space"
    }
    return found | suggested


@reads_entries("feeds of spaces and topics")
def _feeds(world: World, viewer: Person) -> set[UUID]:
    from parvis.syndication.queries import Subject, feed_for

    shown: set[UUID] = ids(feed_for(viewer, Subject(topic="walrus"), limit=1000).entries)
    for space in world.spaces.values():
        try:
            shown |= ids(feed_for(viewer, Subject(space=space), limit=1000).entries)
        except NotFound:
            continue
    return shown


@reads_entries("what cites an entry, and the originals that are shared")
def _citations(world: World, viewer: Person) -> set[UUID]:
    from parvis.citations.models import Citation
    from parvis.citations.queries import citing, shown_originals

    here = [entry for entry in Entry.objects.all() if entry.organization_id == world.organization.id]
    pairs = [(one, other) for one in here for other in here[:3] if one != other]
    Citation.objects.bulk_create(
        [Citation(entry=one, cited=other) for one, other in pairs], ignore_conflicts=True
    )
    # As if one post shared everything.
    Citation.objects.bulk_create(
        [Citation(entry=here[0], cited=other, is_cross_post=True) for other in here[1:]],
        ignore_conflicts=True,
    )
    shared = {UUID(row.details["id"]) for row in shown_originals(viewer, [here[0].id])} if here else set()
    return shared | {row.entry_id for row in citing(viewer, [one.id for one in here], limit=1000)}


@reads_entries("mails about notifications")
def _mailed(world: World, viewer: Person) -> set[UUID]:
    """Lines about everything, as if each had been readable once; what the letter leads to or says."""
    from parvis.mail.out.quotes import quotes_of
    from parvis.notifications.models import Notification
    from parvis.notifications.queries import unread_lines_of

    if viewer.organization_id != world.organization.id:
        return set()
    Notification.objects.filter(person=viewer).delete()
    for entry in world.entries.values():
        if entry.organization_id == viewer.organization_id:
            told = {"entry_ids": [entry.id], "entry": entry, "reason": "mention"}
            Notification.objects.create(person=viewer, subject=f"thread:{entry.id}", **told)
    lines = unread_lines_of([viewer], most=1000)[0]
    [quotes] = quotes_of([(viewer, lines)])
    return {line.notification.entry_id for line in lines if quotes[line.notification.subject]}


@reads_entries("the digest")
def _digest(world: World, viewer: Person) -> set[UUID]:
    from datetime import timedelta

    from parvis.mail.out.digests import Reader, new_posts

    now = timezone.now()
    [posts] = new_posts([Reader(viewer, now - timedelta(days=9), "weekly", is_own_choice=False)], until=now)
    return ids(posts)
