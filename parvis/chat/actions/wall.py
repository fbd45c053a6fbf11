"""From the chat to the wall: what was said in passing becomes something that lasts, with a link both ways."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.chat.actions.writing import tell
from parvis.chat.events import MessageLinked
from parvis.chat.models import Message, MessageEntry
from parvis.content.actions import publish, show_part
from parvis.content.models import Entry
from parvis.foundation.errors import Invalid
from parvis.people.models import Person
from parvis.spaces.models import Space

PART = "chat"
MOST_MESSAGES = 100


def make_entry(
    *,
    author: Person,
    messages: Sequence[Message],
    space: Space,
    kind: str = "post",
    title: str = "",
    body: str = "",
    id: UUID | None = None,
) -> Entry:
    """Publish a message, or a selection of one room that the author reads, in a space.

    Without a text of its own the entry quotes what was said: who publishes it answers for that, as for any copy.
    The link back is shown to those alone who read the conversation, the link forth to the readers of the space.
    """
    said = sorted(messages, key=lambda message: message.seq)
    if len({message.room_id for message in said}) != 1 or len(said) > MOST_MESSAGES:
        raise Invalid({"with": [_("Choose messages of one conversation.")]})
    with transaction.atomic():
        entry = publish(
            author=author, space=space, kind=kind, title=title, body=body.strip() or _quoted(said), id=id
        )
        links = [
            MessageEntry(message=message, entry=entry, link=MessageEntry.Link.BECAME) for message in said
        ]
        MessageEntry.objects.bulk_create(links, ignore_conflicts=True)
        show_part(entry=entry, part=PART)
        for message in said:
            tell(MessageLinked, message, author)
    return entry


def _quoted(messages: Sequence[Message]) -> str:
    if len(messages) == 1:
        return messages[0].body
    return "\n\n".join(
        "> **{}**\n{}".format(
            message.author.full_name, "\n".join(f"> {line}" for line in message.body.splitlines())
        )
        for message in messages
    )
