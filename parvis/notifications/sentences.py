"""What a line of the inbox says, in the viewer's language: who, how many, what, where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from parvis.content.models import Entry
from parvis.foundation.richtext import excerpt
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

Reason = Notification.Reason

SYMBOLS = {
    Reason.MENTION: "at-sign",
    Reason.REPLY: "reply",
    Reason.JOIN_REQUEST: "user-plus",
    Reason.JOIN_ACCEPTED: "door-open",
    Reason.JOIN_DECLINED: "door-closed",
    Reason.SPACE_INVITATION: "mail",
    Reason.REPORT: "flag",
    Reason.NOTICE: "shield",
    Reason.MADE_HOST: "user-cog",
}


@dataclass(frozen=True)
class InboxItem:
    """A line as components/notification.html shows it."""

    id: Any
    url: str
    actor: Any
    text: Markup
    excerpt: str
    created_at: datetime
    is_unread: bool
    symbol: str
    reason: str


def item_of(line: InboxLine) -> InboxItem:
    """Return what the inbox shows of a line."""
    row = line.notification
    return InboxItem(
        id=row.id,
        url=reverse("notifications:open", args=[row.id]),
        actor=line.actors[0] if line.actors else Nobody(),
        text=_sentence(line),
        excerpt=excerpt(row.entry.body_text, 140) if row.entry is not None else "",
        created_at=row.happened_at,
        is_unread=row.is_unread,
        symbol=SYMBOLS[Reason(row.reason)],
        reason=_why(row),
    )


@dataclass(frozen=True)
class Nobody:
    """Stands where no person acts."""

    full_name: str = "Parvis"
    picture_url: str = ""


def _sentence(line: InboxLine) -> Markup:
    row = line.notification
    values = {
        "who": _who(line.actors),
        "what": _strong(_thread_name(row.entry)),
        "space": _strong(_space_name(row)),
    }
    texts = {
        Reason.MENTION: _("%(who)s mentioned you in %(what)s"),
        Reason.REPLY: ngettext(
            "%(who)s replied in %(what)s",
            "%(who)s replied in %(what)s (%(count)s new replies)",
            row.unread_count or 1,
        ),
        Reason.JOIN_REQUEST: _("%(who)s asks to join %(space)s"),
        Reason.JOIN_ACCEPTED: _("%(who)s let you into %(space)s"),
        Reason.JOIN_DECLINED: _("Your request to join %(space)s was declined"),
        Reason.SPACE_INVITATION: _("%(who)s invites you to join %(space)s"),
        Reason.REPORT: _("%(who)s reported something for moderation"),
        Reason.NOTICE: _("The moderators wrote to the hosts of %(space)s")
        if row.space_id
        else _("The moderators wrote to you"),
        Reason.MADE_HOST: _("%(who)s made you a host of %(space)s"),
    }
    return Markup(texts[Reason(row.reason)]) % {**values, "count": row.unread_count}  # noqa: S704 - values are escaped


def _who(actors: list[Person]) -> Markup:
    if not actors:
        return Markup(_("Somebody"))  # noqa: S704
    first = _strong(actors[0].full_name)
    others = len(actors) - 1
    if not others:
        return first
    text = ngettext("%(name)s and %(count)s other", "%(name)s and %(count)s others", others)
    return Markup(text) % {"name": first, "count": others}  # noqa: S704


def _strong(text: str) -> Markup:
    return Markup(format_html("<strong>{}</strong>", text))  # noqa: S704


def _thread_name(entry: Entry | None) -> str:
    root = entry if entry is None or entry.thread is None else entry.thread
    if root is None:
        return ""
    # A root that is gone or hidden names nothing.
    if root.state != Entry.State.PUBLISHED:
        return _("a conversation")
    return root.title or excerpt(root.body_text, 60) or _("a post")


def _space_name(row: Notification) -> str:
    return row.space.name if row.space is not None else ""


def _why(row: Notification) -> str:
    """Answer "why did I get this?"."""
    reasons = {
        Reason.MENTION: _("You are mentioned by name."),
        Reason.REPLY: _("You follow this conversation."),
        Reason.JOIN_REQUEST: _("You host this space."),
        Reason.JOIN_ACCEPTED: _("You asked to join."),
        Reason.JOIN_DECLINED: _("You asked to join."),
        Reason.SPACE_INVITATION: _("You are invited by name."),
        Reason.REPORT: _("You moderate this organization."),
        Reason.NOTICE: _("It concerns a space that you host.") if row.space_id else _("It concerns you."),
        Reason.MADE_HOST: _("You are a member of this space."),
    }
    return reasons[Reason(row.reason)]
