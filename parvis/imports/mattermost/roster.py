"""Who and what an export tells of before its messages: teams, channels, people and their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parvis.imports.mattermost.rows import Row, milliseconds, moment, rows, text, words
from parvis.imports.source import LeftOutTally, Privacy, SourcePerson, SourceRoom, SourceSpace

INVITED_ONLY = "mattermost-closed-team"


@dataclass
class Roster:
    """Collects what stands before the messages; people and channels are few."""

    left_out: LeftOutTally
    _teams: dict[str, Row] = field(default_factory=dict)
    _channels: dict[str, Row] = field(default_factory=dict)
    _users: dict[str, Row] = field(default_factory=dict)
    _bots: dict[str, Row] = field(default_factory=dict)
    _groups: dict[str, Row] = field(default_factory=dict)

    def note(self, kind: str, row: Row) -> bool:
        """Keep a row that says who or what there is; tell whether it was one."""
        match kind:
            case "team":
                self._teams[text(row, "name")] = row
            case "channel":
                self._channels[channel_id(row)] = row
            case "user":
                self._users[text(row, "username")] = row
            case "bot":
                self._bots[text(row, "username")] = row
            case "direct_channel":
                self._groups[conversation_id(members_of(row))] = row
            case _:
                return False
        return True

    # People

    def people(self) -> Iterator[SourcePerson]:
        """Yield the users and robots of the server."""
        for username, row in self._users.items():
            if "system_guest" in text(row, "roles").split():
                self.left_out.add("mattermost-guest", username)
            name = " ".join(filter(None, (text(row, "first_name"), text(row, "last_name"))))
            yield SourcePerson(
                id=username,
                name=(name or text(row, "nickname") or username)[:150],
                email=text(row, "email").lower(),
                headline=text(row, "position")[:200],
                is_bot=row.get("is_bot") is True or username in self._bots,
                is_active=not milliseconds(row, "delete_at"),
            )
        for username in self._bots.keys() - self._users.keys():
            name = text(self._bots[username], "display_name") or username
            yield SourcePerson(id=username, name=name[:150], is_bot=True)

    # Channels

    def spaces(self, used: Iterable[str]) -> Iterator[SourceSpace]:
        """Yield the channels, in their order; one that only messages name is known to nobody but who wrote there."""
        places = self._places()
        names = Counter(self._name(row) for row in self._channels.values())
        everybody = {username for username in self._users if self._teams_of(username)}
        for identifier, row in self._channels.items():
            name, team = self._name(row), self._teams.get(text(row, "team"), {})
            if names[name] > 1:
                name = f"{text(team, 'display_name', 'name')} – {name}"
            members = places.get(identifier, {})
            yield SourceSpace(
                id=identifier,
                name=name[:80],
                privacy=self._privacy(row, team, everybody),
                objective=(text(row, "purpose") or text(row, "header"))[:500],
                members=tuple(members),
                creator=next((username for username, is_host in members.items() if is_host), ""),
                is_archived=bool(milliseconds(row, "deleted_at") or milliseconds(row, "delete_at")),
            )
        for identifier in used:
            if identifier not in self._channels:
                name = identifier.rpartition("/")[2]
                yield SourceSpace(id=identifier, name=name[:80], privacy=Privacy.SECRET)

    @staticmethod
    def _name(row: Row) -> str:
        return text(row, "display_name", "name")

    def _privacy(self, row: Row, team: Row, everybody: set[str]) -> Privacy:
        """A channel gets no reader whom it did not have: an open one is open to its team only."""
        if text(row, "type") != "O":
            return Privacy.SECRET
        is_for_all = team.get("allow_open_invite") is True and text(team, "type") != "I"
        if is_for_all or all(text(row, "team") in self._teams_of(username) for username in everybody):
            return Privacy.OPEN
        self.left_out.add(INVITED_ONLY, self._name(row))
        return Privacy.CLOSED

    def _teams_of(self, username: str) -> set[str]:
        return {text(team, "name") for team in rows(self._users[username], "teams")}

    def _places(self) -> dict[str, dict[str, bool]]:
        """Return who is in each channel, and whether they answer for it."""
        places: dict[str, dict[str, bool]] = {}
        for username, user in self._users.items():
            for team in rows(user, "teams"):
                for channel in rows(team, "channels"):
                    identifier = f"{text(team, 'name')}/{text(channel, 'name')}"
                    is_host = "channel_admin" in text(channel, "roles").split()
                    places.setdefault(identifier, {})[username] = is_host
        return places

    # Conversations

    def rooms(self, used: Iterable[tuple[str, ...]]) -> Iterator[SourceRoom]:
        """Yield the conversations of chosen people, those too that only their messages name."""
        for members in {**{members_of(row): None for row in self._groups.values()}, **dict.fromkeys(used)}:
            if members:
                identifier = conversation_id(members)
                header = text(self._groups.get(identifier, {}), "header")
                yield SourceRoom(id=identifier, members=members, topic=header[:300])


def channel_id(row: Row) -> str:
    """Return the id that a channel keeps from one export to the next."""
    return f"{text(row, 'team')}/{text(row, 'name', 'channel')}"


def members_of(row: Row) -> tuple[str, ...]:
    """Return who is in a conversation, in one order, however this version of Mattermost writes it."""
    named = words(row, "members") or words(row, "channel_members")
    named = named or [text(person, "username") for person in rows(row, "participants")]
    return tuple(sorted(set(named)))


def conversation_id(members: tuple[str, ...]) -> str:
    """Return the id that a conversation keeps: it has no name but those of its people."""
    return "@" + "+".join(members)


def said_at(row: Row) -> int:
    """Return when a message was written, in milliseconds; 0 when that cannot be read."""
    created = milliseconds(row, "create_at")
    return created if moment(created) else 0
