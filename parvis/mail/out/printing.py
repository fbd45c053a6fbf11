"""A letter is printed once for all to whom it says the same; each copy then gets the addresses that are its own.

    press = Press()
    press.sealed(draft, sent)       what the mail server is given for this person

Signed addresses, the recipient's and the mail's name differ from copy to copy. They are printed as marks, which nobody
can guess, and set into the finished mail: of ten thousand letters about one post, two are rendered, French and English.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from parvis.foundation import relay
from parvis.foundation.mail import sender_called
from parvis.mail.models import SentMail
from parvis.mail.out import headers
from parvis.mail.out.letters import Letter, as_read_by, html_of, language_of, text_of
from parvis.mail.out.return_paths import return_path
from parvis.people.models import Person

_SECRET = secrets.token_hex(8)
_HOST = "@copy.invalid"
_MARK = re.compile(rf"mark{_SECRET}n(\d+)e(?:{re.escape(_HOST)})?".encode())
# What stands for itself in HTML, in text and in a header.
_PLAIN = re.compile(r"[!#$%()*+,./0-9:;=?@A-Z\[\]^_`a-z{|}~ -]*")
_QUOTED = re.compile(
    rb"^content-transfer-encoding: *(?:quoted-printable|base64)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter to somebody, before it is printed."""

    person: Person
    letter: Letter
    kind: str
    headers: dict[str, str]
    # The address that stops such mails, "" where there is none.
    stop: str = ""
    # The subjects of the inbox's lines that it tells of.
    subjects: Sequence[str] = ()
    shown_name: str = ""
    reply_to: str = ""


class Press:
    """Prints some letters, one after the other."""

    def __init__(self) -> None:
        # By all that is the same; None for what cannot be printed from a plate.
        self._plates: dict[str, bytes | None] = {}

    def sealed(self, draft: Draft, sent: SentMail) -> relay.Sealed:
        """Return what the mail server is given."""
        marks = _Marks()
        marked = _copy(draft, sent, marks.put)
        key = repr((draft.person.organization_id, language_of(draft.person), marked))
        if key not in self._plates:
            self._plates[key] = _plate(marked, len(marks.values))
        plate = self._plates[key]
        if plate is None or not marks.are_plain:
            return relay.sealed(message_of(draft, sent))
        recipient = sanitize_address(headers.to(draft.person), "utf-8")
        return relay.Sealed(return_path(sent), [recipient], _MARK.sub(marks.value_of, plate))


def message_of(draft: Draft, sent: SentMail) -> EmailMultiAlternatives:
    """Return one letter, printed by itself."""
    message = _message(_copy(draft, sent, lambda value, _host="": value))
    message.from_email = return_path(sent)
    return message


@dataclass(frozen=True)
class _Copy:
    """One copy's words, with its addresses or with marks in their places."""

    person: Person = field(repr=False)
    letter: Letter
    to: str
    reply_to: str
    headers: dict[str, str]


Put = Callable[..., str]


def _copy(draft: Draft, sent: SentMail, put: Put) -> _Copy:
    organization, letter = draft.person.organization, draft.letter
    found = {
        "From": sender_called(draft.shown_name or organization.name),
        "Content-Language": language_of(draft.person),
        **headers.of_mail(organization, kind=draft.kind, name=f"{draft.kind}.{sent.id}"),
    }
    found["Message-ID"] = f"<{put(found['Message-ID'].strip('<>'))}>"
    if draft.stop:
        found |= headers.of_stopping(put(draft.stop))
    words = replace(
        letter,
        items=[replace(item, url=put(item.url)) for item in letter.items],
        posts=[replace(post, url=put(post.url)) for post in letter.posts],
        button_url=put(letter.button_url),
        stops=[(label, put(url)) for label, url in letter.stops],
    )
    to = put(sanitize_address(headers.to(draft.person), "utf-8"), _HOST)
    reply_to = put(sanitize_address(draft.reply_to, "utf-8"), _HOST) if draft.reply_to else ""
    return _Copy(draft.person, words, to, reply_to, found | draft.headers)


def _message(copy: _Copy) -> EmailMultiAlternatives:
    with as_read_by(copy.person):
        text, html = text_of(copy.letter), html_of(copy.letter, copy.person.organization)
    message = EmailMultiAlternatives(
        subject=" ".join(copy.letter.subject.split()),
        body=text,
        to=[copy.to],
        reply_to=[copy.reply_to] if copy.reply_to else None,
        headers=copy.headers,
    )
    message.attach_alternative(html, "text/html")
    return message


def _plate(copy: _Copy, marks: int) -> bytes | None:
    """Return the finished mail with its marks; None where an encoding took one apart."""
    content = relay.sealed(_message(copy)).content
    printed = {int(found[1]) for found in _MARK.finditer(content)}
    # A thread's mail is named after its entry: that name of its own is not used.
    is_whole = printed | {0} == set(range(marks)) and not _QUOTED.search(content)
    return content if is_whole else None


class _Marks:
    """The values of one copy, each behind its mark."""

    def __init__(self) -> None:
        self.values: list[str] = []
        # Whether all of them can be set as they are; in a header of addresses, they always can.
        self.are_plain = True

    def put(self, value: str, host: str = "") -> str:
        """Keep a value; return what is printed in its place."""
        if value not in self.values:
            self.values.append(value)
            self.are_plain &= bool(host) or _PLAIN.fullmatch(value) is not None
        return f"mark{_SECRET}n{self.values.index(value)}e{host}"

    def value_of(self, mark: re.Match[bytes]) -> bytes:
        """Return what a mark stands for."""
        return self.values[int(mark[1])].encode("ascii")
