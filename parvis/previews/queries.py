"""What a card shows of a link, and who may see the picture."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, JSONObject, Left

from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.foundation.models import StoredFile
from parvis.people.models import Person
from parvis.previews.models import LinkedPage, Preview

EXCERPT_LENGTH = 600


def fingerprint(url: str) -> str:
    """Return what an address is found by."""
    return hashlib.sha256(url.encode()).hexdigest()


def shown_previews(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return the previews of these entries: pages elsewhere, and those entries that the viewer may read."""
    legible = Q(page__state=LinkedPage.State.READY) | Q(target__in=Entry.objects.visible_to(viewer))
    shown = Preview.objects.filter(legible, entry_id__in=entry_ids, is_removed=False)
    annotated: QuerySet[Any, Any] = shown.annotate(
        of=F("entry_id"),
        details=JSONObject(
            url=F("page__url"),
            title=Coalesce("page__title", "target__title"),
            description=F("page__description"),
            site_name=F("page__site_name"),
            page=Cast("page_id", CharField()),
            image=Cast("page__image_id", CharField()),
            target=Cast("target_id", CharField()),
            thread=Cast("target__thread_id", CharField()),
            text=Left("target__body_text", EXCERPT_LENGTH),
            author=F("target__author__full_name"),
            space=F("target__space__name"),
        ),
    )
    return annotated


def image_for(viewer: Person | None, page_id: UUID) -> StoredFile:
    """Return the picture of a page that something readable shows; `NotFound` otherwise."""
    readable = Preview.objects.filter(
        page_id=page_id, is_removed=False, entry__in=Entry.objects.visible_to(viewer)
    )
    page = readable.select_related("page__image").first()
    if page is None or page.page is None or page.page.image is None:
        raise NotFound
    image: StoredFile = page.page.image
    return image
