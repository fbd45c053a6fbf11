"""What a half-typed text may mean, and searches that somebody keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.rows import absolute, entry_rows, named_row
from parvis.api.schemas.search import SavedSearchIn, SavedSearchList, SavedSearchOut, SearchSuggestionsOut
from parvis.foundation.addresses import reverse
from parvis.search import actions, queries
from parvis.search.forms import address_of
from parvis.search.models import SavedSearch

router = Router(tags=["search"])


@router.get(
    "/search/suggestions", response={200: SearchSuggestionsOut, **PROBLEMS}, summary="Suggest as one types"
)
def suggestions(request: HttpRequest, q: str = Query(..., max_length=200)) -> Any:
    """People, spaces, topics, entries and my saved searches for a half-typed text, as far as I may read."""
    viewer = viewer_of(request)
    found = queries.suggest(viewer, q)
    return {
        "saved": [_row(saved) for saved in found.saved],
        "named": [named_row(source, thing) for source, thing in found.named],
        "entries": entry_rows(viewer, found.entries),
    }


@router.get("/searches", response={200: SavedSearchList, **PROBLEMS}, summary="My saved searches")
def saved_searches(request: HttpRequest) -> Any:
    """By name; nobody else knows of them."""
    return {"items": [_row(saved) for saved in queries.saved_searches(viewer_of(request))]}


@router.post("/searches", response={201: SavedSearchOut, **PROBLEMS}, summary="Save a search")
def save(request: HttpRequest, payload: SavedSearchIn) -> Any:
    """Keep a search under a name; the same name again keeps the new one."""
    asked = {name: str(value) for name, value in payload.dict(exclude={"name", "has_file"}).items() if value}
    # As the page's form says it.
    if payload.has_file:
        asked["has_file"] = "on"
    saved = actions.save_search(person=viewer_of(request), name=payload.name, address=address_of(asked))
    return Status(201, _row(saved))


@router.delete("/searches/{uuid:search_id}", response=DONE, summary="Forget a saved search")
def forget(request: HttpRequest, search_id: UUID) -> Any:
    """One of mine; forgetting twice is forgetting once."""
    actions.remove_saved_search(person=viewer_of(request), id=search_id)
    return Status(204, None)


def _row(saved: SavedSearch) -> dict[str, Any]:
    url = absolute(f"{reverse('search:results')}?{saved.address}")
    return {
        "id": saved.id,
        "name": saved.name,
        "query": saved.address,
        "url": url,
        "created_at": saved.created_at,
    }
