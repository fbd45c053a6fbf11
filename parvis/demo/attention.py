"""What spares the people of the demo: calls that could not wait, lines put off, silence, a phone, mails that left and came."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from parvis.demo.walls import Written
from parvis.foundation.tenancy import new_id
from parvis.mail.models import ReceivedMail, SentMail
from parvis.notifications import pausing, snoozing
from parvis.notifications.models import Notification
from parvis.people.live import mark_of
from parvis.people.models import Person
from parvis.people.sessions import SessionStore
from parvis.push.models import Device
from parvis.spaces.models import Space
from parvis.worktime.models import UrgentCall

PHONE = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
# Who is silent about what, for how many hours; without a space about everything.
SILENT = (
    ("sofiane.meziane", "everyone", 40),
    ("nadia.belkacem", "", 3),
    ("priya.nair", "nordet", 66),
    ("alexis.roman", "everyone", 20),
)
MAIL_DAYS = 21
CAME_IN = (
    ("sofiane.meziane", "done", "", "reply"),
    ("priya.nair", "done", "", "reply"),
    ("gerard.malosse", "done", "", "reply"),
    ("thierry.pons", "done", "", "acknowledge"),
    ("lucie.berthet", "done", "", "acknowledge"),
    ("bruno.vacher", "refused", "automatic", ""),
    ("thomas.keller", "done", "", "post"),
    ("fatou.ndiaye", "done", "", "react"),
    ("jordan.petit", "refused", "stale", ""),
    ("sarah.whitfield", "done", "", "reply"),
    ("nadia.belkacem", "refused", "empty", ""),
    ("dominique.faure", "done", "", "vote"),
)


def spare(
    people: dict[str, Person],
    spaces: dict[str, Space],
    written: list[Written],
    *,
    now: datetime,
    ringing: Collection[str],
) -> None:
    """Let every page of attention have something to show."""
    _call(written)
    for key in ringing:
        _put_off(people[key])
    for key, space, hours in SILENT:
        until = now + timedelta(hours=hours)
        pausing.pause(person=people[key], until=until, space=spaces[space] if space else None)
    _carry_phones([people["sofiane.meziane"], people["priya.nair"]], now=now)
    _mail(people, now=now)


def _call(written: list[Written]) -> None:
    """Mark what its author said cannot wait, in the inboxes of those whom it names, too."""
    for item in written:
        if item.line.urgent:
            subject = f"thread:{item.entry.id}"
            UrgentCall.objects.create(
                sender=item.entry.author,
                about_id=item.entry.id,
                subject=subject,
                reason=item.line.urgent,
                marked_at=item.entry.published_at,
            )
            lines = Notification.objects.filter(subject=subject, person__in=item.text.mentioned)
            lines.update(is_urgent=True)


def _put_off(person: Person) -> None:
    """Let two lines that were read come back: tomorrow, and next week."""
    read = Notification.objects.filter(person=person, read_at__isnull=False, is_urgent=False)
    lines = read.filter(subject__startswith="thread:")
    moments = [at for name, _label, at in snoozing.moments_for(person) if name in {"tomorrow", "week"}]
    for line, until in zip(lines.order_by("-happened_at", "-id")[:2], moments, strict=False):
        snoozing.snooze(person=person, subject=line.subject, until=until)


def _carry_phones(people: list[Person], *, now: datetime) -> None:
    """Let a phone stand in their lists: no service answers at its address, and its session signs nobody in."""
    for person in people:
        session = SessionStore()
        session.set_expiry(timedelta(days=60))
        session.create()
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        Device.objects.create(
            person=person,
            endpoint=f"https://push.hivernel.example/{new_id()}",
            p256dh=_plain(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
            auth=_plain(person.id.bytes),
            user_agent=PHONE,
            session_key=session.session_key or "",
            mark=mark_of(person),
            created_at=now - timedelta(days=12),
            last_used_at=now - timedelta(hours=5),
        )


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _mail(people: dict[str, Person], *, now: datetime) -> None:
    """Write down three weeks of mails: few that left, and fewer that came in. No text is kept of either."""
    states = SentMail.State
    for person in people.values():
        dice = zlib.crc32(person.full_name.encode())
        for place, days in enumerate(range(1 + dice % 6, MAIL_DAYS, 11 + dice % 9)):
            at = now - timedelta(days=days, minutes=dice % 400)
            SentMail.objects.create(
                person=person,
                kind=SentMail.Kind.DIGEST if place % 3 == 0 else SentMail.Kind.NOTICE,
                address=person.email,
                state=states.BOUNCED if dice % 61 == 0 else states.SENT,
                created_at=at,
                settled_at=at + timedelta(seconds=2),
            )
    for place, (key, state, cause, did) in enumerate(CAME_IN):
        at = now - timedelta(hours=7 + 31 * place, minutes=place * 13 % 60)
        ReceivedMail.objects.create(
            fingerprint=sha256(f"{key} {place}".encode()).hexdigest(),
            person=people[key],
            subject="thread:demo",
            sender=people[key].email,
            size_bytes=2_100 + 317 * place,
            state=state,
            cause=cause,
            did=did,
            received_at=at,
            settled_at=at + timedelta(seconds=1),
        )
