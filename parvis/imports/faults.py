"""What can be wrong with an archive, and the place where it is."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """Each reason is a stable word for tests and logs; its sentence is for people."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    NOT_AN_ARCHIVE = "not-an-archive"
    TRUNCATED = "truncated"
    TOO_MANY_FILES = "too-many-files"
    FILE_TOO_LARGE = "file-too-large"
    ARCHIVE_TOO_LARGE = "archive-too-large"
    BOMB = "bomb"
    OVERLAP = "overlap"
    TRAVERSAL = "traversal"
    LINK = "link"
    SPECIAL_FILE = "special-file"
    ENCRYPTED = "encrypted"
    COMPRESSION = "compression"
    DUPLICATE_NAME = "duplicate-name"
    CHARSET = "charset"
    SYNTAX = "syntax"
    TOO_DEEP = "too-deep"
    ITEM_TOO_LARGE = "item-too-large"
    SHAPE = "shape"
    MISSING_FILE = "missing-file"
    DUPLICATE_CHANNEL = "duplicate-channel"
    NO_MESSAGES = "no-messages"
    CYCLE = "cycle"


_SENTENCES = {
    Reason.ABSENT: _("There is nothing at this path."),
    Reason.UNREADABLE: _("This file cannot be read: %(detail)s."),
    Reason.NOT_AN_ARCHIVE: _("This is not an archive that Parvis can open."),
    Reason.TRUNCATED: _("The file ends too early; the archive is damaged or incomplete."),
    Reason.TOO_MANY_FILES: _("The archive holds more than %(limit)s files."),
    Reason.FILE_TOO_LARGE: _("This file is larger than %(limit)s bytes once unpacked."),
    Reason.ARCHIVE_TOO_LARGE: _("The archive is larger than %(limit)s bytes once unpacked."),
    Reason.BOMB: _("This file unpacks to more than %(limit)s times its size: it looks like an attack."),
    Reason.OVERLAP: _("This file shares its bytes with another one: it looks like an attack."),
    Reason.TRAVERSAL: _("This name points outside the archive."),
    Reason.LINK: _("This is a link to another file; links are not followed."),
    Reason.SPECIAL_FILE: _("This is not an ordinary file."),
    Reason.ENCRYPTED: _("This file is encrypted; unpack it first."),
    Reason.COMPRESSION: _("This file is packed in a way that Parvis cannot read."),
    Reason.DUPLICATE_NAME: _("Two files of the archive have this name."),
    Reason.CHARSET: _("The text is not valid UTF-8."),
    Reason.SYNTAX: _("This is not valid JSON: %(detail)s."),
    Reason.TOO_DEEP: _("The data is nested too deeply."),
    Reason.ITEM_TOO_LARGE: _("One item is larger than %(limit)s characters."),
    Reason.SHAPE: _("This is not the expected kind of data: %(detail)s."),
    Reason.MISSING_FILE: _("The archive has no such file, and it is needed."),
    Reason.DUPLICATE_CHANNEL: _("Two channels share this name, so it is not known who may read it."),
    Reason.NO_MESSAGES: _("No message was found in this file."),
    Reason.CYCLE: _("These messages answer each other in a circle."),
}


class ArchiveFault(Exception):
    """The archive is damaged or hostile: which file, where in it, and why."""

    def __init__(
        self,
        path: str,
        reason: Reason,
        *,
        line: int | None = None,
        offset: int | None = None,
        detail: str = "",
        limit: int | None = None,
    ) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason
        self.line = line
        self.offset = offset
        self.detail = detail
        self.limit = limit

    @property
    def place(self) -> str:
        """Return the file and, when known, the line or the byte."""
        path = printable(self.path)
        if self.line is not None:
            return gettext("%(path)s, line %(line)s") % {"path": path, "line": self.line}
        if self.offset is not None:
            return gettext("%(path)s, byte %(offset)s") % {"path": path, "offset": self.offset}
        return path

    def __str__(self) -> str:
        text = str(_SENTENCES[self.reason])
        return f"{self.place}: {text % {'detail': printable(self.detail), 'limit': self.limit}}"


def printable(text: str, length: int = 200) -> str:
    """Return a foreign name that can stand in a terminal or a log: bounded, without control characters."""
    return "".join(char if char.isprintable() else "�" for char in text[:length])
