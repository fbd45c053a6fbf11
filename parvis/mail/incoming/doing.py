"""From what a mail says to an action: a reply, a message, a post, or what a short answer means."""

from __future__ import annotations

import io
import re
from uuid import UUID

from parvis.chat.actions import MessageDraft, post_message
from parvis.chat.queries import find_room
from parvis.content.actions import AttachmentDraft, publish, reply
from parvis.content.actions.files import bring_file
from parvis.content.queries import find_visible
from parvis.delivery.answers import answers_to
from parvis.foundation.errors import NotFound
from parvis.mail.incoming.answers import answering
from parvis.mail.incoming.cutting import cut, without_signature
from parvis.mail.incoming.letters import Enclosed, Letter
from parvis.mail.incoming.tnef import unpacked
from parvis.mail.models import ReceivedMail
from parvis.notifications.actions import mark_read
from parvis.people.models import Person
from parvis.spaces.queries import find_readable

SHORT = 100
TITLE_LENGTH = 200
_PREFIX = re.compile(r"(?:(?:re|fw|fwd|tr)\s{0,2}:\s*){1,9}", re.IGNORECASE)
_PICTURE = re.compile(r"!\[[^\]\n]{0,80}\]\(cid:([^)\s]{1,300})\)")


class Refused(Exception):
    """A mail that does not act; `said` is what an action had against it."""

    def __init__(self, cause: ReceivedMail.Cause, *, said: str = "") -> None:
        super().__init__(cause)
        self.cause, self.said = cause, said


def do(person: Person, subject: str, entry_id: UUID | None, letter: Letter) -> str:
    """Do what a genuine mail of this person wants about a subject; return what that was."""
    kind, _colon, id = subject.partition(":")
    if kind == "space":
        return _post(person, UUID(id), letter)
    text = _written(letter, person)
    files = _meant_files(letter, person)
    if not text and not files:
        raise Refused(ReceivedMail.Cause.EMPTY)
    did = _short_answer(person, subject, entry_id, text) if not files else ""
    did = did or _answer(person, kind, entry_id or _id_in(id), text, files)
    mark_read(person=person, subject=subject)
    return did


def _id_in(text: str) -> UUID:
    try:
        # What is said of one version of something stands behind its id.
        return UUID(text.partition(":")[0])
    except ValueError:
        raise NotFound from None


def _short_answer(person: Person, subject: str, entry_id: UUID | None, text: str) -> str:
    """Do what one line means, where it means something; return its name, empty for an ordinary answer."""
    if "\n" in text or len(text) > SHORT:
        return ""
    with answering(entry_id):
        known = (answer for answer in answers_to(text) if answer.act(person, subject, text) is not None)
        answer = next(known, None)
    return "" if answer is None else answer.name


def _answer(person: Person, kind: str, id: UUID, text: str, files: list[Enclosed]) -> str:
    if kind == "room":
        room = find_room(person, id)
        drafts = _brought(person, files)
        post_message(author=person, room=room, draft=MessageDraft(body=text, files=drafts))
        return "message"
    if kind not in {"thread", "reactions", "announcement"}:
        # A request, an invitation: nothing that words could answer.
        raise NotFound
    entry = find_visible(person, id)
    reply(author=person, to=entry, body=text, attachments=_brought(person, files))
    return "reply"


def _post(person: Person, space_id: UUID, letter: Letter) -> str:
    space = find_readable(person, space_id)
    text = _PICTURE.sub("", without_signature(letter.text, names=[person.full_name])).strip()
    title = " ".join(_PREFIX.sub("", letter.subject, count=1).split())[:TITLE_LENGTH]
    files = [within for file in letter.files for within in unpacked(file)]
    if not text and not files and not title:
        raise Refused(ReceivedMail.Cause.EMPTY)
    publish(author=person, space=space, title=title, body=text, attachments=_brought(person, files))
    return "post"


def _written(letter: Letter, person: Person) -> str:
    return _PICTURE.sub("", cut(letter.text, names=[person.full_name])).strip()


def _meant_files(letter: Letter, person: Person) -> list[Enclosed]:
    """Return the files that the sender brought, without the pictures of quotes and signatures."""
    kept = set(_PICTURE.findall(cut(letter.text_of_html, names=[person.full_name])))
    return [
        within
        for file in letter.files
        if not file.content_id or not letter.text_of_html or file.content_id in kept
        for within in unpacked(file)
    ]


def _brought(person: Person, files: list[Enclosed]) -> list[AttachmentDraft]:
    """Judge and keep files as uploads are; one that may not be kept refuses the whole, so that nothing is lost."""
    stored = [bring_file(person=person, source=io.BytesIO(file.content), name=file.name) for file in files]
    return [AttachmentDraft(file_id=file.id) for file in stored]
