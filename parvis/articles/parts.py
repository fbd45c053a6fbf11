"""An article's card: cover, title and standfirst in a feed, the whole text on its own page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from markupsafe import Markup

from parvis.articles.models import Article, Coauthor
from parvis.content.models import Attachment, Entry, Hashtag
from parvis.content.parts import Part, register
from parvis.foundation.addresses import reverse, url_or_none
from parvis.people.models import Person

WORDS_A_MINUTE = 220
# What our own sanitiser writes.
HEADING = re.compile(r"(</?h)([1-6])>")


@dataclass(frozen=True)
class ArticleFace:
    """What an article shows beside its title and text."""

    standfirst: str
    cover_id: str
    cover_url: str
    cover_thumbnail_url: str
    cover_alternative: str
    cover_width: int | None
    cover_height: int | None
    reading_minutes: int
    tags: list[dict[str, Any]]
    coauthors: list[dict[str, Any]]
    related_url: str
    news_url: str
    body_html: Markup

    def without_cover(self, images: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the other pictures: the cover stands above the text."""
        return [image for image in images if str(image["id"]) != self.cover_id]


def details_of(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return what stands beside these entries, which the caller looked up among the visible ones."""
    cover = Attachment.objects.filter(entry_id=OuterRef("entry_id"), file_id=OuterRef("cover_id"))
    tags = Hashtag.objects.filter(entry_id=OuterRef("entry_id"), is_tag=True).order_by("id")
    others = Coauthor.objects.filter(entry_id=OuterRef("entry_id")).order_by("position")
    rows: QuerySet[Any, Any] = Article.objects.filter(entry_id__in=entry_ids).annotate(
        of=F("entry_id"),
        details=JSONObject(
            standfirst=F("standfirst"),
            words=F("word_count"),
            cover=Cast("cover_id", CharField()),
            width=F("cover__width"),
            height=F("cover__height"),
            alternative=Subquery(cover.values("alternative_text")[:1]),
            tags=ArraySubquery(tags.values(json=JSONObject(key=F("key"), name=F("name")))),
            coauthors=ArraySubquery(
                others.values(json=JSONObject(id=Cast("person_id", CharField()), name=F("person__full_name")))
            ),
        ),
    )
    return rows


def face(viewer: Person, entry: Entry, details: dict[str, Any]) -> ArticleFace:
    """Return an article ready for its templates."""
    cover = details["cover"]
    address = reverse("content:file", args=[cover]) if cover else ""
    return ArticleFace(
        standfirst=details["standfirst"],
        cover_id=cover or "",
        cover_url=f"{address}?size=1280" if address else "",
        cover_thumbnail_url=f"{address}?size=640" if address else "",
        cover_alternative=details["alternative"] or "",
        cover_width=details["width"],
        cover_height=details["height"],
        reading_minutes=max(1, round(details["words"] / WORDS_A_MINUTE)),
        tags=[{**tag, "url": url_or_none("topics:show", tag["key"])} for tag in details["tags"]],
        coauthors=[
            {"id": one["id"], "full_name": one["name"], "url": url_or_none("people:profile", one["id"])}
            for one in details["coauthors"]
        ],
        related_url=reverse("articles:related", args=[entry.id]),
        news_url=reverse("articles:of_space", args=[entry.space_id]),
        # Sanitised when it was written (content.rendering).
        body_html=Markup(under_a_title(entry.body_html)),  # noqa: S704
    )


def under_a_title(html: str) -> str:
    """Let a text's headings follow its title without a gap: in a feed they stand deeper."""
    levels = sorted({int(found[2]) for found in HEADING.finditer(html)})
    ranks = {level: rank for rank, level in enumerate(levels, start=2)}
    return HEADING.sub(lambda found: f"{found[1]}{ranks[int(found[2])]}>", html)


ARTICLE = register(
    Part(name="article", template="articles/card.html", rows=details_of, face=face, is_whole=True)
)
