"""Who to follow and where to go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.rows import profile_row, space_row
from parvis.api.schemas.suggestions import SuggestionKind, SuggestionsOut
from parvis.suggestions import actions, queries

router = Router(tags=["suggestions"])


@router.get(
    "/suggestions", response={200: SuggestionsOut, **PROBLEMS}, summary="Who to follow and where to go"
)
def suggestions(request: HttpRequest, limit: int = Query(4, ge=1, le=20)) -> Any:
    """People and spaces from shared work, each with its reason in words; a guest gets none."""
    viewer = viewer_of(request)
    return {
        "people": [
            {"person": profile_row(item.person), "reason": item.reason}
            for item in queries.suggested_people(viewer, limit=limit)
        ],
        "spaces": [
            {"space": space_row(viewer, item.space), "reason": item.reason}
            for item in queries.suggested_spaces(viewer, limit=limit)
        ],
    }


@router.put(
    "/suggestions/{kind}/{uuid:subject_id}/dismissal",
    response=DONE,
    summary="Wave a suggestion away",
)
def dismiss(request: HttpRequest, kind: SuggestionKind, subject_id: UUID) -> Any:
    """Suggest this person or space no more."""
    actions.dismiss(person=viewer_of(request), kind=kind, subject_id=subject_id)
    return Status(204, None)
