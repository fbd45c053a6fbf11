"""The events that can be subscribed to: names for programs, which never change, and what they say."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.content import events as content
from parvis.foundation.events import DomainEvent
from parvis.spaces import events as spaces

PING = "ping"

# What moderation hides looks deleted to everybody, and what it gives back restored.
NAMES: dict[type[DomainEvent], str] = {
    content.EntryPublished: "entry.published",
    content.ReplyPublished: "reply.published",
    content.EntryEdited: "entry.edited",
    content.EntryDeleted: "entry.deleted",
    content.EntryHidden: "entry.deleted",
    content.EntryRestored: "entry.restored",
    content.EntryUnhidden: "entry.restored",
    content.ReactionsChanged: "reactions.changed",
    spaces.MemberJoined: "member.joined",
    spaces.MemberLeft: "member.left",
}

CHOICES = (
    ("entry.published", _("Something new was published")),
    ("reply.published", _("Somebody replied")),
    ("entry.edited", _("A text was edited")),
    ("entry.deleted", _("Something was deleted or hidden")),
    ("entry.restored", _("Something came back")),
    ("reactions.changed", _("Somebody reacted")),
    ("member.joined", _("Somebody joined a space")),
    ("member.left", _("Somebody left a space")),
)


def name_of(event: DomainEvent) -> str:
    """Return the public name of an event."""
    return NAMES[type(event)]
