"""The channel "mail": what concerns somebody and was not read within some minutes, in one letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.delivery.channels import Channel, register
from parvis.delivery.choices import kind_of
from parvis.delivery.models import Choice
from parvis.mail.addresses import reply_address
from parvis.mail.models import SentMail
from parvis.mail.out import headers, mailboxes, stopping
from parvis.mail.out.leaving import prepare
from parvis.mail.out.letters import as_read_by
from parvis.mail.out.notices import letter_about, newest_entry, what_one_click_stops
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

Kind, When = Choice.Kind, Choice.When
# Somebody who is there reads it in a window meanwhile, and is spared the mail.
DELAY = timedelta(minutes=10)


def reaches(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return who has a mailbox that takes mails; nobody where no mail server is set."""
    return mailboxes.with_mailbox(people) if settings.HAS_MAIL_SERVER else people.none()


def write(person: Person, lines: list[InboxLine]) -> Callable[[], None] | None:
    """Return what sends somebody the letter about these lines; None when they want no mail about any."""
    quiet = stopping.quiet_subjects(person, [line.notification.subject for line in lines])
    wanted = [line for line in lines if line.notification.subject not in quiet]
    if not wanted or not settings.HAS_MAIL_SERVER or not mailboxes.can_be_mailed(person):
        return None
    with as_read_by(person):
        letter = letter_about(person, wanted)
        only = wanted[0] if len(wanted) == 1 else None
        reply_to = _reply_to(person, only) if only is not None else ""
        if reply_to:
            letter.hint = _how_to_answer(only)
        return prepare(
            person,
            letter,
            kind=SentMail.Kind.NOTICE,
            more_headers=_headers(person, wanted),
            subjects=[line.notification.subject for line in wanted],
            shown_name=_shown_name(person, only),
            reply_to=reply_to,
        )


def _headers(person: Person, lines: list[InboxLine]) -> dict[str, str]:
    organization = person.organization
    stop = stopping.address_of(person, what_one_click_stops(lines))
    found = headers.of_stopping(stop)
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


def _reply_to(person: Person, line: InboxLine) -> str:
    """Several things cannot be answered at once."""
    row = line.notification
    if row.entry is None and not row.subject.startswith("room:"):
        return ""
    is_one_reply = row.entry is not None and len(row.entry_ids) == 1 and row.entry_ids[0] != row.entry.root_id
    return reply_address(person, row.subject, entry_id=row.entry_ids[0] if is_one_reply else None)


def _how_to_answer(line: InboxLine | None) -> str:
    """Say what an answer does; words that act are those that incoming mail knows."""
    if line is not None and kind_of(line.notification.reason) == Kind.ANNOUNCEMENT:
        return gettext("You can also acknowledge by answering this mail with one word: “read”.")
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
