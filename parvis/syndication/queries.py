"""What a feed shows whom: the rights of the moment, asked at each reading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.content.models import Entry, Hashtag
from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable
from parvis.syndication.models import FeedAddress

ITEMS = 30


@dataclass(frozen=True)
class Subject:
    """What a feed is about: a space, a topic by its key, or, with neither, the organization's news."""

    space: Space | None = None
    topic: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed as somebody may read it now."""

    subject: Subject
    name: str
    entries: list[Entry] = field(default_factory=list)


def address_of(secret: str) -> FeedAddress:
    """Return the open address of a secret whose person is still here; `NotFound` for any other."""
    found = (
        FeedAddress.objects.filter(token_hash=hash_of(secret), revoked_at__isnull=True)
        .filter(person__state=Person.State.ACTIVE)
        .select_related("person", "person__organization", "space")
        .first()
    )
    if found is None:
        raise NotFound
    address: FeedAddress = found
    return address


def addresses_of(person: Person) -> QuerySet[FeedAddress]:
    """Return somebody's open addresses, the newest first."""
    addresses: QuerySet[FeedAddress] = FeedAddress.objects.filter(person=person, revoked_at__isnull=True)
    return addresses.select_related("space").order_by("-created_at")


def readable_subject(viewer: Person, *, space_id: UUID | None = None, topic: str = "") -> Subject:
    """Return what somebody may have a feed of; `NotFound` for a space that they may not read."""
    if space_id is None:
        return Subject(topic=topic)
    return Subject(space=find_readable(viewer, space_id))


def feed_for(viewer: Person, subject: Subject, *, limit: int = ITEMS) -> Feed:
    """Return the newest entries of a feed that the viewer may read; `NotFound` when it is theirs no longer."""
    if subject.space is not None:
        # Asked again: membership may have ended since the address was made.
        subject = readable_subject(viewer, space_id=subject.space.pk)
    shown = _entries(viewer, subject)
    newest = shown.select_related("author", "space", "thread").order_by("-published_at", "-id")
    return Feed(subject=subject, name=name_of(viewer, subject), entries=list(newest[:limit]))


def _entries(viewer: Person, subject: Subject) -> QuerySet[Entry]:
    visible = Entry.objects.visible_to(viewer)
    if subject.space is not None:
        return visible.filter(space=subject.space, thread__isnull=True)
    if subject.topic:
        return visible.filter(id__in=Hashtag.objects.filter(key=subject.topic).values("entry_id"))
    return visible.filter(space__is_everyone=True, kind="article", thread__isnull=True)


def name_of(viewer: Person, subject: Subject) -> str:
    """Return what a feed is called."""
    if subject.space is not None:
        return subject.space.name
    if subject.topic:
        return f"#{subject.topic}"
    return _("News of %(name)s") % {"name": viewer.organization.name}


def hash_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
