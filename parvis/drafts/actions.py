"""Keep and throw away."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content.models import Entry
from parvis.content.rendering import BODY_LIMIT, TITLE_LIMIT
from parvis.drafts.models import Draft
from parvis.foundation.errors import Conflict, Invalid
from parvis.foundation.richtext import clean_text
from parvis.people.models import Person

PLACE_LIMIT = 120
# More places than anybody writes in at a time; the oldest go.
MOST_DRAFTS = 200


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stands in a composer."""

    body: str
    title: str = ""
    entry_id: UUID | None = None
    space_id: UUID | None = None


def keep_draft(*, person: Person, place: str, typed: Typed, base: int) -> Draft | None:
    """Keep what somebody has typed; None when it has been sent meanwhile.

    `base` is the version that this window last saw (0: none). `Conflict` with the current draft when another
    window wrote something else since: nothing is overwritten.
    """
    body, title = clean_text(typed.body), clean_text(typed.title)
    if not place or len(place) > PLACE_LIMIT or len(body) > BODY_LIMIT or len(title) > TITLE_LIMIT:
        raise Invalid({"body": [_("This is too long to be kept as a draft.")]})
    if typed.entry_id and Entry.objects.filter(pk=typed.entry_id, author=person).exists():
        return None
    with transaction.atomic():
        found = Draft.objects.select_for_update().filter(person=person, place=place)
        draft: Draft | None = found.first()
        if draft is None:
            return _begin(person, place, body=body, title=title, typed=typed)
        if draft.version != base and (draft.body, draft.title) != (body, title):
            raise Conflict(_("This draft was changed in another window."), current=draft)
        draft.body, draft.title, draft.saved_at = body, title, timezone.now()
        draft.entry_id, draft.space_id = typed.entry_id, typed.space_id
        draft.version += 1
        draft.save()
    return draft


def _begin(person: Person, place: str, *, body: str, title: str, typed: Typed) -> Draft:
    try:
        with transaction.atomic():
            draft: Draft = Draft.objects.create(
                person=person,
                place=place,
                body=body,
                title=title,
                entry_id=typed.entry_id,
                space_id=typed.space_id,
            )
    except IntegrityError as error:
        # Two windows began at the same moment.
        current = Draft.objects.get(person=person, place=place)
        raise Conflict(_("This draft was changed in another window."), current=current) from error
    kept = (
        Draft.objects.filter(person=person).order_by("-saved_at").values_list("pk", flat=True)[:MOST_DRAFTS]
    )
    Draft.objects.filter(person=person).exclude(pk__in=list(kept)).delete()
    return draft


def discard_draft(*, person: Person, place: str) -> None:
    """Throw away what one has typed in a place."""
    Draft.objects.filter(person=person, place=place).delete()


def forget_sent(*, entry_id: UUID) -> None:
    """Forget the drafts of what has been sent, or of an edit that has been made."""
    Draft.objects.filter(entry_id=entry_id).delete()
    Draft.objects.filter(place__startswith=f"edit-{entry_id}-").delete()
