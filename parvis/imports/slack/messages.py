"""One message of Slack, as an entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from parvis.imports import emoji
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.markdown import References
from parvis.imports.slack import attachments, blocks, mrkdwn
from parvis.imports.slack.files import CarriedFiles, rows
from parvis.imports.slack.links import Directory, message_id
from parvis.imports.slack.roster import SLACKBOT, Channel, inside, moment, text
from parvis.imports.source import LeftOutTally, SourceEntry, SourceReaction, SourceRoom

Message = dict[str, Any]

SPOKEN = {
    None,
    "",
    "bot_message",
    "file_comment",
    "file_share",
    "me_message",
    "reply_broadcast",
    "slackbot_response",
    "thread_broadcast",
}
DELETED = {"tombstone", "message_deleted"}
_OLD_SHARE = re.compile(
    r"^<@\w+(?:\|[^>]*)?> (?:uploaded|shared) a file: <[^>]*>(?: and commented: (.*))?$", re.S
)
_OLD_COMMENT = re.compile(r"^<@\w+(?:\|[^>]*)?> commented on .*?<[^>]*/files/[^>]*>: (.*)$", re.S)


@dataclass(kw_only=True)
class Place:
    """Where a message stands: its channel, and the file and line to name when something is wrong with it."""

    channel: Channel
    path: str
    line: int
    # Which message shared a file first, so that old exports' comments on it become replies.
    shares: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Turns messages into entries."""

    directory: Directory
    files: CarriedFiles
    left_out: LeftOutTally

    def is_left_out(self, message: Message) -> bool:
        """Tell whether nobody said this, and count it."""
        subtype = message.get("subtype")
        if subtype in DELETED:
            self.left_out.add("slack-deleted")
        elif subtype not in SPOKEN or message.get("hidden"):
            self.left_out.add("slack-service-message", str(subtype or "hidden"))
        else:
            return False
        return True

    def entry(self, message: Message, place: Place) -> SourceEntry | None:
        """Return what the message becomes; nothing when it says nothing."""
        timestamp = str(message.get("ts"))
        created = moment(timestamp)
        if created is None:
            raise ArchiveFault(place.path, Reason.SHAPE, line=place.line, detail="ts")
        references = References()
        carried, lines = self.files.of_message(message, self.left_out)
        body = "\n\n".join(part for part in (self._body(message, references), *lines) if part)
        if not body and not carried:
            self.left_out.add("slack-empty")
            return None
        channel = place.channel.space.id
        thread = self._thread(message, timestamp, place)
        return SourceEntry(
            id=message_id(channel, timestamp),
            space="" if isinstance(place.channel.space, SourceRoom) else channel,
            room=channel if isinstance(place.channel.space, SourceRoom) else "",
            author=author(message),
            created=created,
            body=body,
            thread=message_id(channel, thread) if thread else "",
            edited=moment(inside(message, "edited").get("ts")),
            is_pinned=_is_pinned(message, timestamp, place.channel),
            references=references.collected(),
            reactions=self._reactions(message),
            files=carried,
        )

    def _body(self, message: Message, references: References) -> str:
        spoken = self._spoken(message, references)
        hanging = attachments.to_markdown(
            message.get("attachments"), self.directory, references, self.left_out
        )
        return "\n\n".join(part for part in (spoken, hanging) if part)

    def _spoken(self, message: Message, references: References) -> str:
        laid_out = message.get("blocks")
        if isinstance(laid_out, list) and (found := blocks.to_markdown(laid_out, self.directory, references)):
            return found
        said = mrkdwn.to_markdown(_raw_text(message), self.directory, references)
        return f"*{said}*" if said and message.get("subtype") == "me_message" else said

    def _thread(self, message: Message, timestamp: str, place: Place) -> str:
        thread = text(message, "thread_ts")
        if thread and thread != timestamp:
            if (moment(thread) or moment(timestamp)) >= moment(timestamp):  # type: ignore[operator]
                raise ArchiveFault(place.path, Reason.CYCLE, line=place.line)
            return thread
        for row in rows(message):
            shared = place.shares.setdefault(text(row, "id"), timestamp)
            if message.get("subtype") == "file_comment" and shared != timestamp:
                return shared
        return ""

    def _reactions(self, message: Message) -> tuple[SourceReaction, ...]:
        given: dict[str, tuple[str, ...]] = {}
        found = message.get("reactions")
        for row in found if isinstance(found, list) else []:
            if not isinstance(row, dict) or not isinstance(row.get("users"), list):
                continue
            people = tuple(user for user in row["users"] if isinstance(user, str) and user)
            count = row.get("count")
            if isinstance(count, int) and 0 < count - len(people) < 10_000:
                self.left_out.add("slack-reaction-unsigned", text(row, "name"), count - len(people))
            if character := emoji.reaction(text(row, "name")):
                given[character] = tuple(dict.fromkeys((*given.get(character, ()), *people)))
        return tuple(
            SourceReaction(emoji=character, people=people) for character, people in given.items() if people
        )


def author(message: Message) -> str:
    """Return the id of who said it: a person, else a robot."""
    if message.get("subtype") == "file_comment" and (commenter := text(inside(message, "comment"), "user")):
        return commenter
    return text(message, "user", "bot_id") or text(message, "username") or SLACKBOT


def people_named(message: Message) -> set[str]:
    """Return the ids of those who reacted, for they may be listed nowhere else."""
    found = message.get("reactions")
    named: set[str] = set()
    for row in found if isinstance(found, list) else []:
        users = row.get("users") if isinstance(row, dict) else None
        named.update(user for user in users if isinstance(user, str) and user) if isinstance(
            users, list
        ) else None
    return named


def _raw_text(message: Message) -> str:
    said = message.get("text")
    said = said if isinstance(said, str) else ""
    if message.get("subtype") == "file_comment":
        comment = text(inside(message, "comment"), "comment")
        found = _OLD_COMMENT.match(said)
        return comment or (found[1] if found else said)
    if found := _OLD_SHARE.match(said):
        first = next((inside(row, "initial_comment") for row in rows(message)), {})
        return text(first, "comment") or found[1] or ""
    return said


def _is_pinned(message: Message, timestamp: str, channel: Channel) -> bool:
    if message.get("subtype") == "file_comment":
        return timestamp in channel.pins
    pinned_to = message.get("pinned_to")
    if isinstance(pinned_to, list) and channel.space.id in pinned_to:
        return True
    return timestamp in channel.pins or any(text(row, "id") in channel.pins for row in rows(message))
