"""A vote by a short answer: the number of a choice, or its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.delivery.answers import Answer, normalized, register_answer
from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from parvis.polls.actions import vote
from parvis.polls.models import Option
from parvis.polls.queries import find_poll

_NUMBERS = re.compile(r"\d{1,2}(?:\s*(?:,|;|et|and|\s)\s*\d{1,2}){0,19}")


def _vote(person: Person, subject: str, text: str) -> str | None:
    kind, _colon, id = subject.partition(":")
    if kind != "thread":
        return None
    try:
        poll = find_poll(person, UUID(id))
    except NotFound:
        return None
    chosen = _chosen(list(poll.options.order_by("position")), text)
    if not chosen:
        return None
    vote(voter=person, poll=poll, option_ids=chosen)
    return _("Your vote is counted.")


def _chosen(options: Sequence[Option], text: str) -> Collection[UUID]:
    said = normalized(text)
    by_words = {option.id for option in options if normalized(option.text) == said}
    if by_words or not _NUMBERS.fullmatch(said):
        return by_words
    numbers = {int(number) for number in re.findall(r"\d+", said)}
    if not numbers <= set(range(1, len(options) + 1)):
        return set()
    return {option.id for place, option in enumerate(options, start=1) if place in numbers}


register_answer(Answer(name="vote", matches=lambda said: len(said) <= 200, act=_vote))
