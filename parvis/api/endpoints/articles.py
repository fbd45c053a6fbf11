"""Articles: news of a space and of the organization, what is related, and what an article has beside its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from parvis.api.responses import PROBLEMS, Limit, viewer_of
from parvis.api.rows import entry_rows
from parvis.api.schemas.articles import ArticleIn
from parvis.api.schemas.entries import EntryList, EntryPage
from parvis.articles import queries
from parvis.articles.actions import Manuscript, kept_manuscript
from parvis.content.actions import AttachmentDraft
from parvis.content.models import Entry
from parvis.content.queries import find_visible
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person
from parvis.people.queries import directory
from parvis.spaces.queries import find_readable, readable_everyone_space

router = Router(tags=["articles"])


@router.get("/articles", response={200: EntryPage, **PROBLEMS}, summary="News")
def news(
    request: HttpRequest,
    limit: Limit = 12,
    cursor: str = "",
    scope: str = Query("organization", pattern="^(organization|all)$"),
) -> Any:
    """The organization's articles, or those of all spaces that I read (`scope=all`), the newest first."""
    viewer = viewer_of(request)
    space = readable_everyone_space(viewer) if scope == "organization" else None
    if scope == "organization" and space is None:
        return {"items": [], "next": ""}
    page = queries.articles(viewer, space=space, cursor=cursor, limit=limit)
    return {"items": entry_rows(viewer, page.entries), "next": page.next}


@router.get(
    "/spaces/{uuid:space_id}/articles", response={200: EntryPage, **PROBLEMS}, summary="A space's articles"
)
def of_space(request: HttpRequest, space_id: UUID, limit: Limit = 12, cursor: str = "") -> Any:
    """The newest first."""
    viewer = viewer_of(request)
    page = queries.articles(viewer, space=find_readable(viewer, space_id), cursor=cursor, limit=limit)
    return {"items": entry_rows(viewer, page.entries), "next": page.next}


@router.get(
    "/entries/{uuid:entry_id}/related", response={200: EntryList, **PROBLEMS}, summary="What to read next"
)
def related(request: HttpRequest, entry_id: UUID) -> Any:
    """Articles that I may read and that share tags with this one, then others of its space."""
    viewer = viewer_of(request)
    entry = find_visible(viewer, entry_id)
    if entry.kind != "article":
        raise NotFound
    return {"items": entry_rows(viewer, queries.related_articles(viewer, entry))}


def manuscript(
    viewer: Person, written: ArticleIn, *, title: str, body: str, attachments: Sequence[AttachmentDraft]
) -> Manuscript:
    """Return an article as a caller wrote it."""
    alternative = written.cover_alternative
    return Manuscript(
        title=title,
        body=body,
        standfirst=written.standfirst,
        tags=written.tags,
        cover=AttachmentDraft(written.cover, alternative_text=alternative) if written.cover else None,
        attachments=attachments,
        coauthors=_coauthors(viewer, written.coauthors),
    )


def _coauthors(viewer: Person, ids: Sequence[UUID]) -> list[Person]:
    known = {person.id: person for person in directory(viewer).filter(pk__in=ids)} if ids else {}
    if any(id not in known for id in ids):
        raise Invalid({"article.coauthors": [str(NotFound.default_message)]})
    return [known[id] for id in ids]


def changed(
    viewer: Person,
    entry: Entry,
    *,
    title: str | None,
    body: str | None,
    attachments: Sequence[AttachmentDraft] | None,
    written: ArticleIn | None,
) -> Manuscript:
    """Return an article with what a caller changes of it; None leaves something as it is."""
    kept = kept_manuscript(entry)
    text: dict[str, Any] = {
        "title": kept.title if title is None else title,
        "body": kept.body if body is None else body,
        "attachments": kept.attachments if attachments is None else attachments,
    }
    return replace(kept, **text) if written is None else manuscript(viewer, written, **text)
