"""One post or reply of Mattermost, as an entry."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass

from parvis.imports import emoji, markdown
from parvis.imports.archive import Archive
from parvis.imports.markdown import References
from parvis.imports.mattermost.mentions import Directory, to_markdown
from parvis.imports.mattermost.roster import said_at
from parvis.imports.mattermost.rows import Row, milliseconds, moment, rows, text, words
from parvis.imports.source import LeftOutTally, SourceEntry, SourceFile, SourceReaction

_TONE = re.compile(r"(.+?)_(light|medium_light|medium|medium_dark|dark)_skin_tone")
_TONES = {"light": "2", "medium_light": "3", "medium": "4", "medium_dark": "5", "dark": "6"}
# Exports older than the type of a post have the notices among the messages.
_NOTICE = re.compile(
    r"@?[\w.-]+ (?:(?:has )?(?:joined|left) the (?:channel|team)\.|added to the (?:channel|team) by .+)"
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a message is said: a channel's wall or chat, or a conversation."""

    directory: Directory
    space: str = ""
    room: str = ""

    @property
    def id(self) -> str:
        """Return the id of the place."""
        return self.space or self.room


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Turns rows into entries."""

    archive: Archive
    root: str
    left_out: LeftOutTally

    def entry(self, row: Row, place: Place, id: str, thread: str = "") -> SourceEntry | None:
        """Return what a row becomes; nothing when nobody said it, or it says nothing."""
        if _is_notice(row):
            self.left_out.add("mattermost-service-message", text(row, "type"))
            return None
        references = References()
        files, lines = self._files(row)
        spoken = to_markdown(_text(row), place.directory, references)
        if spoken and text(row, "type") == "me":
            spoken = f"*{spoken}*"
        hanging = _attached(row, place.directory, references)
        body = "\n\n".join(part for part in (spoken, hanging, *lines) if part)
        created = moment(said_at(row))
        if created is None or not (body or files):
            self.left_out.add("mattermost-empty")
            return None
        if words(row, "flagged_by"):
            self.left_out.add("mattermost-personal", count=len(words(row, "flagged_by")))
        return SourceEntry(
            id=id,
            space=place.space,
            room=place.room,
            author=text(row, "user"),
            created=created,
            body=body,
            thread=thread,
            edited=moment(milliseconds(row, "edit_at")),
            is_pinned=row.get("is_pinned") is True,
            references=references.collected(),
            reactions=_reactions(row),
            files=tuple(files),
        )

    def _files(self, row: Row) -> tuple[list[SourceFile], list[str]]:
        found, lines = [], []
        for attachment in rows(row, "attachments"):
            path = text(attachment, "path").lstrip("/")
            name = path.rpartition("/")[2]
            # Exports name files from the folder `data` or from the one that it is in.
            at = [f"{self.root}data/{path}", f"{self.root}{path}"]
            member = next((where for where in at if self.archive.has(where)), "")
            if member:
                found.append(self._file(member, name))
            elif name:
                self.left_out.add("mattermost-file-absent", name)
                lines.append(f"📎 {markdown.escape(name)}")
        return found, lines

    def _file(self, member: str, name: str) -> SourceFile:
        return SourceFile(
            id=member,
            name=name[:255],
            media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=0,
            open=lambda: self.archive.open(member),
        )


def _is_notice(row: Row) -> bool:
    kind = text(row, "type")
    if kind:
        return kind.startswith("system_") or (kind.startswith("custom_") and not _text(row).strip())
    return bool(_NOTICE.fullmatch(_text(row).strip()))


def _text(row: Row) -> str:
    said = row.get("message")
    return said if isinstance(said, str) else ""


def _attached(row: Row, directory: Directory, references: References) -> str:
    """Return what robots attach to a message (`props.attachments`), as quotes."""
    props = row.get("props")
    parts = []
    for card in rows(props, "attachments") if isinstance(props, dict) else []:
        title, link = text(card, "title"), text(card, "title_link")
        heading = (
            markdown.link(link, title) if title and link else f"**{markdown.escape(title)}**" if title else ""
        )
        fields = [
            f"**{markdown.escape(text(item, 'title'))}** {to_markdown(text(item, 'value'), directory, references)}"
            for item in rows(card, "fields")
        ]
        said = [to_markdown(text(card, key), directory, references) for key in ("pretext", "text")]
        whole = "\n\n".join(part for part in (said[0], heading, said[1], *fields) if part.strip())
        if whole or text(card, "fallback"):
            parts.append(markdown.blockquote(whole or markdown.escape(text(card, "fallback"))))
    return "\n\n".join(parts)


def _reactions(row: Row) -> tuple[SourceReaction, ...]:
    given: dict[str, dict[str, None]] = {}
    for reaction in rows(row, "reactions"):
        character, person = _emoji(text(reaction, "emoji_name")), text(reaction, "user")
        if character and person:
            given.setdefault(character, {})[person] = None
    return tuple(SourceReaction(emoji=character, people=tuple(people)) for character, people in given.items())


def _emoji(name: str) -> str:
    found = _TONE.fullmatch(name)
    return emoji.reaction(f"{found[1]}::skin-tone-{_TONES[found[2]]}" if found else name)


def people_named(row: Row) -> list[str]:
    """Return who wrote and who reacted, for they may be listed nowhere else."""
    named = [text(row, "user"), *(text(reaction, "user") for reaction in rows(row, "reactions"))]
    return [name for name in dict.fromkeys(named) if name]
