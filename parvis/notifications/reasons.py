"""Why somebody hears of something: the kind of event that it is, how strong a reason, and its words.

A feature registers its own reasons with `register` and tells people with `actions.notify`; what no kind
names cannot be turned off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.notifications.models import KindChoice, Notification

Kind = KindChoice.Kind
Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Button:
    """What can be answered on a line itself: what the button says, and what it posts where."""

    label: Text
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason: `sentence` takes %(who)s, %(what)s and %(space)s; `why` answers "why did I get this?"."""

    name: str
    symbol: str
    sentence: Text
    why: Text
    # The choice that turns it off, "" for what has to be told.
    kind: str = ""
    # What it is for push and mail, where that is not its kind (delivery.models.Choice.Kind); "" else.
    delivered_as: str = ""
    # A line that is unread keeps its strongest reason, the smallest number.
    rank: int = 50
    # Other words for a line that is about a space, where they differ.
    space_sentence: Text = ""
    space_why: Text = ""
    # Where a line without an entry leads; without it, to its space.
    address: Callable[[Notification], str] | None = None
    # What answers such lines in one click, by the line's id.
    buttons: Callable[[Sequence[Notification]], Mapping[UUID, Button]] | None = None

    def sentence_of(self, line: Notification) -> str:
        """Return what a line says."""
        return str((line.space_id and self.space_sentence) or self.sentence)

    def why_of(self, line: Notification) -> str:
        """Return why somebody got a line."""
        return str((line.space_id and self.space_why) or self.why)


_reasons: dict[str, Reason] = {}


def register(reason: Reason) -> None:
    """Make a reason known."""
    _reasons[reason.name] = reason


def find_reason(name: str) -> Reason:
    """Return a reason; one of a feature that is gone says only that something happened."""
    return _reasons.get(name) or Reason(
        name=name,
        symbol="bell",
        sentence=_("%(who)s did something in %(what)s"),
        why=_("Somebody thought of you."),
    )


def ranks() -> dict[str, int]:
    """Return how strong each reason is."""
    return {reason.name: reason.rank for reason in _reasons.values()}


# What is on in an organization that has not decided otherwise.
ON_AT_FIRST = {Kind.MENTION: True, Kind.REPLY: True, Kind.POST: False, Kind.REACTION: True, Kind.SPACE: True}

_R = Notification.Reason

for _reason in (
    Reason(
        name=_R.MENTION,
        symbol="at-sign",
        kind=Kind.MENTION,
        rank=10,
        sentence=_("%(who)s mentioned you in %(what)s"),
        why=_("You are mentioned by name."),
    ),
    Reason(
        name=_R.ANSWER,
        symbol="reply",
        kind=Kind.REPLY,
        rank=20,
        sentence=_("%(who)s replied to you in %(what)s"),
        why=_("It answers what you wrote."),
    ),
    Reason(
        name=_R.OWN_THREAD,
        symbol="reply",
        kind=Kind.REPLY,
        rank=30,
        sentence=_("%(who)s replied in %(what)s"),
        why=_("You started this conversation."),
    ),
    Reason(
        name=_R.REPLY,
        symbol="reply",
        kind=Kind.REPLY,
        rank=40,
        sentence=_("%(who)s replied in %(what)s"),
        why=_("You follow this conversation."),
    ),
    Reason(
        name=_R.SPACE,
        symbol="message-square",
        delivered_as=Kind.POST,
        rank=60,
        sentence=_("%(who)s wrote %(what)s"),
        why=_("You hear of what is new in this space: your choice, or the usual one here."),
    ),
    Reason(
        name=_R.REACTION,
        symbol="smile",
        kind=Kind.REACTION,
        rank=90,
        sentence=_("%(who)s reacted to %(what)s"),
        why=_("You wrote it."),
    ),
    Reason(
        name=_R.JOIN_REQUEST,
        symbol="user-plus",
        kind=Kind.SPACE,
        sentence=_("%(who)s asks to join %(space)s"),
        why=_("You host this space."),
    ),
    Reason(
        name=_R.JOIN_ACCEPTED,
        symbol="door-open",
        kind=Kind.SPACE,
        sentence=_("%(who)s let you into %(space)s"),
        why=_("You asked to join."),
    ),
    Reason(
        name=_R.JOIN_DECLINED,
        symbol="door-closed",
        kind=Kind.SPACE,
        sentence=_("Your request to join %(space)s was declined"),
        why=_("You asked to join."),
    ),
    Reason(
        name=_R.SPACE_INVITATION,
        symbol="mail",
        kind=Kind.SPACE,
        sentence=_("%(who)s invites you to join %(space)s"),
        why=_("You are invited by name."),
    ),
    Reason(
        name=_R.REPORT,
        symbol="flag",
        sentence=_("%(who)s reported something for moderation"),
        why=_("You moderate this organization."),
    ),
    Reason(
        name=_R.MADE_HOST,
        symbol="user-cog",
        sentence=_("%(who)s made you a host of %(space)s"),
        why=_("You are a member of this space."),
    ),
    Reason(
        name=_R.NOTICE,
        symbol="shield",
        rank=15,
        sentence=_("The moderators wrote to you"),
        why=_("It concerns you."),
        space_sentence=_("The moderators wrote to the hosts of %(space)s"),
        space_why=_("It concerns a space that you host."),
    ),
):
    register(_reason)
