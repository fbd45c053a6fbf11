"""What writing, editing and publishing share: a text rendered for its readers, its row, its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.content.hashtags import begin_topics, use_topics
from parvis.content.models import Attachment, Entry, Mention, ThreadFollow
from parvis.content.rendering import Text, render_text
from parvis.foundation.errors import Invalid
from parvis.foundation.models import StoredFile
from parvis.foundation.prepared import insert_new, prepared
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.spaces.models import Space

ATTACHMENT_LIMIT = 20


@dataclass(frozen=True)
class AttachmentDraft:
    """A file that somebody uploaded and now attaches."""

    file_id: UUID
    alternative_text: str = ""
    name: str = ""
    is_decorative: bool = False
    poster_id: UUID | None = None
    captions_id: UUID | None = None

    @property
    def file_ids(self) -> list[UUID]:
        """Return the file's id and those of what goes with it."""
        return [id for id in (self.file_id, self.poster_id, self.captions_id) if id is not None]


def written_before(author: Person, id: UUID | None) -> Entry | None:
    """Return what an earlier try of the same request already wrote."""
    if id is None:
        return None
    return _written.first(id, author)


@prepared
def _written(id: UUID, author: Person) -> QuerySet[Entry]:
    return Entry.objects.filter(pk=id, author=author).select_related("space")


def rendered(
    author: Person,
    space: Space,
    *,
    title: str,
    body: str,
    attachments: Sequence[AttachmentDraft | Attachment],
) -> Text:
    """Return the text rendered for the readers of the space; `Invalid` when there is nothing to read."""
    text = render_text(organization=author.organization, space=space, title=title, body=body)
    if not text.body and not text.title and not attachments:
        raise Invalid({"body": [_("Write something, or attach a file.")]})
    return text


def insert(text: Text, *, id: UUID | None, author: Person, **fields: Any) -> Entry:
    """Write the row, its mentions, and that its author follows; the same id twice is the same row."""
    entry = Entry(id=id or new_id(), author=author, title=text.title, **columns(text), **fields)
    if not insert_new(entry):
        # An id taken elsewhere, even in another organization, gets the same answer.
        if existing := written_before(author, id):
            return existing
        raise id_taken()
    Mention.objects.bulk_create([Mention(entry=entry, person=person) for person in text.mentioned])
    begin_topics(entry, text.hashtags)
    # Whoever takes part follows, unless they muted the thread before.
    insert_new(ThreadFollow(thread_id=entry.root_id, person=author))
    return entry


def id_taken() -> Invalid:
    """Return why nothing can be written under an id."""
    return Invalid({"id": [_("This id is taken: choose another one.")]})


def columns(text: Text) -> dict[str, Any]:
    """Return the columns of a row that a text fills, its title apart."""
    return {
        "body": text.body,
        "body_html": text.html,
        "body_text": text.text,
        "render_version": text.render_version,
    }


def attach(entry: Entry, author: Person, drafts: Sequence[AttachmentDraft]) -> None:
    """Attach the author's own uploads, in the order given; anybody else's file id is simply unknown."""
    if not drafts:
        return
    if len(drafts) > ATTACHMENT_LIMIT:
        raise Invalid({"attachments": [_("At most %(limit)s files at once.") % {"limit": ATTACHMENT_LIMIT}]})
    files = _files_to_attach(entry, author, drafts)
    entry.attachments.all().delete()
    Attachment.objects.bulk_create(
        Attachment(
            entry=entry,
            file=files[draft.file_id],
            name=draft.name or files[draft.file_id].name,
            alternative_text="" if draft.is_decorative else draft.alternative_text[:500],
            is_decorative=draft.is_decorative,
            poster_id=draft.poster_id,
            captions_id=draft.captions_id,
            position=position,
        )
        for position, draft in enumerate(drafts)
    )


def drafts_of_files(entry: Entry) -> list[AttachmentDraft]:
    """Return what would attach an entry's files again."""
    return [
        AttachmentDraft(
            file_id=one.file_id,
            alternative_text=one.alternative_text,
            name=one.name,
            is_decorative=one.is_decorative,
            poster_id=one.poster_id,
            captions_id=one.captions_id,
        )
        for one in entry.attachments.order_by("position")
    ]


def _files_to_attach(
    entry: Entry, author: Person, drafts: Sequence[AttachmentDraft]
) -> dict[UUID, StoredFile]:
    wanted = {id for draft in drafts for id in draft.file_ids}
    files = {file.id: file for file in StoredFile.objects.filter(id__in=wanted)}
    kept = {id for ids in entry.attachments.values_list("file_id", "poster_id", "captions_id") for id in ids}
    if any(id not in files or (files[id].created_by_id != author.id and id not in kept) for id in wanted):
        raise Invalid({"attachments": [_("One of the files was not found: attach it again.")]})
    for draft in drafts:
        if draft.poster_id and not files[draft.poster_id].is_picture:
            raise Invalid({"attachments": [_("The poster of a film must be a picture.")]})
        if draft.captions_id and files[draft.captions_id].media_type != "text/vtt":
            raise Invalid({"attachments": [_("Captions must be a WebVTT file (.vtt).")]})
    return files


def point_again(entry: Entry, text: Text) -> None:
    """Let a changed text mention exactly the people, and use exactly the topics, that it names now."""
    Mention.objects.filter(entry=entry).exclude(person__in=text.mentioned).delete()
    Mention.objects.bulk_create(
        [Mention(entry=entry, person=person) for person in text.mentioned], ignore_conflicts=True
    )
    use_topics(entry, text.hashtags)
