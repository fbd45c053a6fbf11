"""What a line of the inbox says, in the viewer's language: who, how many, what, where, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from parvis.content.faces import ReactionFace, emoji_face
from parvis.content.models import Entry
from parvis.foundation.addresses import reverse
from parvis.foundation.richtext import excerpt
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine
from parvis.notifications.reasons import Button, find_reason
from parvis.people.models import Person
from parvis.worktime.words import moment_of

Reason = Notification.Reason


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
    place: str = ""
    actors: list[Person] = field(default_factory=list)
    emojis: list[ReactionFace] = field(default_factory=list)
    why_url: str = ""
    read_url: str = ""
    later_url: str = ""
    # When it comes back, for a line that waits until later.
    returns: str = ""
    button: Button | None = None
    is_urgent: bool = False
    urgent_reason: str = ""


@dataclass(frozen=True)
class Day:
    """The lines of one day; a page that goes on with a day does not name it again."""

    date: date
    # Empty for a day further back, which its date names.
    name: str
    is_continued: bool
    items: list[InboxItem]


def days_of(lines: Iterable[InboxLine], *, after: str = "") -> Iterator[Day]:
    """Group lines, newest first, by the day on which they last changed."""
    today = timezone.localdate()
    for day, some in groupby(items_of(lines), key=lambda item: timezone.localdate(item.created_at)):
        name = {0: _("Today"), 1: _("Yesterday")}.get((today - day).days, "")
        yield Day(date=day, name=name, is_continued=day.isoformat() == after, items=list(some))


def items_of(lines: Iterable[InboxLine]) -> list[InboxItem]:
    """Return what the inbox shows of lines, with what answers them in one click."""
    lines = list(lines)
    buttons = _buttons_of([line.notification for line in lines])
    return [replace(item_of(line), button=buttons.get(line.notification.id)) for line in lines]


def _buttons_of(rows: Iterable[Notification]) -> dict[UUID, Button]:
    by_reason: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_reason[row.reason].append(row)
    found: dict[UUID, Button] = {}
    for name, some in by_reason.items():
        if (buttons := find_reason(name).buttons) is not None:
            found |= buttons(some)
    return found


def item_of(line: InboxLine) -> InboxItem:
    """Return what is said of a line wherever it is told."""
    row, reason = line.notification, find_reason(line.notification.reason)
    actors = _in_order(line)
    return InboxItem(
        id=row.id,
        url=reverse("notifications:open", args=[row.id]),
        actor=actors[0] if actors else Nobody(),
        actors=actors,
        text=_sentence(line, actors),
        excerpt=excerpt(row.entry.body_text, 140) if row.entry is not None else "",
        place=_place(row),
        created_at=row.happened_at,
        is_unread=row.is_unread,
        symbol=reason.symbol,
        emojis=[emoji_face(emoji, line.pictures.get(emoji.strip(":"))) for emoji in line.emojis],
        reason=reason.why_of(row),
        why_url=reverse("notifications:why", args=[row.id]),
        read_url=reverse("notifications:reading", args=[row.id]),
        later_url=reverse("notifications:later", args=[row.id]),
        returns=moment_of(row.snoozed_until) if row.snoozed_until and row.is_snoozed else "",
        is_urgent=row.is_urgent,
        urgent_reason=line.urgent_reason,
    )


@dataclass(frozen=True)
class Nobody:
    """Stands where no person acts."""

    full_name: str = "Parvis"
    picture_url: str = ""


def _is_one_deed(row: Notification) -> bool:
    """Tell whether the line tells what one person did, whoever else wrote since."""
    if row.entry is None:
        return False
    return row.reason in {Reason.MENTION, Reason.ANSWER} or (row.reason == Reason.SPACE and row.entry.is_root)


def _in_order(line: InboxLine) -> list[Person]:
    """Return who acted, whoever gave the reason first."""
    entry = line.notification.entry
    if entry is None or not _is_one_deed(line.notification):
        return line.actors
    return [entry.author, *(person for person in line.actors if person.id != entry.author_id)]


def _sentence(line: InboxLine, actors: list[Person]) -> Markup:
    row = line.notification
    told = actors[:1] if _is_one_deed(row) else actors
    values = {
        "who": _who(told),
        "what": _strong(thread_name(row.entry)),
        "space": _strong(row.space.name if row.space is not None else ""),
    }
    # Of the events that a space's level brings, some are comments.
    is_comment = row.reason == Reason.SPACE and row.entry is not None and not row.entry.is_root
    sentence = find_reason(Reason.REPLY if is_comment else row.reason).sentence_of(row)
    more = 0 if row.reason == Reason.REACTION else line.count - len(told)
    return Markup(sentence) % values + _more(more, row)  # noqa: S704 - values are escaped


def _more(number: int, row: Notification) -> Markup:
    if number < 1 or not row.entry_ids:
        return Markup()
    text = ngettext("%(count)s more reply", "%(count)s more replies", number) % {"count": number}
    return Markup(format_html(" · {}", text))  # noqa: S704 - escaped


def _who(actors: list[Person]) -> Markup:
    if not actors:
        return Markup(_("Somebody"))  # noqa: S704
    first = _strong(actors[0].full_name)
    if len(actors) == 1:
        return first
    if len(actors) == 2:
        return Markup(_("%(first)s and %(second)s")) % {  # noqa: S704
            "first": first,
            "second": _strong(actors[1].full_name),
        }
    others = len(actors) - 1
    text = ngettext("%(name)s and %(count)s other", "%(name)s and %(count)s others", others)
    return Markup(text) % {"name": first, "count": others}  # noqa: S704


def _strong(text: str) -> Markup:
    return Markup(format_html("<strong>{}</strong>", text))  # noqa: S704


def thread_name(entry: Entry | None) -> str:
    """Return what a conversation is called, to whoever may read the entry."""
    root = entry if entry is None or entry.thread is None else entry.thread
    if root is None:
        return ""
    # A root that is gone or hidden names nothing.
    if root.state != Entry.State.PUBLISHED:
        return _("a conversation")
    return root.title or excerpt(root.body_text, 60) or _("a post")


def _place(row: Notification) -> str:
    return row.entry.space.name if row.entry is not None else ""
