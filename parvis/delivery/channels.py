"""What can carry the news of an inbox to somebody who is not looking: registered by the apps above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise

from parvis.delivery.models import Choice
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

# Does the network, after the commit and outside any transaction.
Carry = Callable[[], None]


class TryLater(Exception):
    """Nothing left, and trying again may help: a server is down. Anything else that fails is not tried again.

    `after` is what the other side asked for, at least.
    """

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way to somebody.

    `write` is called in the organization's scope and the person's language, with what they may see at this moment:
    lines that are unread and that this channel has not told yet. It returns what does the network, or None when
    there is nothing to say.
    """

    name: str
    label: str | Promise
    # How long a line may still be read in a window before it leaves.
    delay: timedelta
    # Narrows people to those who have the channel at all.
    reaches: Callable[[QuerySet[Person]], QuerySet[Person]]
    write: Callable[[Person, list[InboxLine]], Carry | None]
    # By kind, where nobody has chosen; a kind that is missing is never carried.
    at_first: Mapping[str, str]
    # Whether what does not leave at once may be gathered.
    has_digest: bool = True

    def usual(self, kind: str) -> str:
        """Return when a kind leaves where nobody has chosen."""
        return self.at_first.get(kind, Choice.When.NEVER)


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Make a channel known; one of the same name is replaced."""
    _channels[channel.name] = channel


def unregister(name: str) -> None:
    """Forget a channel."""
    _channels.pop(name, None)


def find_channel(name: str) -> Channel | None:
    """Return a channel, None where its app is gone."""
    return _channels.get(name)


def all_channels() -> list[Channel]:
    """Return every channel, in the order of registration."""
    return list(_channels.values())
