"""Read the files that entries carry, so that they are found by what they say."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from parvis.content.models import Attachment, Entry
from parvis.foundation.files.storage import key_of, storage
from parvis.foundation.jobs import enqueue, job
from parvis.foundation.models import StoredFile
from parvis.search.extraction import LARGEST_BYTES, Unreadable, readable_types, text_of
from parvis.search.index import index_entries
from parvis.search.models import FileText

AT_ONCE = 20


def read_later(entry_ids: Iterable[UUID]) -> None:
    """Ask for the files of these entries to be read, one job for each entry that has one unread."""
    if not (ids := list(entry_ids)):
        return
    unread = unread_attachments().filter(entry_id__in=ids).values_list("entry_id", flat=True)
    for entry_id in set(unread):
        enqueue(read_files_of, entry_id=entry_id)


@job
def read_files_of(*, entry_id: str) -> None:
    """Read the unread files of one entry, then index it again."""
    read_files(unread_attachments().filter(entry_id=UUID(entry_id)))


def read_files(attachments: QuerySet[Attachment]) -> int:
    """Read files that nobody read yet, some at once; return how many."""
    found = list(attachments.select_related("file")[:AT_ONCE])
    for file in {attachment.file.sha256: attachment.file for attachment in found}.values():
        _read(file)
    index_entries({attachment.entry_id for attachment in found})
    return len(found)


def unread_attachments() -> QuerySet[Attachment]:
    """Return what published entries carry and nobody read yet, as far as it can be read."""
    return Attachment.objects.filter(
        entry__state=Entry.State.PUBLISHED, file__media_type__in=readable_types()
    ).exclude(Exists(FileText.objects.filter(sha256=OuterRef("file__sha256"))))


def forget_unused() -> None:
    """Forget what files said that are gone."""
    FileText.objects.exclude(Exists(StoredFile.objects.filter(sha256=OuterRef("sha256")))).delete()


def _read(file: StoredFile) -> None:
    text, fault = "", ""
    try:
        text = _text(file)
    except Unreadable as error:
        fault = str(error)
    FileText.objects.update_or_create(sha256=file.sha256, defaults={"text": text, "fault": fault})


def _text(file: StoredFile) -> str:
    if file.size_bytes > LARGEST_BYTES:
        raise Unreadable("large")
    key = key_of(file.organization_id, file.sha256)
    place = storage().local_path(key)
    if place is not None and place.exists():
        return text_of(place, file.media_type)
    try:
        # A store that is not a folder of this machine.
        with storage().open(key) as source, tempfile.NamedTemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            return text_of(Path(copy.name), file.media_type)
    except FileNotFoundError as error:
        raise Unreadable("missing") from error
