"""Reads about articles: news pages, what is related, what is being written."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from parvis.articles.models import NewsEditor
from parvis.content.models import Entry, Hashtag
from parvis.content.queries import Page
from parvis.content.queries.streams import START
from parvis.foundation.pagination import Cursor
from parvis.people.models import Person
from parvis.spaces.models import Space

PAGE_SIZE = 12
RELATED = 3


def articles(viewer: Person, *, space: Space | None = None, cursor: str = "", limit: int = PAGE_SIZE) -> Page:
    """Return the articles that the viewer may read, of one space or of all, the newest first."""
    before_at, before_id = Cursor.read(cursor, default=START)
    found = _visible(viewer, space)
    found = found.filter(Q(published_at__lt=before_at) | Q(published_at=before_at, id__lt=before_id))
    rows = list(found.select_related("author", "space").order_by("-published_at", "-id")[: limit + 1])
    following = Cursor.write(rows[limit - 1].published_at, rows[limit - 1].id) if len(rows) > limit else ""
    return Page(entries=rows[:limit], next=following)


def pinned_articles(viewer: Person, space: Space) -> list[Entry]:
    """Return the articles that the hosts keep on top of a space's news."""
    pinned = _visible(viewer, space).filter(pinned_at__isnull=False)
    return list(pinned.select_related("author", "space").order_by("-pinned_at")[:3])


def related_articles(viewer: Person, entry: Entry, *, limit: int = RELATED) -> list[Entry]:
    """Return what else one may read: articles that share tags, then others of the space, the newest first."""
    keys = Hashtag.objects.filter(entry=entry).values("key")
    shared = (
        Hashtag.objects.filter(entry=OuterRef("pk"), key__in=keys)
        .order_by()
        .values("entry")
        .annotate(number=Count("id"))
        .values("number")
    )
    found: QuerySet[Any, Any] = _visible(viewer, None).exclude(pk=entry.pk)
    found = found.annotate(shared=Coalesce(Subquery(shared, output_field=IntegerField()), Value(0))).filter(
        Q(shared__gt=0) | Q(space_id=entry.space_id)
    )
    return list(found.select_related("author", "space").order_by("-shared", "-published_at")[:limit])


def news_editors() -> list[NewsEditor]:
    """Return who was named to write the organization's news."""
    return list(NewsEditor.objects.select_related("person").order_by("person__sort_name"))


def _visible(viewer: Person, space: Space | None) -> QuerySet[Entry]:
    found = Entry.objects.visible_to(viewer).filter(kind="article", thread__isnull=True)
    return found if space is None else found.filter(space=space)


def tags_of(entry: Entry) -> QuerySet[Hashtag, str]:
    """Return the names of an article's tags, in the order of its author."""
    return Hashtag.objects.filter(entry=entry, is_tag=True).order_by("id").values_list("name", flat=True)


def coauthors_of(entry: Entry) -> list[Person]:
    """Return who wrote an article with its author."""
    return list(
        Person.objects.filter(articles_with_others__entry=entry).order_by(F("articles_with_others__position"))
    )
