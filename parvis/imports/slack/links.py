"""What a link of Slack leads to: a person, a channel, a message, or a page elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from parvis.imports import markdown
from parvis.imports.markdown import References
from parvis.imports.source import Reference, RefersTo

_PERMALINK = re.compile(
    r"https?://[\w.-]+\.slack\.com/archives/([A-Z0-9]+)(?:/p(\d{10})(\d{6}))?/?(?:[?#].*)?"
)
_PROFILE = re.compile(r"https?://[\w.-]+\.slack\.com/team/([A-Z0-9]+)/?")
_BROADCASTS = {"here": "@here", "channel": "@channel", "everyone": "@everyone", "group": "@channel"}


def message_id(channel: str, timestamp: str) -> str:
    """Return the id that a message keeps from one export to the next."""
    return f"{channel}/{timestamp}"


@dataclass(frozen=True, kw_only=True)
class Directory:
    """The names of those whom a text may refer to."""

    people: Mapping[str, str]
    spaces: Mapping[str, str]
    secret: frozenset[str] = frozenset()
    here: str = ""

    def person(self, identifier: str, label: str, references: References) -> str:
        """Return a mention, or plain text for somebody whom the export does not know."""
        name = self.people.get(identifier) or label
        if identifier == "USLACKBOT" and not name:
            return "@Slackbot"
        if identifier not in self.people:
            return markdown.escape(f"@{name or identifier}")
        return references.mark(Reference(kind=RefersTo.PERSON, id=identifier, label=name))

    def space(self, identifier: str, label: str, references: References) -> str:
        """Return a link to a channel; the name of a private one is told nowhere but in itself."""
        if identifier in self.secret and identifier != self.here:
            return "#🔒"
        if identifier not in self.spaces:
            return markdown.escape(f"#{label or identifier}")
        return references.mark(Reference(kind=RefersTo.SPACE, id=identifier, label=self.spaces[identifier]))


def broadcast(token: str) -> str:
    """Return what `<!here>`, `<!subteam^S1|@team>` or `<!date^…|yesterday>` read like."""
    command, _, label = token.partition("|")
    name = command.split("^")[0]
    return markdown.escape(label or _BROADCASTS.get(name, f"@{name}"))


def address(url: str, label: str, directory: Directory, references: References) -> str:
    """Return a link; one to a message or channel of the same export leads to what it becomes."""
    if found := _PERMALINK.fullmatch(url):
        channel, seconds, fraction = found.groups()
        if seconds and (channel in directory.spaces or channel == directory.here):
            identifier = message_id(channel, f"{seconds}.{fraction}")
            return references.mark(Reference(kind=RefersTo.ENTRY, id=identifier, label=label, url=url))
        if channel in directory.spaces:
            return directory.space(channel, label, references)
    if found := _PROFILE.fullmatch(url):
        return directory.person(found[1], label, references)
    return markdown.link(without_token(url), "" if label == url else label)


def without_token(url: str) -> str:
    """Return the address without the download token that exports put into it (`?t=xoxe-…`)."""
    if "xox" not in url:
        return url
    parts = urlsplit(url)
    kept = "&".join(part for part in parts.query.split("&") if "=xox" not in part)
    return urlunsplit(parts._replace(query=kept))


def angle_token(token: str, directory: Directory, references: References) -> str:
    """Return what stands for `<token>` in a text."""
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return directory.person(target[1:], label, references)
    if target.startswith("#"):
        return directory.space(target[1:], label, references)
    if target.startswith("!"):
        return broadcast(token[1:])
    return address(target, label, directory, references)


def angle_token_as_text(token: str) -> str:
    """Return what `<token>` reads like inside code, where nothing can be a link."""
    target, _, label = token.partition("|")
    return label or target.lstrip("!")
