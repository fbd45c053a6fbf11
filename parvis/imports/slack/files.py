"""The files of messages: Slack's export only names them; some tools put them into the archive."""

from __future__ import annotations

import mimetypes
import re
from typing import Any

from parvis.imports import markdown
from parvis.imports.archive import Archive
from parvis.imports.slack.roster import text
from parvis.imports.source import LeftOutTally, SourceFile

# `__uploads/F123/plan.pdf` (slackdump, slack-advanced-exporter) or `general/attachments/F123-plan.pdf`.
_CARRIED = re.compile(r"(?:.*/)?(F[A-Z0-9]{7,12})(?:/[^/]+|-[^/]+)")
_GONE = {"tombstone", "hidden_by_limit"}


class CarriedFiles:
    """Which files of messages the archive holds."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._found = {
            found[1]: member
            for member in archive.members()
            if (found := _CARRIED.fullmatch(member.path)) and not member.path.startswith("__MACOSX/")
        }

    def of_message(
        self, message: dict[str, Any], left_out: LeftOutTally
    ) -> tuple[tuple[SourceFile, ...], list[str]]:
        """Return the files that come along, and a line for each that does not."""
        carried: list[SourceFile] = []
        lines: list[str] = []
        for row in rows(message):
            name = (text(row, "title") if row.get("is_external") else "") or text(row, "name", "title", "id")
            if found := self._carried(row, name):
                carried.append(found)
            elif row.get("is_external") and text(row, "url_private"):
                lines.append(markdown.link(text(row, "url_private"), name))
            elif snippet := _snippet(row):
                lines.append(snippet)
            else:
                left_out.add("slack-file-gone" if row.get("mode") in _GONE else "slack-file-absent", name)
                lines.append(f"📎 {markdown.escape(name)}" if name else "📎")
        return tuple(carried), lines

    def _carried(self, row: dict[str, Any], name: str) -> SourceFile | None:
        member = self._found.get(text(row, "id"))
        if member is None:
            return None
        guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return SourceFile(
            id=text(row, "id"),
            name=name[:255],
            media_type=text(row, "mimetype") or guessed,
            size=member.size,
            open=lambda: self._archive.open(member.path),
        )


def rows(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the message says of its files; older exports have one, newer a list."""
    found = message.get("files")
    listed = found if isinstance(found, list) else [message.get("file")]
    return [row for row in listed if isinstance(row, dict)]


def _snippet(row: dict[str, Any]) -> str:
    """Return a snippet whose text is whole in the export, as a code block."""
    preview = row.get("preview")
    if row.get("mode") != "snippet" or not isinstance(preview, str) or row.get("preview_is_truncated"):
        return ""
    size = row.get("size")
    if not isinstance(size, int) or size > len(preview.encode("utf-8", "replace")) + 2:
        return ""
    return markdown.code_block(markdown.clean(preview), text(row, "filetype"))
