"""The headers that let mailboxes thread, sort and unsubscribe.

A mail about an entry is named after it, and answers the mail of its thread's first entry, whether that one was ever
sent or not: Gmail, Outlook and Thunderbird put all of one conversation together, in the same order everywhere.
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import formataddr
from uuid import UUID

from parvis.content.models import Entry
from parvis.foundation.mail import HEADERS
from parvis.people.addresses import page_address, root_of
from parvis.people.models import Organization, Person
from parvis.spaces.models import Space

_ENTRY = re.compile(r"<?entry\.([0-9a-f-]{36})@[^>\s]+>?")


def message_id_of(organization: Organization, entry_id: UUID) -> str:
    """Return the name of the mail about an entry, the same in every mailbox."""
    return f"<entry.{entry_id}@{_host(organization)}>"


def entry_id_in(message_id: str) -> UUID | None:
    """Return which entry a mail of ours was about, by its name; None for any other mail."""
    found = _ENTRY.fullmatch(message_id.strip())
    try:
        return UUID(found[1]) if found else None
    except ValueError:
        return None


def of_mail(organization: Organization, *, kind: str, name: str) -> dict[str, str]:
    """Return what every mail of ours says: a machine wrote it, no holiday notice should answer."""
    return {
        **HEADERS,
        "Precedence": "bulk",
        "Message-ID": f"<{name}@{_host(organization)}>",
        # Large mailboxes report complaints by it, not by person.
        "Feedback-ID": f"{kind}:{organization.slug}:parvis",
    }


def of_thread(organization: Organization, entry: Entry, newest_id: UUID) -> dict[str, str]:
    """Return where a mail stands in its conversation; `newest_id` is the last entry that it tells of."""
    root = message_id_of(organization, entry.root_id)
    if newest_id == entry.root_id:
        return {"Message-ID": root}
    return {"Message-ID": message_id_of(organization, newest_id), "In-Reply-To": root, "References": root}


def of_list(organization: Organization, space: Space | None) -> dict[str, str]:
    """Return the list that a mail is of: its space, or the organization."""
    host = _host(organization)
    if space is None:
        return {"List-Id": _named(organization.name, f"{organization.slug}.{host}")}
    return {
        "List-Id": _named(space.name, f"{space.id}.{organization.slug}.{host}"),
        "List-Archive": f"<{page_address(organization, 'spaces:show', space.id)}>",
    }


def of_stopping(address: str) -> dict[str, str]:
    """Return how one stops it: a mailbox's own button does it with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def to(person: Person) -> str:
    """Return somebody's address with their name."""
    return formataddr((" ".join(person.full_name.split()), person.email))


def _named(name: str, id: str) -> str:
    # A phrase of RFC 2919: quoted, so that a comma or a bracket in a name changes nothing; the id stays readable.
    shown = " ".join(name.split()).replace("\\", "").replace('"', "")
    phrase = f'"{shown}"' if shown.isascii() else Header(shown, "utf-8", maxlinelen=400).encode()
    return f"{phrase} <{id}>"


def _host(organization: Organization) -> str:
    return root_of(organization).partition("://")[2].partition(":")[0]
