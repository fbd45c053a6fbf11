"""What is said in conversations, found beside posts, with the same rights."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.chat.models import Message
from parvis.chat.queries import search_messages
from parvis.foundation.addresses import reverse
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person
from parvis.search.sources import Shown, Source, register

TEXT_LENGTH = 160


def _find(viewer: Person, text: str, limit: int) -> Sequence[Message]:
    return search_messages(viewer, text, limit=limit)


def _show(message: Message) -> Shown:
    where = message.room.name or (message.room.space.name if message.room.space else "")
    who = message.author.full_name
    return Shown(
        id=message.id,
        url=f"{reverse('chat:room', args=[message.room_id])}?message={message.id}",
        title=_("%(who)s in %(room)s") % {"who": who, "room": where} if where else who,
        text=excerpt(message.body_text, TEXT_LENGTH),
    )


register(
    Source(
        kind="message",
        segment="messages",
        label=gettext_lazy("Messages"),
        symbol="message-circle",
        show=_show,
        find=_find,
    )
)
