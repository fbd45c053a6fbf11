"""Reads about topics. Each counts and names only what the viewer may read: unknown and hidden look alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, F, Max, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.content.models import Entry, Hashtag
from parvis.foundation.prepared import prepared
from parvis.foundation.richtext import hashtag_key
from parvis.people.models import Person
from parvis.topics.models import TopicFollow

LATELY = timedelta(days=7)
LISTED = 300
SUGGESTED = 8
FEW = 8


@dataclass(frozen=True)
class Topic:
    """A topic as one viewer knows it."""

    key: str
    # As somebody first wrote it where the viewer may read.
    name: str
    thread_count: int = 0
    is_followed: bool = False


def find_topic(viewer: Person, name: str) -> Topic:
    """Return a topic by its name or key; one that the viewer can read nothing about counts nothing."""
    key = hashtag_key(name)
    found = next(iter(_topics(_visible(viewer).filter(key=key), limit=1)), None)
    follow = TopicFollow.objects.filter(person=viewer, key=key).first()
    if found is None:
        return Topic(key=key, name=follow.name if follow else name, is_followed=follow is not None)
    return Topic(key=key, name=found.name, thread_count=found.thread_count, is_followed=follow is not None)


def topics(viewer: Person, *, search: str = "", limit: int = LISTED) -> list[Topic]:
    """Return the topics that the viewer reads about, the most used first."""
    key = hashtag_key(search.strip().lstrip("#"))
    return _read(_called(viewer, key, limit) if key else _grouped(_visible(viewer), limit=limit))


@prepared
def _called(viewer: Person, key: str, limit: int) -> QuerySet[Any, Any]:
    says = RawSQL("strpos(content_hashtag.key, %s) > 0", [key], output_field=BooleanField())
    return _grouped(_visible(viewer).filter(says), limit=limit)


def lively_topics(viewer: Person, *, limit: int = FEW) -> list[Topic]:
    """Return what was written about most in the last seven days, where the viewer reads."""
    return _topics(_visible(viewer).filter(used_at__gte=timezone.now() - LATELY), limit=limit)


def suggested_topics(viewer: Person, text: str, *, limit: int = SUGGESTED) -> list[Topic]:
    """Return the topics that begin like this, for whoever is typing one."""
    return _topics(_visible(viewer).filter(key__startswith=hashtag_key(text)), limit=limit)


def related_topics(viewer: Person, key: str, *, limit: int = FEW) -> list[Topic]:
    """Return what else the entries about a topic are about."""
    entries = _visible(viewer).filter(key=key).order_by("-used_at").values("entry_id")[:500]
    return _topics(_visible(viewer).filter(entry__in=entries).exclude(key=key), limit=limit)


def followed_topics(viewer: Person) -> list[TopicFollow]:
    """Return the topics that the viewer follows, by name."""
    return list(TopicFollow.objects.filter(person=viewer).order_by("key"))


def writers_about(viewer: Person, key: str, *, limit: int = FEW) -> list[Person]:
    """Return who wrote about a topic where the viewer reads, the latest first."""
    rows = (
        _visible(viewer)
        .filter(key=key, entry__author__state=Person.State.ACTIVE)
        .values("entry__author_id")
        .annotate(latest=Max("used_at"))
        .order_by("-latest")
        .values_list("entry__author_id", flat=True)[:limit]
    )
    order = list(rows)
    people = Person.objects.select_related("unit", "picture").in_bulk(order)
    return [people[id] for id in order if id in people]


def _visible(viewer: Person) -> QuerySet[Hashtag]:
    uses: QuerySet[Hashtag] = Hashtag.objects.filter(entry__in=Entry.objects.visible_to(viewer))
    return uses


def _topics(uses: QuerySet[Hashtag], *, limit: int) -> list[Topic]:
    return _read(_grouped(uses, limit=limit))


def _read(rows: Iterable[Any]) -> list[Topic]:
    return [Topic(key=key, name=names[0], thread_count=threads) for key, names, threads in rows]


def _grouped(uses: QuerySet[Hashtag], *, limit: int) -> QuerySet[Any, Any]:
    """Group uses by topic. Threads are counted, since a long talk about one thing is one thing."""
    grouped: Any = (
        uses.order_by()
        .values("key")
        .annotate(
            threads=Count(Coalesce(F("entry__thread_id"), F("entry_id")), distinct=True),
            first_name=ArrayAgg("name", order_by=("used_at", "entry_id")),
            latest=Max("used_at"),
        )
        .order_by("-threads", "-latest", "key")
        .values_list("key", "first_name", "threads")[:limit]
    )
    return cast("QuerySet[Any, Any]", grouped)


def with_follows(viewer: Person, found: Collection[Topic]) -> list[Topic]:
    """Mark which of these the viewer follows."""
    keys = {follow.key for follow in followed_topics(viewer)}
    return [Topic(one.key, one.name, one.thread_count, one.key in keys) for one in found]
