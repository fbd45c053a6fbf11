"""What a message says: the sentence of its line, never what somebody wrote; and what else still waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parvis.notifications.queries import InboxLine, unread_count, unread_ids
from parvis.notifications.sentences import InboxItem, item_of
from parvis.people.addresses import path_of
from parvis.people.models import Person
from parvis.push import queries
from parvis.push.models import Wording
from parvis.push.sending import Message, topic_of

A_DAY = timedelta(days=1)
SENTENCES = 3
SENTENCE_LIMIT = 180
# The lines that a device may still show: those it shows beyond these were read elsewhere.
WAITING_TOLD = 30


def message_of(
    person: Person, lines: Sequence[InboxLine], *, lasts: timedelta = A_DAY, is_urgent: bool = False
) -> Message:
    """Return one message about these lines, in the person's language: a line alone, or several together."""
    one = lines[0] if len(lines) == 1 else None
    subject = one.notification.subject if one is not None else "inbox"
    return Message(
        payload=_payload(person, lines, is_urgent=is_urgent),
        topic=topic_of(f"{person.id} {subject}"),
        lasts=lasts,
        urgency="high" if is_urgent else "normal",
    )


def trial_of(person: Person) -> Message:
    """Return the message by which somebody sees that a device can be called."""
    payload = _common(person) | {
        "title": _("Parvis can reach you here"),
        "body": person.organization.name,
        "tag": "trial",
        "url": path_of(None, "push:devices"),
    }
    return Message(payload=payload, topic=topic_of(f"{person.id} trial"), lasts=timedelta(minutes=5))


def _payload(person: Person, lines: Sequence[InboxLine], *, is_urgent: bool) -> dict[str, Any]:
    items = [item_of(line) for line in lines]
    is_one = len(items) == 1
    title, body = _words(person, items)
    return _common(person) | {
        "title": title,
        "body": body,
        "tag": str(items[0].id) if is_one else "inbox",
        "url": path_of(None, "notifications:open", items[0].id)
        if is_one
        else path_of(None, "notifications:inbox"),
        "at": _milliseconds(max(item.created_at for item in items)),
        "urgent": is_urgent,
    }


def _words(person: Person, items: Sequence[InboxItem]) -> tuple[str, str]:
    count = len(items)
    waiting = ngettext("%(count)s conversation calls you", "%(count)s conversations call you", count)
    if queries.wording() == Wording.Says.NOTHING:
        return person.organization.name, waiting % {"count": count}
    if count == 1:
        return _plain(items[0]), " · ".join(filter(None, [items[0].place, person.organization.name]))
    told = [_plain(item) for item in items[:SENTENCES]]
    more = count - len(told)
    rest = ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    return waiting % {"count": count}, "\n".join([*told, *([rest] if more else [])])


def _plain(item: InboxItem) -> str:
    text = item.text.striptags()
    return text if len(text) <= SENTENCE_LIMIT else f"{text[: SENTENCE_LIMIT - 1]}…"


def _common(person: Person) -> dict[str, Any]:
    return {
        "unread": unread_count(person),
        "waiting": [str(id) for id in unread_ids(person, most=WAITING_TOLD)],
        "lang": get_language() or "en",
        "at": _milliseconds(timezone.now()),
    }


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
