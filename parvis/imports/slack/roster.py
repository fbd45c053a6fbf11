"""Who and what an export tells of before its messages: people, channels, pins, robots."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parvis.imports.archive import Archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.json_stream import json_objects
from parvis.imports.markdown import clean
from parvis.imports.slack import mrkdwn
from parvis.imports.source import LeftOutTally, Privacy, SourcePerson, SourceRoom, SourceSpace

SLACKBOT = "USLACKBOT"
_ROBOT_ADDED = re.compile(r"<https?://[^|>]*/services/(B\w+)\|([^>]+)>")
_TIMESTAMP = re.compile(r"(\d{1,11})(?:\.(\d{1,6}))?")


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel or a conversation, the folder of its days, and the messages pinned in it."""

    space: SourceSpace | SourceRoom
    folder: str
    pins: frozenset[str]


def text(row: dict[str, Any], *keys: str) -> str:
    """Return the first of these values that says something, as clean text."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return clean(value).strip()
    return ""


def moment(value: object) -> datetime | None:
    """Return a time of Slack, which writes seconds as a number or a text, with micro-seconds in messages."""
    found = _TIMESTAMP.fullmatch(str(value).strip()) if isinstance(value, str | int | float) else None
    if found is None or int(found[1]) == 0:
        return None
    try:
        whole = datetime.fromtimestamp(int(found[1]), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return whole.replace(microsecond=int((found[2] or "0").ljust(6, "0")))


def inside(row: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object under a key, empty when there is none."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def read_people(archive: Archive, root: str) -> Iterator[SourcePerson]:
    """Yield the members and robots of the workspace."""
    path = f"{root}users.json"
    with archive.open(path) as stream:
        for line, row in json_objects(stream, path):
            identifier = text(row, "id")
            if not identifier:
                raise ArchiveFault(path, Reason.SHAPE, line=line, detail="id")
            yield _person(identifier, row)


def _person(identifier: str, row: dict[str, Any]) -> SourcePerson:
    profile = inside(row, "profile")
    name = text(profile, "real_name", "display_name") or text(row, "real_name", "name") or identifier
    return SourcePerson(
        id=identifier,
        name=name[:150],
        email=text(profile, "email").lower(),
        headline=text(profile, "title")[:200],
        timezone=text(row, "tz"),
        is_bot=bool(row.get("is_bot")) or identifier == SLACKBOT,
        is_active=not row.get("deleted"),
    )


def stranger(identifier: str, message: dict[str, Any]) -> SourcePerson:
    """Return somebody whom the export does not list: a partner of a shared channel, or somebody long gone."""
    profile = inside(message, "user_profile")
    name = text(profile, "real_name", "display_name", "name") or text(message, "username") or identifier
    return SourcePerson(id=identifier, name=name[:150], is_active=False)


def robot(identifier: str, message: dict[str, Any]) -> SourcePerson:
    """Return a robot, known by its messages alone."""
    name = text(inside(message, "bot_profile"), "name") or text(message, "username") or identifier
    return SourcePerson(id=identifier, name=mrkdwn.plain(name)[:150], is_bot=True)


def robot_added(message: dict[str, Any]) -> dict[str, str]:
    """Return the name that the notice of a robot's coming gives it."""
    found = _ROBOT_ADDED.search(text(message, "text")) if message.get("subtype") == "bot_add" else None
    return {found[1]: found[2]} if found else {}


def read_channels(archive: Archive, root: str, left_out: LeftOutTally) -> list[Channel]:
    """Return the channels, public ones first, then the conversations of chosen people."""
    channels = [*_listed(archive, root, "channels.json", Privacy.OPEN, left_out)]
    channels += _listed(archive, root, "groups.json", Privacy.SECRET, left_out)
    for name in ("dms.json", "mpims.json"):
        for _line, row in _rows(archive, f"{root}{name}"):
            channels += _conversation(row, left_out)
    known: dict[str, Channel] = {}
    for channel in channels:
        # Some tools list group conversations twice.
        if not (isinstance(channel.space, SourceRoom) and channel.space.id in known):
            known.setdefault(channel.space.id, channel)
    return [*known.values()]


def _conversation(row: dict[str, Any], left_out: LeftOutTally) -> Iterator[Channel]:
    """Yield a conversation whose people are known; only they will read it."""
    members = _members(row)
    if not text(row, "id") or not members:
        left_out.add("slack-nameless-conversation", text(row, "name", "id"))
    elif SLACKBOT in members:
        left_out.add("slack-slackbot")
    else:
        room = SourceRoom(id=text(row, "id"), members=members, created=moment(row.get("created")))
        folder = text(row, "name") or room.id
        yield Channel(space=room, folder=unicodedata.normalize("NFC", folder), pins=_pins(row))


def _rows(archive: Archive, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if archive.has(path):
        with archive.open(path) as stream:
            yield from json_objects(stream, path)


def _listed(
    archive: Archive, root: str, name: str, privacy: Privacy, left_out: LeftOutTally
) -> Iterator[Channel]:
    path = f"{root}{name}"
    for line, row in _rows(archive, path):
        if text(row, "id") and (row.get("is_im") or row.get("is_mpim")):
            yield from _conversation(row, left_out)
            continue
        if not text(row, "id") or not text(row, "name"):
            raise ArchiveFault(path, Reason.SHAPE, line=line, detail="id, name")
        # Tools other than Slack's list private channels among the others.
        private = row.get("is_private") or row.get("is_group")
        yield _channel(row, Privacy.SECRET if private else privacy)


def _channel(row: dict[str, Any], privacy: Privacy) -> Channel:
    purpose = text(inside(row, "purpose"), "value")
    topic = text(inside(row, "topic"), "value")
    space = SourceSpace(
        id=text(row, "id"),
        name=text(row, "name"),
        privacy=privacy,
        objective=mrkdwn.plain(purpose or topic)[:500],
        members=_members(row),
        creator=text(row, "creator"),
        created=moment(row.get("created")),
        is_archived=bool(row.get("is_archived")),
    )
    return Channel(space=space, folder=unicodedata.normalize("NFC", space.name), pins=_pins(row))


def _members(row: dict[str, Any]) -> tuple[str, ...]:
    members = row.get("members")
    listed = members if isinstance(members, list) else []
    return tuple(dict.fromkeys(member for member in listed if isinstance(member, str) and member))


def _pins(row: dict[str, Any]) -> frozenset[str]:
    pins = row.get("pins")
    return (
        frozenset(str(pin.get("id")) for pin in pins if isinstance(pin, dict))
        if isinstance(pins, list)
        else frozenset()
    )
