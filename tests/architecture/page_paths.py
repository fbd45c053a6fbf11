"""The read paths that go through a browser: whole pages and fragments, asked for as a signed-in person."""

from __future__ import annotations

import re
from contextlib import suppress
from uuid import UUID

from django.test import Client
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from tests.architecture.read_paths import reads_entries, reads_spaces
from tests.world import World, sign_in

SHOWN = re.compile(r'id="entry-([0-9a-f-]{36})"')


def shown_on(world: World, viewer: Person, *paths: str) -> set[UUID]:
    """Return the entries that these pages show; tombstones, whose text is gone, are told apart."""
    if viewer.identity_id is None:
        return set()
    client = Client(SERVER_NAME="localhost")
    sign_in(client, viewer)
    found: set[str] = set()
    for path in paths:
        answer = client.get(f"/o/{world.organization.slug}{path}", follow=True)
        found.update(SHOWN.findall(answer.content.decode()))
    tombstones = set(Entry.objects.filter(state=Entry.State.DELETED).values_list("id", flat=True))
    return {UUID(id) for id in found} - tombstones


def of_each_entry(world: World, pattern: str) -> list[str]:
    """Return an address for each entry that the tests know by name."""
    return [pattern.format(id=entry.id) for entry in world.entries.values()]


@reads_entries("the pages of home")
def _home(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, "/", "/all", "/?shown=200", "/all?part=stream&shown=200")


@reads_entries("the page of a topic")
def _topics(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, "/topics/walrus?shown=200")


@reads_entries("the pages of spaces")
def _spaces(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, *(f"/spaces/{space.id}" for space in world.spaces.values()))


@reads_entries("the page of a thread", is_complete=True)
def _threads(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, *of_each_entry(world, "/entries/{id}"))


@reads_entries("the card of an entry", is_complete=True)
def _cards(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, *of_each_entry(world, "/entries/{id}/card?place=thread"))


@reads_entries("the comments of a thread")
def _comments(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, *of_each_entry(world, "/entries/{id}/comments"))


@reads_entries("the comments of a thread as a conversation")
def _conversations(world: World, viewer: Person) -> set[UUID]:
    return shown_on(world, viewer, *of_each_entry(world, "/entries/{id}/conversation"))


@reads_spaces("reporting a space")
def _reports(world: World, viewer: Person) -> set[UUID]:
    if viewer.identity_id is None:
        return set()
    client = Client(SERVER_NAME="localhost")
    sign_in(client, viewer)
    of = "/o/{0}/moderation/spaces/{1}/report".format
    pages = {space.id: client.get(of(world.organization.slug, space.id)) for space in world.spaces.values()}
    return {id for id, page in pages.items() if page.status_code == 200}


@reads_entries("announcements: for me, sent, progress, evidence, the part of a card")
def _announcements(world: World, viewer: Person) -> set[UUID]:
    from parvis.announcements.models import Announcement, Recipient
    from parvis.announcements.queries import find_announcement, followed, received, to_acknowledge

    for entry in Entry.objects.filter(thread__isnull=True):
        # As if each had been an announcement that everybody got while they could read it.
        told = {"asks": True, "asked_version": 1, "asked_at": timezone.now(), "ends_at": timezone.now()}
        announcement, _new = Announcement.objects.get_or_create(entry=entry, defaults=told)
        for person in Person.objects.all():
            Recipient.objects.get_or_create(announcement=announcement, person=person)
    found = {one.entry_id for one in (*to_acknowledge(viewer), *received(viewer), *followed(viewer))}
    for entry in world.entries.values():
        with suppress(NotFound):
            found.add(find_announcement(viewer, entry.id).entry_id)
    return found
