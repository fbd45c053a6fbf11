"""The shape of what is asked and of a vote."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid
from parvis.polls.models import Poll
from parvis.polls.queries import PollDraft

FIELDS = ("poll_option", "poll_multiple", "poll_anonymous", "poll_results", "poll_closes")


def read_poll(data: QueryDict) -> PollDraft | None:
    """Return the poll that was typed with a post; None without a choice."""
    options = [option for option in data.getlist("poll_option") if option.strip()]
    if not options:
        return None
    return PollDraft(
        options=options,
        is_multiple="poll_multiple" in data,
        is_anonymous="poll_anonymous" in data,
        shows_results=data.get("poll_results", Poll.Results.ALWAYS),
        closes_at=_moment(data.get("poll_closes", "")),
    )


def read_vote(data: QueryDict) -> list[UUID]:
    """Return the ids of what was chosen."""
    try:
        return [UUID(value) for value in data.getlist("option")]
    except ValueError as error:
        raise Invalid({"poll": [_("There is no such choice.")]}) from error


def _moment(typed: str) -> datetime | None:
    """Read a local time as a browser writes it, in the time zone of who asks."""
    if not typed.strip():
        return None
    try:
        moment = parse_datetime(typed.strip())
    except ValueError:
        moment = None
    if moment is None:
        raise Invalid({"poll": [_("The end of the poll is no date and time.")]})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
