"""The way back from an entry to the conversation that it was made from, for those who read that conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Min, QuerySet
from django.db.models.functions import Cast, JSONObject

from parvis.chat.actions.wall import PART
from parvis.chat.models import Message, MessageEntry
from parvis.content.models import Entry
from parvis.content.parts import Part, register
from parvis.foundation.addresses import reverse
from parvis.people.models import Person


@dataclass(frozen=True)
class OriginFace:
    """Where an entry was said first."""

    url: str
    room_name: str


def origins(viewer: Person, entry_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Return the first message of each entry, of those that the viewer may read."""
    legible = Message.objects.visible_to(viewer)
    links = MessageEntry.objects.filter(
        entry_id__in=entry_ids, link=MessageEntry.Link.BECAME, message__in=legible
    )
    first = links.order_by().values("entry_id").annotate(first=Min("message__seq"))
    found: QuerySet[Any, Any] = links.filter(message__seq__in=first.values("first")).annotate(
        of=F("entry_id"),
        details=JSONObject(
            message=Cast("message_id", CharField()),
            room=Cast("message__room_id", CharField()),
            room_name=F("message__room__name"),
        ),
    )
    return found


def face(viewer: Person, entry: Entry, details: dict[str, Any]) -> OriginFace:
    """Return the way back, ready to be shown."""
    address = reverse("chat:room", args=[details["room"]])
    return OriginFace(url=f"{address}?message={details['message']}", room_name=details["room_name"])


ORIGIN = register(Part(name=PART, template="chat/origin.html", rows=origins, face=face, position=40))
