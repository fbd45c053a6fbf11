"""The channel "mail": what concerns somebody and was not read within some minutes, in one letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.announcements.models import Announcement
from parvis.announcements.queries import asked_by, question_of
from parvis.announcements.reasons import REMINDER, TO_ACKNOWLEDGE
from parvis.delivery.channels import Channel, Leaving, Waiting, register
from parvis.delivery.models import Choice
from parvis.mail.addresses import reply_addresses
from parvis.mail.models import SentMail
from parvis.mail.out import headers, mailboxes, stopping
from parvis.mail.out.leaving import forget_unsent, prepare_all
from parvis.mail.out.letters import as_read_by
from parvis.mail.out.notices import MOST_LINES, in_order, letter_about, newest_entry, what_one_click_stops
from parvis.mail.out.printing import Draft
from parvis.mail.out.quotes import Quotes, quotes_of
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

Kind, When = Choice.Kind, Choice.When
# Somebody who is there reads it in a window meanwhile, and is spared the mail.
DELAY = timedelta(minutes=10)


def reaches(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return who has a mailbox that takes mails; nobody where no mail server is set."""
    return mailboxes.with_mailbox(people) if settings.HAS_MAIL_SERVER else people.none()


def write(waiting: Sequence[Waiting]) -> Leaving:
    """Return what sends these people the letters about what waits; nothing for whoever wants no mail about it."""
    wanted = _wanted(waiting) if settings.HAS_MAIL_SERVER else []
    quotes = quotes_of([(each.person, in_order(each.lines)[:MOST_LINES]) for each in wanted])
    replies = _reply_addresses(wanted)
    asking = asked_by({line.notification.subject for each in wanted for line in each.lines})
    drafts = [
        _draft(each.person, each.lines, quoted, replies.get(each.person.id, ""), asking)
        for each, quoted in zip(wanted, quotes, strict=True)
    ]
    return prepare_all(drafts)


def _wanted(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return whom to write about what: who has a mailbox, and what they have not asked to be quiet."""
    reached = mailboxes.that_can_be_mailed([each.person.id for each in waiting])
    waiting = [each for each in waiting if each.person.id in reached]
    quiet = stopping.quiet_subjects_of(
        [(each.person, [line.notification.subject for line in each.lines]) for each in waiting]
    )
    wanted = [
        Waiting(each.person, [line for line in each.lines if line.notification.subject not in some])
        for each, some in zip(waiting, quiet, strict=True)
    ]
    return [each for each in wanted if each.lines]


def _draft(
    person: Person, lines: list[InboxLine], quotes: Quotes, reply_to: str, asking: dict[str, Announcement]
) -> Draft:
    only = lines[0] if len(lines) == 1 else None
    with as_read_by(person):
        letter = letter_about(person, lines, quotes)
        if reply_to:
            # In the words that `incoming.cutting` knows as ours.
            letter.reply_line = gettext("Write above this line to reply")
            letter.hint = _how_to_answer(only, asking)
        return Draft(
            person=person,
            letter=letter,
            kind=SentMail.Kind.NOTICE,
            stop=stopping.address_of(person, what_one_click_stops(lines)),
            headers=_headers(person, lines),
            subjects=[line.notification.subject for line in lines],
            shown_name=_shown_name(person, only),
            reply_to=reply_to,
        )


def _headers(person: Person, lines: list[InboxLine]) -> dict[str, str]:
    organization = person.organization
    found: dict[str, str] = {}
    only = lines[0] if len(lines) == 1 else None
    thread = newest_entry(only) if only is not None else None
    if only is not None:
        found["X-Parvis-Reason"] = only.notification.reason
    if any(line.notification.is_urgent for line in lines):
        found["Importance"] = "high"
    if thread is None:
        return found | headers.of_list(organization, None)
    entry, newest_id = thread
    return (
        found | headers.of_list(organization, entry.space) | headers.of_thread(organization, entry, newest_id)
    )


def _reply_addresses(wanted: Sequence[Waiting]) -> dict[UUID, str]:
    """Return where an answer of each goes. Several things cannot be answered at once, and some not at all."""
    only = [(each.person, each.lines[0].notification) for each in wanted if len(each.lines) == 1]
    said = [(person, row) for person, row in only if row.entry is not None or row.subject.startswith("room:")]
    addresses = reply_addresses([(person, row.subject, _answered_in(row)) for person, row in said])
    return {person.id: address for (person, _row), address in zip(said, addresses, strict=True)}


def _answered_in(row: Notification) -> UUID | None:
    """Return the one reply that a line tells of, None where it tells of the beginning or of several."""
    is_one_reply = row.entry is not None and len(row.entry_ids) == 1 and row.entry_ids[0] != row.entry.root_id
    return row.entry_ids[0] if is_one_reply else None


def _how_to_answer(line: InboxLine | None, asking: dict[str, Announcement]) -> str:
    """Say what an answer does; words that act are those that incoming mail knows."""
    if line is not None and line.notification.reason in {TO_ACKNOWLEDGE, REMINDER}:
        # What is written down as evidence has been read before it is said.
        announcement = asking.get(line.notification.subject)
        if announcement is not None:
            return gettext("To say “%(words)s”, you can also answer this mail with one word: “read”.") % {
                "words": question_of(announcement)
            }
    if line is not None and line.notification.subject.startswith("thread:"):
        return gettext(
            "You can also simply answer this mail. “+1” reacts, “stop” keeps this conversation quiet for you."
        )
    return gettext("You can also simply answer this mail.")


def _shown_name(person: Person, line: InboxLine | None) -> str:
    """Who wrote is seen in the list of mails already."""
    organization: str = person.organization.name
    if line is None or len(line.actors) != 1:
        return organization
    return f"{line.actors[0].full_name} · {organization}"


register(
    Channel(
        name=stopping.CHANNEL,
        label=_("Mail"),
        delay=DELAY,
        reaches=reaches,
        write=write,
        never_left=forget_unsent,
        at_first={
            Kind.DIRECT: When.NOW,
            Kind.MENTION: When.NOW,
            Kind.REPLY: When.NOW,
            Kind.ANNOUNCEMENT: When.NOW,
            Kind.SPACE: When.NOW,
            Kind.NOTICE: When.NOW,
            Kind.POST: When.DIGEST,
            Kind.REACTION: When.NEVER,
        },
    )
)
