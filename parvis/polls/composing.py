"""A poll may be typed with a post."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import ngettext

from parvis.content.composers import Extra, Typed, register_extra
from parvis.content.later import local_time
from parvis.content.models import Entry
from parvis.people.models import Person
from parvis.polls.actions import add_poll, take_poll_away
from parvis.polls.forms import FIELDS, read_poll
from parvis.polls.models import Poll
from parvis.polls.queries import asked_in


def save(author: Person, entry: Entry, data: QueryDict) -> None:
    """Ask what was typed with the post; while it waits, the poll is what was typed last."""
    draft = read_poll(data)
    if entry.is_unpublished:
        take_poll_away(author=author, entry=entry)
    if draft is not None:
        add_poll(author=author, entry=entry, draft=draft)


def values() -> dict[str, Any]:
    """Return what the fields offer."""
    return {"results": Poll.Results.choices}


def summary(data: QueryDict) -> str:
    """Say that a draft asks something."""
    count = len([option for option in data.getlist("poll_option") if option.strip()])
    return (
        ngettext("Poll with %(count)s choice", "Poll with %(count)s choices", count) % {"count": count}
        if count
        else ""
    )


def typed(entry: Entry) -> Typed:
    """Return what would have to be typed for the poll of a post."""
    poll = asked_in(entry)
    if poll is None:
        return {}
    return {
        "poll_option": list(poll.options),
        "poll_results": [poll.shows_results],
        "poll_closes": [local_time(poll.closes_at)],
        **({"poll_multiple": ["on"]} if poll.is_multiple else {}),
        **({"poll_anonymous": ["on"]} if poll.is_anonymous else {}),
    }


register_extra(
    Extra(
        name="poll",
        template="polls/fields.html",
        save=save,
        values=values,
        fields=FIELDS,
        summary=summary,
        typed=typed,
    )
)
