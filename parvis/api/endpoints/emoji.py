"""The organization's own emoji. To react with one: `PUT /entries/{id}/reactions/:name:`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.rows import emoji_row
from parvis.api.schemas.emoji import EmojiList, EmojiName, EmojiOut
from parvis.emoji import actions, queries
from parvis.emoji.models import CustomEmoji
from parvis.foundation import throttle
from parvis.foundation.errors import NotFound

router = Router(tags=["emoji"])


@router.get("/emoji", response={200: EmojiList, **PROBLEMS}, summary="The organization's own emoji")
def emoji(request: HttpRequest) -> Any:
    """The emoji that can be chosen, by name."""
    return {"items": [emoji_row(one) for one in queries.offered_emoji()]}


@router.post("/emoji", response={201: EmojiOut, **PROBLEMS}, summary="Add an emoji")
def add(
    request: HttpRequest,
    name: str = Form(..., min_length=1, max_length=34),
    picture: UploadedFile = File(...),  # noqa: B008 - how ninja declares it
) -> Any:
    """Add a picture of 1 MB at most, as an administrator or, where they may, as a member."""
    viewer = viewer_of(request)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    return Status(201, emoji_row(actions.add_emoji(actor=viewer, name=name, source=picture)))


@router.patch("/emoji/{uuid:emoji_id}", response={200: EmojiOut, **PROBLEMS}, summary="Rename an emoji")
def rename(request: HttpRequest, emoji_id: UUID, payload: EmojiName) -> Any:
    """Call it otherwise; what was written with its former name still shows it."""
    found = _offered(emoji_id)
    return emoji_row(actions.rename_emoji(actor=viewer_of(request), emoji=found, name=payload.name))


@router.delete("/emoji/{uuid:emoji_id}", response=DONE, summary="Withdraw an emoji")
def withdraw(request: HttpRequest, emoji_id: UUID) -> Any:
    """Offer it no more; where it was used it stays."""
    actions.withdraw_emoji(actor=viewer_of(request), emoji=_offered(emoji_id))
    return Status(204, None)


def _offered(emoji_id: UUID) -> CustomEmoji:
    """Return an emoji of the list: for programs a withdrawn one is gone, and the pages may offer it again."""
    found = queries.find_emoji(emoji_id)
    if not found.is_offered:
        raise NotFound
    return found
