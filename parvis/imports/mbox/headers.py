"""What a message's header says: who, when, answering what, on which list."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime

from parvis.imports.mbox.charsets import header

_IDENTIFIER = re.compile(r"<([^<>\s]{1,250})>")
_AT = re.compile(r"^(\S+) (?:at|AT|chez) (\S+\.\S+)(?: \((.*)\))?$")
_LIST = re.compile(r"<([^<>\s]{1,200})>")
_REPLY = re.compile(
    r"^\s*(?:(?:re|rép|rep|réf|ref|aw|antw|sv|vs|odp|res|r|tr|fw|fwd)\s*(?:\[\d+\]|\(\d+\))?\s*:\s*|\[[^\]]{1,60}\]\s*)",
    re.I,
)
_IS_REPLY = re.compile(
    r"^\s*(?:\[[^\]]{1,60}\]\s*)?(?:re|rép|rep|réf|aw|antw|sv|odp|res)\s*(?:\[\d+\]|\(\d+\))?\s*:", re.I
)
_FROM_LINE_DATE = re.compile(r"\w{3} +\w{3} +\d{1,2} +\d{1,2}:\d{2}(?::\d{2})?(?: +[\w+-]+)? +\d{4}")
EARLIEST = datetime(1975, 1, 1, tzinfo=UTC)
REFERENCES = 40


@dataclass(frozen=True, kw_only=True)
class Headers:
    """The header of one message, decoded."""

    id: str
    # What it answers, the closest first.
    answers: tuple[str, ...]
    first_answered: str
    subject: str
    is_reply: bool
    author: str
    author_name: str
    sent: datetime | None
    list_id: str
    list_name: str


def read_headers(data: bytes, separator: bytes, whole_digest: str) -> Headers:
    """Return what the header says; `whole_digest` names a message that bears no name."""
    message = BytesHeaderParser(policy=compat32).parsebytes(data)
    own = _identifiers(header(message, "Message-ID"))
    identifier = own[0] if own else f"sha256:{whole_digest}"
    references = _identifiers(header(message, "References", 20_000))
    replied = _identifiers(header(message, "In-Reply-To"))
    answers = [*reversed(references[-REFERENCES:]), *replied]
    answers = [answer for answer in dict.fromkeys(answers) if answer != identifier]
    author, name = _author(message)
    subject = header(message, "Subject")
    list_id, list_name = _list(message)
    return Headers(
        id=identifier,
        answers=tuple(answers),
        first_answered=next((known for known in (*references, *replied) if known != identifier), ""),
        subject=bare_subject(subject),
        is_reply=bool(_IS_REPLY.match(subject)),
        author=author,
        author_name=name,
        sent=_sent(message, separator),
        list_id=list_id,
        list_name=list_name,
    )


def _identifiers(value: str) -> list[str]:
    found = _IDENTIFIER.findall(value)
    bare = value.strip()
    return found or ([bare] if bare and " " not in bare and len(bare) <= 250 else [])


def bare_subject(subject: str) -> str:
    """Return the subject without what answering, forwarding and lists put before it."""
    for _ in range(12):
        shorter = _REPLY.sub("", subject)
        if shorter == subject or not shorter.strip():
            break
        subject = shorter
    return subject.strip()


def _author(message: Message) -> tuple[str, str]:
    value = header(message, "From")
    if " via " in value:  # lists that rewrite the sender keep the true one beside it
        value = header(message, "X-Original-From") or header(message, "Reply-To") or value
    if found := _AT.match(value.strip()):
        return f"{found[1]}@{found[2]}".lower(), (found[3] or found[1]).strip()
    name, address = parseaddr(value)
    if "@" not in address or any(character.isspace() for character in address):
        key = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:16]
        return f"unknown:{key}", (name or value or "?")[:150]
    return address.lower()[:250], (name or address.split("@")[0])[:150]


def _list(message: Message) -> tuple[str, str]:
    value = header(message, "List-Id")
    found = _LIST.search(value)
    if not found:
        return "", ""
    name = value[: found.start()].strip().strip('"')
    return found[1].lower(), name or found[1].split(".")[0]


def _sent(message: Message, separator: bytes) -> datetime | None:
    """Return when it was sent, from the first of its dates that can be true."""
    received = header(message, "Received").rpartition(";")[2]
    line = _FROM_LINE_DATE.search(separator.decode("ascii", "replace"))
    candidates = [header(message, "Date"), received, _as_mail_date(line[0]) if line else ""]
    return next((moment for value in candidates if (moment := _moment(value))), None)


def _as_mail_date(line: str) -> str:
    _, month, day, time, *rest = line.split()
    return f"{day} {month} {rest[-1]} {time} +0000"


def _moment(value: str) -> datetime | None:
    if not value.strip():
        return None
    try:
        moment = parsedate_to_datetime(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if EARLIEST <= moment <= datetime.now(UTC) + timedelta(days=1) else None
