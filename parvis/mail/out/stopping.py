"""Stopping mails: what an address in a mail turns off, without signing in, and what it says that it turns off.

Whoever holds a mail holds its address: it is signed, and it can only make mails fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.delivery import actions as delivery
from parvis.delivery.choices import choices_of
from parvis.delivery.models import Choice
from parvis.foundation.errors import NotFound
from parvis.foundation.prepared import any_of, prepared
from parvis.mail.models import DigestChoice, QuietSubject
from parvis.people.addresses import page_address
from parvis.people.models import Person

SALT = "mail.stopping"
CHANNEL = "mail"
DIGEST, NOTICES, EVERYTHING = "digest", "notices", "everything"
SUBJECT, KIND = "subject:", "kind:"
# What has to be told is still told: an announcement that asks to be acknowledged.
ALWAYS_TOLD = {Choice.Kind.ANNOUNCEMENT}


@dataclass(frozen=True)
class Stop:
    """Whose mails are to stop, and which: "subject:thread:…", "kind:reply", "digest", "notices" or "everything"."""

    person_id: UUID
    what: str


def address_of(person: Person, what: str) -> str:
    """Return the address that stops these mails."""
    return page_address(person.organization, "mail:stop", token_of(person, what))


def token_of(person: Person, what: str) -> str:
    """Return what proves that a mail was for this person."""
    return signing.dumps([str(person.id), what], salt=SALT)


def read_token(token: str) -> Stop:
    """Return what a token stops; `NotFound` for one that is not ours."""
    try:
        person_id, what = signing.loads(token, salt=SALT)
        return Stop(UUID(person_id), str(what))
    except (signing.BadSignature, ValueError):
        raise NotFound from None


def person_of(stop: Stop) -> Person:
    """Return whose mails they are, in the bound organization."""
    person: Person | None = (
        Person.objects.select_related("organization").filter(pk=stop.person_id).exclude(identity=None).first()
    )
    if person is None:
        raise NotFound
    return person


def stop(person: Person, what: str) -> None:
    """Turn off what an address stands for; doing so twice changes nothing more."""
    if what.startswith(SUBJECT):
        QuietSubject.objects.get_or_create(person=person, subject=what.removeprefix(SUBJECT)[:80])
    elif what.startswith(KIND):
        _choose(person, what.removeprefix(KIND), Choice.When.NEVER)
    elif what == DIGEST:
        choose_rhythm(person, DigestChoice.Rhythm.NEVER)
    elif what == NOTICES:
        for kind, chosen in choices_of(person)[CHANNEL].items():
            if chosen.when == Choice.When.NOW:
                _choose(person, kind, Choice.When.DIGEST)
    elif what == EVERYTHING:
        for kind in Choice.Kind.values:
            _choose(person, kind, Choice.When.NEVER)
        choose_rhythm(person, DigestChoice.Rhythm.NEVER)
    else:
        raise NotFound


def offered(what: str) -> list[str]:
    """Return what can be turned off with an address: what it stands for first, then more, to all mails."""
    return list(dict.fromkeys([what, NOTICES, EVERYTHING] if what != DIGEST else [DIGEST, EVERYTHING]))


def described(what: str) -> str:
    """Return what is turned off, in words."""
    if what.startswith(SUBJECT):
        return _("Mails about this conversation. You still find it among your notifications.")
    if what.startswith(KIND):
        kind = what.removeprefix(KIND)
        label = Choice.Kind(kind).label if kind in Choice.Kind.values else kind
        return _("Mails of this kind: %(kind)s.") % {"kind": label}
    if what == DIGEST:
        return _("The digest of what is new.")
    if what == NOTICES:
        return _("Mails about what happens. It is in the digest instead, if you receive one.")
    return _("All mails about what happens, the digest included. Announcements that you must see still come.")


def quiet_subjects_of(asked: Sequence[tuple[Person, list[str]]]) -> list[set[str]]:
    """Return the subjects among these of which each of several people wants no mails, with one statement."""
    return [set(found) for found in _quiet.each([(person.id, subjects) for person, subjects in asked])]


@prepared
def _quiet(person_id: UUID, subjects: list[str]) -> QuerySet[QuietSubject, str]:
    among = any_of("mail_quietsubject.subject", subjects, array="text[]")
    return QuietSubject.objects.filter(among, person_id=person_id).values_list("subject", flat=True)


def quiet_rows(person: Person) -> list[QuietSubject]:
    """Return all of which somebody wants no mails, the latest first."""
    return list(QuietSubject.objects.filter(person=person).order_by("-created_at"))


def choose_rhythm(person: Person | None, rhythm: str) -> None:
    """Keep how often a digest comes: to somebody, or to whoever has not chosen (no person)."""
    DigestChoice.objects.update_or_create(person=person, defaults={"rhythm": rhythm})


def _choose(person: Person, kind: str, when: str) -> None:
    if kind in Choice.Kind.values and kind not in ALWAYS_TOLD:
        delivery.choose(person=person, channel=CHANNEL, kind=kind, when=when)
