"""A poll may be typed with a post."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from parvis.content.composers import Extra, register_extra
from parvis.content.models import Entry
from parvis.people.models import Person
from parvis.polls.actions import add_poll
from parvis.polls.forms import read_poll
from parvis.polls.models import Poll


def save(author: Person, entry: Entry, data: QueryDict) -> None:
    """Ask what was typed with the post."""
    draft = read_poll(data)
    if draft is not None:
        add_poll(author=author, entry=entry, draft=draft)


def values() -> dict[str, Any]:
    """Return what the fields offer."""
    return {"results": Poll.Results.choices}


register_extra(Extra(name="poll", template="polls/fields.html", save=save, values=values))
