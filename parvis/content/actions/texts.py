"""What writing, editing and publishing share: a text rendered for its readers, its row, its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.content.hashtags import use_topics
from parvis.content.models import Attachment, Entry, Mention, ThreadFollow
from parvis.content.rendering import Text, render_text
from parvis.foundation.errors import Invalid
from parvis.foundation.models import StoredFile
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


def written_before(author: Person, id: UUID | None) -> Entry | None:
    """Return what an earlier try of the same request already wrote."""
    if id is None:
        return None
    found: Entry | None = Entry.objects.filter(pk=id, author=author).select_related("space").first()
    return found


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
    try:
        with transaction.atomic():
            entry: Entry = Entry.objects.create(
                id=id or new_id(), author=author, title=text.title, **columns(text), **fields
            )
    except IntegrityError as error:
        # An id taken elsewhere, even in another organization, gets the same answer.
        if existing := written_before(author, id):
            return existing
        raise Invalid({"id": [_("This id is taken: choose another one.")]}) from error
    Mention.objects.bulk_create([Mention(entry=entry, person=person) for person in text.mentioned])
    use_topics(entry, text.hashtags)
    # Whoever takes part follows, unless they muted the thread before.
    ThreadFollow.objects.get_or_create(thread_id=entry.root_id, person=author)
    return entry


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
    wanted = [draft.file_id for draft in drafts]
    files = {file.id: file for file in StoredFile.objects.filter(id__in=wanted)}
    kept = set(entry.attachments.values_list("file_id", flat=True))
    for draft in drafts:
        file = files.get(draft.file_id)
        if file is None or (file.created_by_id != author.id and file.id not in kept):
            raise Invalid({"attachments": [_("One of the files was not found: attach it again.")]})
    entry.attachments.all().delete()
    Attachment.objects.bulk_create(
        Attachment(
            entry=entry,
            file=files[draft.file_id],
            name=draft.name or files[draft.file_id].name,
            alternative_text=draft.alternative_text[:500],
            position=position,
        )
        for position, draft in enumerate(drafts)
    )


def point_again(entry: Entry, text: Text) -> None:
    """Let a changed text mention exactly the people, and use exactly the topics, that it names now."""
    Mention.objects.filter(entry=entry).exclude(person__in=text.mentioned).delete()
    Mention.objects.bulk_create(
        [Mention(entry=entry, person=person) for person in text.mentioned], ignore_conflicts=True
    )
    use_topics(entry, text.hashtags)
