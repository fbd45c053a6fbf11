"""The table of all messages, in a temporary database on disk: who answers whom, and in which order to read.

A mailbox may hold a million messages in any order, so threads cannot be made in memory while reading.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.mbox.headers import Headers
from parvis.imports.mbox.mailbox import Extent

# A reply that names nothing it answers belongs to the last thread of its subject, when that is as recent.
SAME_SUBJECT_SECONDS = 60 * 24 * 3600

_TABLES = """
CREATE TABLE mail (n INTEGER PRIMARY KEY, box INTEGER, start INTEGER, length INTEGER, id TEXT, subject TEXT,
    is_reply INTEGER, author TEXT, author_name TEXT, sent REAL, first_answered TEXT, list_id TEXT,
    list_name TEXT, space TEXT, parent INTEGER);
CREATE TABLE answers (n INTEGER, position INTEGER, id TEXT);
CREATE TABLE tree (n INTEGER PRIMARY KEY, root INTEGER, depth INTEGER);
"""
_ADD = "INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)"
_INDEXES = """
CREATE INDEX mail_by_id ON mail (space, id);
CREATE INDEX mail_by_subject ON mail (space, subject, sent);
CREATE INDEX answers_by_mail ON answers (n, position);
"""
_BY_REFERENCES = """
UPDATE mail SET parent = (
    SELECT other.n FROM answers JOIN mail AS other ON other.id = answers.id AND other.space = mail.space
    WHERE answers.n = mail.n ORDER BY answers.position LIMIT 1)
"""
_BY_SUBJECT = """
UPDATE mail SET parent = (
    SELECT other.n FROM mail AS other
    WHERE other.space = mail.space AND other.subject = mail.subject
      AND other.sent < mail.sent AND other.sent > mail.sent - ? ORDER BY other.sent DESC LIMIT 1)
WHERE parent IS NULL AND is_reply AND subject <> ''
"""
_TREE = """
WITH RECURSIVE reached (n, root, depth) AS (
    SELECT n, n, 0 FROM mail WHERE parent IS NULL
    UNION ALL SELECT mail.n, reached.root, reached.depth + 1 FROM reached JOIN mail ON mail.parent = reached.n)
INSERT INTO tree SELECT n, root, depth FROM reached
"""
_IN_READING_ORDER = """
SELECT mail.n, mail.box, mail.start, mail.length, mail.id, mail.subject, mail.author, mail.author_name, mail.sent,
    root.id, CASE WHEN tree.depth = 0 THEN mail.first_answered ELSE root.first_answered END, parent.id, tree.depth
FROM tree JOIN mail USING (n) JOIN mail AS root ON root.n = tree.root LEFT JOIN mail AS parent ON parent.n = mail.parent
WHERE mail.space = ? ORDER BY root.sent, root.n, tree.depth, mail.sent, mail.n
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One message: where its bytes are, and where it stands in its thread."""

    box: int
    start: int
    length: int
    id: str
    subject: str
    author: str
    author_name: str
    sent: datetime
    root: str
    # Named by the root as what it answers, though the archive does not hold it.
    absent_root: str
    parent: str


class Index:
    """Collects headers, then tells the reading order."""

    def __init__(self) -> None:
        # An empty name: a private file that SQLite removes with the connection.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.executescript(_TABLES)
        self._count = 0
        self._last_sent = 0.0

    def close(self) -> None:
        """Remove the temporary database."""
        self._database.close()

    def add(self, box: int, extent: Extent, headers: Headers) -> bool:
        """Note a message; tell whether its date could be believed (else it stands after the one before it)."""
        sent = headers.sent.timestamp() if headers.sent else self._last_sent
        self._last_sent, self._count = sent, self._count + 1
        values = (
            self._count,
            box,
            extent.start,
            extent.length,
            headers.id,
            headers.subject,
            headers.is_reply,
        )
        more = (
            headers.author,
            headers.author_name,
            sent,
            headers.first_answered,
            headers.list_id,
            headers.list_name,
        )
        self._database.execute(_ADD, values + more)
        rows = [(self._count, position, answer) for position, answer in enumerate(headers.answers)]
        self._database.executemany("INSERT INTO answers VALUES (?, ?, ?)", rows)
        return headers.sent is not None

    def list_of(self, box: int) -> tuple[str, str]:
        """Return the list that most messages of a mailbox name."""
        row = self._database.execute(
            "SELECT list_id, max(list_name) FROM mail WHERE box = ? AND list_id <> ''"
            " GROUP BY list_id ORDER BY count(*) DESC, list_id LIMIT 1",
            (box,),
        ).fetchone()
        return (row[0], row[1]) if row else ("", "")

    def settle(self, box: int, space: str) -> None:
        """Put the messages of a mailbox into a space."""
        self._database.execute("UPDATE mail SET space = ? WHERE box = ?", (space, box))

    def thread(self, labels: list[str]) -> int:
        """Drop what comes twice, find who answers whom, and return how many came twice."""
        self._database.executescript(_INDEXES)
        doubled = self._database.execute(
            "DELETE FROM mail WHERE EXISTS (SELECT 1 FROM mail AS first"
            " WHERE first.space = mail.space AND first.id = mail.id AND first.n < mail.n)"
        ).rowcount
        self._database.execute(_BY_REFERENCES)
        self._database.execute(_BY_SUBJECT, (SAME_SUBJECT_SECONDS,))
        self._database.execute("CREATE INDEX mail_by_parent ON mail (parent)")
        self._database.execute(_TREE)
        self._refuse_cycles(labels)
        return doubled

    def _refuse_cycles(self, labels: list[str]) -> None:
        row = self._database.execute(
            "SELECT n FROM mail WHERE n NOT IN (SELECT n FROM tree) ORDER BY n LIMIT 1"
        ).fetchone()
        if row is None:
            return
        # What was not reached hangs on a circle: going up from it ends in one.
        seen: set[int] = set()
        n = row[0]
        while n not in seen:
            seen.add(n)
            (n,) = self._database.execute("SELECT parent FROM mail WHERE n = ?", (n,)).fetchone()
        box, start, name = self._database.execute(
            "SELECT box, start, id FROM mail WHERE n = ?", (n,)
        ).fetchone()
        raise ArchiveFault(labels[box], Reason.CYCLE, offset=start, detail=name)

    def authors(self, space: str) -> Iterator[tuple[str, str]]:
        """Yield each author of a space, with the name used last."""
        yield from self._database.execute(
            "SELECT author, author_name FROM (SELECT author, author_name, max(sent) FROM mail WHERE space = ?"
            " GROUP BY author) ORDER BY author",
            (space,),
        )

    def most_active(self, space: str) -> str:
        """Return who wrote most in a space."""
        row = self._database.execute(
            "SELECT author FROM mail WHERE space = ? GROUP BY author ORDER BY count(*) DESC, author LIMIT 1",
            (space,),
        ).fetchone()
        return str(row[0]) if row else ""

    def first_sent(self, space: str) -> datetime | None:
        """Return when the first message of a space was sent."""
        (sent,) = self._database.execute(
            "SELECT min(sent) FROM mail WHERE space = ? AND sent > 0", (space,)
        ).fetchone()
        return datetime.fromtimestamp(sent, UTC) if sent else None

    def in_reading_order(self, space: str) -> Iterator[Place]:
        """Yield the messages of a space: threads by age, in each what is answered before its answers."""
        for row in self._database.execute(_IN_READING_ORDER, (space,)):
            _, box, start, length, name, subject, author, author_name, sent, root, absent, parent, depth = row
            yield Place(
                box=box,
                start=start,
                length=length,
                id=name,
                subject=subject,
                author=author,
                author_name=author_name,
                sent=datetime.fromtimestamp(sent, UTC),
                root=root if depth else "",
                absent_root=absent or "",
                parent=parent or "",
            )
