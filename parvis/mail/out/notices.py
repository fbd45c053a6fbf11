"""From lines of an inbox to a letter: who, where, what, one button, why it came, and how it stops."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.announcements.reasons import REMINDER, TO_ACKNOWLEDGE
from parvis.content.models import Entry
from parvis.delivery.choices import kind_of
from parvis.foundation.richtext import excerpt
from parvis.foundation.ui.formats import short_date, short_time
from parvis.mail.out import stopping
from parvis.mail.out.letters import Item, Letter, Quote, whole
from parvis.mail.out.quotes import Quotes
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine
from parvis.notifications.sentences import item_of, thread_name
from parvis.people.addresses import page_address
from parvis.people.models import Organization, Person

# Beyond that a mail is not read any more; the rest is counted.
MOST_LINES = 8


def letter_about(person: Person, lines: Sequence[InboxLine], quotes: Quotes) -> Letter:
    """Return the letter about these lines, in the language that is active."""
    lines = in_order(lines)
    items = items_of(person, lines[:MOST_LINES], quotes)
    return _about_one(person, lines[0], items[0]) if len(lines) == 1 else _about_several(person, lines, items)


def in_order(lines: Sequence[InboxLine]) -> list[InboxLine]:
    """Return what is urgent first: a letter shows the first ones."""
    return sorted(lines, key=lambda line: not line.notification.is_urgent)


def items_of(person: Person, lines: Sequence[InboxLine], quotes: Quotes) -> list[Item]:
    """Return what a letter shows of each line; `quotes` are what its reader may see now."""
    return [_item(person.organization, line, quotes[line.notification.subject]) for line in lines]


def _item(organization: Organization, line: InboxLine, quotes: list[Quote]) -> Item:
    shown, row = item_of(line), line.notification
    earlier = line.count - len(quotes) if quotes and row.entry_ids else 0
    return Item(
        url=whole(organization, shown.url),
        actor=shown.actor,
        sentence=shown.text,
        place=shown.place or (row.space.name if row.space is not None else ""),
        at=f"{short_date(row.happened_at)}, {short_time(row.happened_at)}",
        why=shown.reason,
        quotes=quotes,
        earlier=ngettext("%(count)s earlier one", "%(count)s earlier ones", earlier) % {"count": earlier}
        if earlier > 0
        else "",
        is_urgent=row.is_urgent,
        urgent_reason=shown.urgent_reason,
    )


def _about_one(person: Person, line: InboxLine, item: Item) -> Letter:
    row = line.notification
    kind, is_said = kind_of(row.reason), row.entry is not None or row.subject.startswith("room:")
    stops = [(_("No more mails about this conversation"), stopping.SUBJECT + row.subject)] if is_said else []
    if kind not in stopping.ALWAYS_TOLD:
        stops.append((_("No more mails of this kind"), stopping.KIND + kind))
    return Letter(
        subject=_subject(row, item),
        preheader=excerpt(item.quotes[-1].text, 140) if item.quotes else item.place,
        items=[item],
        button=_button(row, is_said=is_said),
        button_url=item.url,
        why=item.why,
        stops=[*_addressed(person, stops), _settings(person)],
    )


def _button(row: Notification, *, is_said: bool) -> str:
    if row.reason in {TO_ACKNOWLEDGE, REMINDER}:
        return _("Read and acknowledge")
    return _("Read and reply") if is_said else _("Have a look")


def _about_several(person: Person, lines: Sequence[InboxLine], items: list[Item]) -> Letter:
    more = len(lines) - len(items)
    others = len(lines) - 1
    first = excerpt(items[0].plain_sentence, 80)
    return Letter(
        subject=ngettext("%(first)s, and %(count)s more", "%(first)s, and %(count)s more", others)
        % {"first": first, "count": others},
        heading=ngettext("%(count)s thing for you", "%(count)s things for you", len(lines))
        % {"count": len(lines)},
        preheader=" · ".join(item.plain_sentence for item in items[1:4]),
        items=items,
        more_items=more_waiting(more),
        button=_("See my notifications"),
        button_url=page_address(person.organization, "notifications:inbox"),
        why=_("You have not read it in Parvis yet."),
        stops=[
            *_addressed(person, [(_("No more mails but the digest"), stopping.NOTICES)]),
            _settings(person),
        ],
    )


def more_waiting(number: int) -> str:
    """Say how many more wait, "" for none."""
    text = ngettext("%(count)s more waits.", "%(count)s more wait.", number) % {"count": number}
    return text if number > 0 else ""


def what_one_click_stops(lines: Sequence[InboxLine]) -> str:
    """Return what a mailbox's own button turns off: the one conversation, the one kind, or these mails."""
    if len(lines) > 1:
        return stopping.NOTICES
    row = lines[0].notification
    if row.entry is not None or row.subject.startswith("room:"):
        return stopping.SUBJECT + row.subject
    return stopping.KIND + kind_of(row.reason)


def newest_entry(line: InboxLine) -> tuple[Entry, UUID] | None:
    """Return an entry of a line's conversation, and the id of the last one that the line tells of."""
    row = line.notification
    if row.entry is None:
        return None
    return row.entry, row.entry_ids[0] if row.entry_ids else row.entry.id


def _subject(row: Notification, item: Item) -> str:
    """Mailboxes keep a conversation together by a subject that does not change."""
    if row.entry is None:
        return excerpt(item.plain_sentence, 120)
    newest = row.entry_ids[0] if row.entry_ids else row.entry.id
    name = thread_name(row.entry)
    return name if newest == row.entry.root_id else f"Re: {name}"


def _addressed(person: Person, stops: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, stopping.address_of(person, what)) for label, what in stops]


def _settings(person: Person) -> tuple[str, str]:
    return _("What is mailed to me"), page_address(person.organization, "mail:settings")
