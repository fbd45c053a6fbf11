"""The addresses that mail comes in at: each is one person's alone, signed, and says nothing about what it is for.

    reply_address(bob, "thread:0198…")   →  r1k5xq…@reply.example.org       (or parvis+r1k5xq…@example.org)
    space_address(bob, lounge)           →  s1m2vd…@reply.example.org

Behind the letter of what it is for and the version stands the id of a `GivenAddress` and a fingerprint of it (HMAC),
in letters and digits that survive any change of case: 41 characters. Nobody can invent one, an old one goes stale,
and `revoke_addresses` makes all that somebody was given worthless at once.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parvis.foundation.prepared import any_of, prepared
from parvis.foundation.tenancy import system_scope
from parvis.mail.models import GivenAddress
from parvis.people.models import Person
from parvis.spaces.models import Space

# Whose an address is, about what, and what a reply answers.
Key = tuple[UUID, str, UUID | None]
REPLY, SPACE = "r", "s"
VERSION = "1"
# Without having been shown again. What is in an address book may rest longer than a notification.
STALE_AFTER = {REPLY: timedelta(days=180), SPACE: timedelta(days=730)}
# An address that is shown again is younger, but not written down each time.
_TOUCHED_AFTER = timedelta(days=7)
_SIGNATURE_BYTES = 8
_LOCAL_PART = re.compile(rf"(?:[^@\s]{{1,40}}\+)?([{REPLY}{SPACE}]){VERSION}([a-z2-7]{{39}})")


@dataclass(frozen=True)
class Destination:
    """Where a genuine address leads: whose it is, in which organization, and about what."""

    given_id: UUID
    organization_id: UUID
    person_id: UUID
    subject: str
    entry_id: UUID | None
    given_at: datetime

    @property
    def is_stale(self) -> bool:
        """Tell whether it is too old to act."""
        kind = SPACE if self.subject.startswith("space:") else REPLY
        return self.given_at < timezone.now() - STALE_AFTER[kind]


def mail_comes_in() -> bool:
    """Tell whether this installation receives mail at all."""
    return bool(settings.PARVIS.mail_domain)


def reply_address(person: Person, subject: str, *, entry_id: UUID | None = None) -> str:
    """Return where this person's answer about a line of their inbox goes; "" where no mail comes in.

    `entry_id` is what a reply answers, when it is not the beginning of the thread.
    """
    return reply_addresses([(person, subject, entry_id)])[0]


def reply_addresses(wanted: Sequence[tuple[Person, str, UUID | None]]) -> list[str]:
    """Return the same for several people, in few statements."""
    return _addresses_of(REPLY, wanted)


def space_address(person: Person, space: Space) -> str:
    """Return where this person writes to begin something in a space; "" where no mail comes in."""
    return _addresses_of(SPACE, [(person, f"space:{space.id}", None)])[0]


def revoke_addresses(person: Person) -> int:
    """Make every address that somebody was given worthless; the next mails and pages give new ones."""
    revoked: int = GivenAddress.objects.filter(person=person).delete()[0]
    return revoked


def is_genuine(address: str) -> bool:
    """Tell whether an address was made here, without asking the database."""
    return _given_id(address) is not None


def find_destination(address: str) -> Destination | None:
    """Return where an address leads, in whichever organization; None for one that is invented or revoked."""
    given_id = _given_id(address)
    if given_id is None:
        return None
    with system_scope():
        # No organization is bound yet: the signature found the row, and the row says which it is.
        rows = GivenAddress._base_manager.filter(pk=given_id)
        given = rows.values_list("organization_id", "person_id", "subject", "entry_id", "given_at").first()
    return None if given is None else Destination(given_id, *given)


def _addresses_of(kind: str, wanted: Sequence[tuple[Person, str, UUID | None]]) -> list[str]:
    if not mail_comes_in() or not wanted:
        return ["" for _each in wanted]
    keys = [(person.id, subject, entry_id) for person, subject, entry_id in wanted]
    given = _given(keys)
    missing = [key for key in dict.fromkeys(keys) if key not in given]
    if missing:
        new = [GivenAddress(person_id=key[0], subject=key[1], entry_id=key[2]) for key in missing]
        # Another page or mail may give the same at this moment: whichever was first holds.
        GivenAddress.objects.bulk_create(new, ignore_conflicts=True)
        given |= _given(missing)
    touched = timezone.now()
    old = [row.id for row in given.values() if row.given_at < touched - _TOUCHED_AFTER]
    GivenAddress.objects.filter(id__in=old).update(given_at=touched)
    return [_written(kind, given[key].id) for key in keys]


def _given(keys: Sequence[Key]) -> dict[Key, GivenAddress]:
    """Return what was given of these; the database is asked for a few more, by person and subject."""
    people, subjects = [key[0] for key in keys], list(dict.fromkeys(key[1] for key in keys))
    rows = {(row.person_id, row.subject, row.entry_id): row for row in _given_to(people, subjects)}
    return {key: rows[key] for key in keys if key in rows}


@prepared
def _given_to(people: list[UUID], subjects: list[str]) -> QuerySet[GivenAddress]:
    of_people = any_of("mail_givenaddress.person_id", people)
    return GivenAddress.objects.filter(
        of_people, any_of("mail_givenaddress.subject", subjects, array="text[]")
    )


def _written(kind: str, id: UUID) -> str:
    mailbox, _at, domain = (settings.PARVIS.mail_domain or "").rpartition("@")
    code = base64.b32encode(id.bytes + _signature(kind, id)).decode().lower().rstrip("=")
    return f"{mailbox}{'+' if mailbox else ''}{kind}{VERSION}{code}@{domain}"


def _given_id(address: str) -> UUID | None:
    local, _at, domain = address.strip().strip("<>").casefold().rpartition("@")
    found = _LOCAL_PART.fullmatch(local)
    if found is None or domain != (settings.PARVIS.mail_domain or "").rpartition("@")[2].casefold():
        return None
    try:
        raw = base64.b32decode(found[2].upper() + "=")
    except binascii.Error:
        return None
    id = UUID(bytes=raw[:16])
    return id if hmac.compare_digest(raw[16:], _signature(found[1], id)) else None


def _signature(kind: str, id: UUID) -> bytes:
    salt = f"parvis.mail.addresses.{kind}{VERSION}"
    return salted_hmac(salt, id.bytes, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
