"""What the first link of a message leads to. Who asks other servers is not known here: `web` joins both."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from parvis.chat.actions.writing import tell
from parvis.chat.events import MessagePreviewed
from parvis.chat.models import Message, MessageEntry, MessagePreview
from parvis.chat.policy import can_with
from parvis.content.models import Entry
from parvis.foundation.errors import Forbidden
from parvis.foundation.models import StoredFile
from parvis.people.models import Person


def show_preview(
    *, message: Message, url: str, title: str, description: str, site_name: str, image: StoredFile | None
) -> None:
    """Let a message show what its link leads to; whoever has it in a window sees it come."""
    said = {"title": title, "description": description, "site_name": site_name, "image": image}
    with transaction.atomic():
        _preview, is_new = MessagePreview.objects.get_or_create(message=message, url=url, defaults=said)
        if is_new:
            tell(MessagePreviewed, message, message.author)


def show_linked_entry(*, message: Message, entry: Entry) -> None:
    """Let a message show the entry that it links, to whoever may read that."""
    shown = {"link": MessageEntry.Link.SHOWS}
    with transaction.atomic():
        _link, is_new = MessageEntry.objects.get_or_create(message=message, entry=entry, defaults=shown)
        if is_new:
            tell(MessagePreviewed, message, message.author)


def drop_preview(*, message: Message, but: str = "") -> None:
    """Show no longer what a message does not link any more."""
    with transaction.atomic():
        gone, _rows = MessagePreview.objects.filter(message=message).exclude(url=but).delete()
        if gone:
            tell(MessagePreviewed, message, message.author)


def remove_preview(*, actor: Person, message: Message) -> None:
    """Take the preview away for good, as the author: the link stays in the text."""
    if not can_with(actor, "remove_preview", message):
        raise Forbidden
    with transaction.atomic():
        if MessagePreview.objects.filter(message=message, is_removed=False).update(is_removed=True):
            tell(MessagePreviewed, message, message.author)


def find_said(message_id: UUID) -> Message | None:
    """Return a message that is still there, ready to be told of."""
    there = Message.objects.filter(pk=message_id, state=Message.State.PUBLISHED)
    found: Message | None = there.select_related(
        "author__organization", "room__space", "quote__author"
    ).first()
    return found
