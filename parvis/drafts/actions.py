"""Keep and throw away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content.actions import AttachmentDraft, drafts_of_files
from parvis.content.actions import discard_draft as discard_entry
from parvis.content.actions.texts import ATTACHMENT_LIMIT
from parvis.content.composers import Typed as Fields
from parvis.content.composers import typed_of
from parvis.content.models import Entry
from parvis.content.policy import can
from parvis.content.rendering import BODY_LIMIT, TITLE_LIMIT
from parvis.drafts.models import Draft, DraftFile
from parvis.foundation.errors import Conflict, Invalid
from parvis.foundation.models import StoredFile
from parvis.foundation.prepared import prepared
from parvis.foundation.richtext import clean_text
from parvis.people.models import Person

PLACE_LIMIT = 120
# More places than anybody writes in at a time; the oldest go.
MOST_DRAFTS = 200
# Of the fields beside a text, all together: twenty choices of a poll.
FIELDS_LIMIT = 8_000


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stands in a composer."""

    body: str
    title: str = ""
    entry_id: UUID | None = None
    space_id: UUID | None = None
    fields: Fields = field(default_factory=dict)
    files: Sequence[AttachmentDraft] = ()


def keep_draft(*, person: Person, place: str, typed: Typed, base: int) -> Draft | None:
    """Keep what somebody has typed; None when it has been sent meanwhile.

    `base` is the version that this window last saw (0: none). `Conflict` with the current draft when another
    window wrote something else since: nothing is overwritten.
    """
    _check_size(place, typed)
    if typed.entry_id and Entry.objects.filter(pk=typed.entry_id, author=person).exists():
        return None
    with transaction.atomic():
        found = Draft.objects.select_for_update().filter(person=person, place=place)
        draft: Draft | None = found.first()
        if draft is None:
            draft = _begin(person, place)
        elif draft.version != base and _says(draft) != _wanted(typed):
            raise Conflict(_("This draft was changed in another window."), current=draft)
        else:
            draft.version += 1
        draft.body, draft.title, draft.fields = clean_text(typed.body), clean_text(typed.title), typed.fields
        draft.entry_id, draft.space_id, draft.saved_at = typed.entry_id, typed.space_id, timezone.now()
        draft.save()
        _keep_files(draft, typed.files)
    return draft


def _check_size(place: str, typed: Typed) -> None:
    beside = sum(len(name) + sum(map(len, values)) for name, values in typed.fields.items())
    is_long = len(typed.body) > BODY_LIMIT or len(typed.title) > TITLE_LIMIT or beside > FIELDS_LIMIT
    if not place or len(place) > PLACE_LIMIT or is_long or len(typed.files) > ATTACHMENT_LIMIT:
        raise Invalid({"body": [_("This is too long to be kept as a draft.")]})


def _says(draft: Draft) -> tuple[object, ...]:
    files = draft.files.order_by("position").values_list("file_id", "alternative_text", "is_decorative")
    return draft.body, draft.title, draft.fields, list(files)


def _wanted(typed: Typed) -> tuple[object, ...]:
    files = [(file.file_id, file.alternative_text, file.is_decorative) for file in typed.files]
    return clean_text(typed.body), clean_text(typed.title), typed.fields, files


def _keep_files(draft: Draft, files: Sequence[AttachmentDraft]) -> None:
    """Keep one's own uploads with the draft, and what it had; an id of somebody else's is simply unknown."""
    kept = {id for ids in draft.files.values_list("file_id", "poster_id", "captions_id") for id in ids if id}
    asked = {id for file in files for id in file.file_ids}
    mine = StoredFile.objects.filter(id__in=asked, created_by_id=draft.person_id).values_list("id", flat=True)
    known = kept | set(mine)
    names = dict(StoredFile.objects.filter(id__in=known & asked).values_list("id", "name"))
    draft.files.all().delete()
    DraftFile.objects.bulk_create(
        DraftFile(
            draft=draft,
            file_id=file.file_id,
            name=names[file.file_id],
            alternative_text=file.alternative_text[:500],
            is_decorative=file.is_decorative,
            poster_id=file.poster_id if file.poster_id in names else None,
            captions_id=file.captions_id if file.captions_id in names else None,
            position=position,
        )
        for position, file in enumerate(files)
        if file.file_id in names
    )


def _begin(person: Person, place: str) -> Draft:
    try:
        with transaction.atomic():
            draft: Draft = Draft.objects.create(person=person, place=place)
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


def put_back(entry: Entry) -> Draft | None:
    """Keep what a post that waits says and carries as a draft of its author, beside what they write there already."""
    author, place = entry.author, f"post-{entry.space_id}"
    if Draft.objects.filter(person=author, place=place).exists():
        place = f"post-{entry.space_id}-{entry.id}"
    typed = Typed(
        body=entry.body,
        title=entry.title,
        space_id=entry.space_id,
        fields=typed_of(entry),
        files=drafts_of_files(entry),
    )
    return keep_draft(person=author, place=place, typed=typed, base=0)


def rescue(*, entry_id: UUID) -> None:
    """Make a post that could not be published a draft, which its author finds wherever they may still write."""
    entry = Entry.objects.filter(pk=entry_id, kind="post", state=Entry.State.DRAFT).first()
    if entry is None:
        return
    with transaction.atomic():
        put_back(entry)
        if can(entry.author, "discard", entry):
            discard_entry(actor=entry.author, entry=entry)


def forget_sent(*, entry_id: UUID) -> None:
    """Forget the drafts of what has been sent."""
    if drafts := _drafts_of(entry_id):
        Draft.objects.filter(pk__in=drafts).delete()


@prepared
def _drafts_of(entry_id: UUID) -> QuerySet[Draft, UUID]:
    return Draft.objects.filter(entry_id=entry_id).values_list("pk", flat=True)


def forget_edits_of(*, entry_id: UUID) -> None:
    """Forget the drafts of an entry that has been deleted, or of an edit that has been made."""
    forget_sent(entry_id=entry_id)
    Draft.objects.filter(place__startswith=f"edit-{entry_id}-").delete()
