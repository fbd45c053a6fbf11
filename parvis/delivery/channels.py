"""What can carry the news of an inbox to somebody who is not looking: registered by the apps above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
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


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody: lines that are unread, that they may see now, and that the channel has not told yet."""

    person: Person
    lines: list[InboxLine]


@dataclass(frozen=True)
class Leaving:
    """What does the network for each person to whom there is something to say.

    `settle` notes what came of it, in the organization's scope, once all of them were handed over.
    """

    carries: Mapping[UUID, Carry] = field(default_factory=dict)
    settle: Callable[[], None] = lambda: None


def together(several: Sequence[Leaving]) -> Leaving:
    """Return what does all of it."""

    def settle() -> None:
        for leaving in several:
            leaving.settle()

    return Leaving({id: carry for leaving in several for id, carry in leaving.carries.items()}, settle)


# Inside the organization's scope and its transaction, for some people at once.
Write = Callable[[Sequence[Waiting]], Leaving]


def one_by_one(write: Callable[[Person, list[InboxLine]], Carry | None]) -> Write:
    """Return what writes for several people by writing to each of them, in their language; None says nothing."""

    def write_all(waiting: Sequence[Waiting]) -> Leaving:
        carries = {}
        for one in waiting:
            with translation.override(one.person.language or one.person.organization.default_language):
                carry = write(one.person, one.lines)
            if carry is not None:
                carries[one.person.id] = carry
        return Leaving(carries)

    return write_all


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way to somebody."""

    name: str
    label: str | Promise
    # How long a line may still be read in a window before it leaves.
    delay: timedelta
    # Narrows people to those who have the channel at all.
    reaches: Callable[[QuerySet[Person]], QuerySet[Person]]
    write: Write
    # By kind, where nobody has chosen; a kind that is missing is never carried.
    at_first: Mapping[str, str]
    # Whether what does not leave at once may be gathered.
    has_digest: bool = True
    # Told whose things never left, of what was written at an instant: their worker was gone before it came to them.
    never_left: Callable[[Sequence[UUID], datetime], None] = lambda people, written_at: None

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
