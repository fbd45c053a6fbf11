"""Short answers that a whole conversation understands: a sign of thanks, enough of it, “read”."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.utils.translation import gettext as _
from emoji import is_emoji

from parvis.chat.actions import change_place
from parvis.chat.queries import find_room
from parvis.content.actions import mute_thread, react
from parvis.content.queries import find_visible
from parvis.delivery.answers import Answer, normalized, register_answer
from parvis.notifications.actions import mark_read
from parvis.people.models import Person

THUMB, THANKS = "👍", "🙏"
THUMB_WORDS = {
    "en": ("+1", "ok", "okay", "agreed", "great", "well done", "congratulations", "congrats"),
    "fr": ("+1", "ok", "d'accord", "d’accord", "bravo", "félicitations", "super", "parfait"),
}
THANKS_WORDS = {
    "en": ("thanks", "thank you", "many thanks", "thanks a lot", "thx"),
    "fr": ("merci", "merci beaucoup", "un grand merci", "mille mercis", "merci bien"),
}
READ_WORDS = {"en": ("read", "noted", "seen"), "fr": ("lu", "noté", "vu", "bien lu", "bien noté")}
STOP_WORDS = {
    "en": ("stop", "mute", "unfollow", "enough"),
    "fr": ("stop", "silence", "ne plus suivre", "assez"),
}

# The very entry that the line tells of, where it is not the beginning of its thread.
_answered: ContextVar[UUID | None] = ContextVar("answered_entry", default=None)


@contextmanager
def answering(entry_id: UUID | None) -> Iterator[None]:
    """Let short answers be about that entry."""
    token = _answered.set(entry_id)
    try:
        yield
    finally:
        _answered.reset(token)


def _entry_id(subject: str) -> UUID | None:
    kind, _colon, id = subject.partition(":")
    return (_answered.get() or UUID(id)) if kind == "thread" else None


def _react(person: Person, subject: str, text: str) -> str | None:
    entry_id = _entry_id(subject)
    if entry_id is None:
        return None
    react(person=person, entry=find_visible(person, entry_id), emoji=_emoji_for(text))
    return _("You reacted.")


def _emoji_for(text: str) -> str:
    if is_emoji(text.strip()):
        return text.strip()
    thanks = {normalized(word) for words in THANKS_WORDS.values() for word in words}
    return THANKS if normalized(text) in thanks else THUMB


def _stop(person: Person, subject: str, text: str) -> str | None:
    kind, _colon, id = subject.partition(":")
    if kind == "room":
        change_place(person=person, room=find_room(person, UUID(id)), is_muted=True)
    elif (entry_id := _entry_id(subject)) is not None:
        mute_thread(person=person, entry=find_visible(person, entry_id))
    else:
        return None
    return _("You hear no more of this conversation, unless somebody mentions you.")


def _read(person: Person, subject: str, text: str) -> str | None:
    if _entry_id(subject) is None:
        return None
    mark_read(person=person, subject=subject)
    return _("It is marked as read.")


def register_answers() -> None:
    """Make them known, behind those of the apps below, whose meaning is narrower."""
    register_answer(Answer(name="stop", words=STOP_WORDS, act=_stop))
    both = {language: THUMB_WORDS[language] + THANKS_WORDS[language] for language in THUMB_WORDS}
    register_answer(Answer(name="react", words=both, matches=is_emoji, act=_react))
    register_answer(Answer(name="read", words=READ_WORDS, act=_read))
