"""Read the demo world's files into plain, checked values. No database here."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

WORLD = Path(__file__).parent / "world"
HEADER = re.compile(r"^@@(?P<depth>>*) (?P<author>[\w.-]+) (?P<when>.+)$")
MENTION = re.compile(r"(?<![\w@./`])@(?P<key>[a-z]+(?:\.[a-z]+)?)\b")
Language = Literal["fr", "en"]


class WorldError(ValueError):
    """A mistake in the files, with the place of it."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    key: str
    name: str
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class Person:
    key: str
    name: str
    title: str
    email: str
    language: Language
    timezone: str
    location: str
    bio: str
    skills: tuple[str, ...]
    portrait: str
    unit: str | None
    manager: str | None
    joined: int | None
    company: str
    guest: str | None


@dataclass(frozen=True, kw_only=True)
class Space:
    key: str
    name: str
    kind: str
    access: str
    posting: str
    everyone: bool
    purpose: str
    welcome: str
    hosts: tuple[str, ...]
    members: tuple[str, ...]
    objective: str
    problem: str
    sponsor: str | None
    measure: str
    start: int | None
    end: int | None


@dataclass(frozen=True, kw_only=True)
class When:
    """Working days before today with a local clock time, or minutes before now."""

    days: int = 0
    clock: tuple[int, int] = (9, 0)
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reaction:
    emoji: str
    count: int = 0
    people: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Until `minutes` after publication the body held `before` where it now holds `after`."""

    minutes: int
    before: str
    after: str


@dataclass(kw_only=True)
class Entry:
    place: str
    space: str
    author: str
    when: When
    depth: int
    body: str = ""
    language: Language = "fr"
    title: str = ""
    pinned: bool = False
    reactions: tuple[Reaction, ...] = ()
    saved_by: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    edits: tuple[Edit, ...] = ()
    # Names in pieces.toml.
    poll: str = ""
    link: str = ""
    # Why it could not wait for working time.
    urgent: str = ""
    parent: Entry | None = None
    replies: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class World:
    name: str
    domain: str
    languages: tuple[str, ...]
    motto: dict[str, str]
    units: dict[str, Unit]
    people: dict[str, Person]
    spaces: dict[str, Space]
    entries: tuple[Entry, ...]

    def person(self, short: str) -> Person:
        """The person of that key, or of that first name."""
        return self.people[_full_key(self.people, short)]


@cache
def read_world() -> World:
    """The whole world, checked enough to be used; raises WorldError with the place of a mistake."""
    company = _toml("company.toml")
    units = {
        key: Unit(key=key, name=row["name"], parent=row.get("in")) for key, row in company["units"].items()
    }
    people = {key: _person(key, row, company) for key, row in _toml("people.toml").items()}
    spaces = {key: _space(key, row, people, units) for key, row in _toml("spaces.toml").items()}
    entries: list[Entry] = []
    for path in sorted((WORLD / "threads").glob("*.md")):
        if path.stem not in spaces:
            raise WorldError(f"{path.name}: no space is called {path.stem}")
        entries += read_threads(path.read_text(encoding="utf-8"), space=path.stem, people=people)
    return World(
        name=company["name"],
        domain=company["domain"],
        languages=tuple(company["languages"]),
        motto={language: company[f"motto_{language}"] for language in company["languages"]},
        units=units,
        people=people,
        spaces=spaces,
        entries=tuple(entries),
    )


def read_threads(text: str, *, space: str, people: dict[str, Person]) -> list[Entry]:
    """Entries of one file in their order, each reply linked to its parent."""
    entries: list[Entry] = []
    ancestors: list[Entry] = []
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        place = f"{space}.md:{number}"
        header = HEADER.match(line)
        if header is None and line.startswith("@@"):
            raise WorldError(f"{place}: this is no entry: {line}")
        if header is None:
            lines.append(line)
            continue
        _finish(entries, lines, people)
        lines = []
        depth = len(header["depth"])
        if depth > len(ancestors):
            raise WorldError(f"{place}: a reply to nothing")
        del ancestors[depth:]
        parent = ancestors[-1] if ancestors else None
        when = _when(header["when"], previous=parent.when.days if parent else None, place=place)
        author = people[_full_key(people, header["author"], place=place)]
        entry = Entry(
            place=place,
            space=space,
            author=author.key,
            when=when,
            depth=depth,
            language=author.language,
            parent=parent,
        )
        if parent:
            parent.replies.append(entry)
        ancestors.append(entry)
        entries.append(entry)
    _finish(entries, lines, people)
    return entries


def mentions_in(body: str, people: dict[str, Person]) -> list[str]:
    """Keys of the people mentioned, in order of appearance; code is left alone."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", body, flags=re.DOTALL)
    return [_full_key(people, found["key"]) for found in MENTION.finditer(prose)]


def _finish(entries: list[Entry], lines: list[str], people: dict[str, Person]) -> None:
    if not entries:
        if any(line.strip() and not line.startswith("#") for line in lines):
            raise WorldError(f"text before the first entry: {lines[0]!r}")
        return
    entry = entries[-1]
    rest = list(lines)
    while rest and rest[0].startswith("% "):
        name, _, value = rest.pop(0)[2:].partition(":")
        _set(entry, name.strip(), value.strip(), people)
    entry.body = "\n".join(rest).strip()
    for edit in entry.edits:
        if edit.after not in entry.body:
            raise WorldError(f"{entry.place}: the edited words are not in the text: {edit.after}")
    if not entry.body:
        raise WorldError(f"{entry.place}: an entry without text")


def _set(entry: Entry, name: str, value: str, people: dict[str, Person]) -> None:
    match name:
        case "title" | "poll" | "link" | "urgent":
            setattr(entry, name, value)
        case "lang" if value in ("fr", "en"):
            entry.language = "fr" if value == "fr" else "en"
        case "pin":
            entry.pinned = True
        case "react":
            entry.reactions = _reactions(value, people, entry.place)
        case "save":
            entry.saved_by = tuple(_full_key(people, key, place=entry.place) for key in value.split())
        case "file":
            file, _, caption = value.partition("|")
            entry.files = (*entry.files, (file.strip(), caption.strip()))
        case "edit":
            after, _, change = value.partition("|")
            before, _, now = change.partition("->")
            edit = Edit(minutes=int(after.strip().rstrip("m")), before=before.strip(), after=now.strip())
            entry.edits = (*entry.edits, edit)
        case _:
            raise WorldError(f"{entry.place}: unknown setting {name}: {value}")


def _reactions(value: str, people: dict[str, Person], place: str) -> tuple[Reaction, ...]:
    reactions: list[Reaction] = []
    for word in value.split():
        if word[0].isascii() and word[0].isalpha():
            last = reactions.pop()
            key = _full_key(people, word, place=place)
            reactions.append(Reaction(emoji=last.emoji, count=last.count, people=(*last.people, key)))
            continue
        emoji = word.rstrip("0123456789")
        reactions.append(Reaction(emoji=emoji, count=int(word[len(emoji) :] or 0)))
    return tuple(reactions)


def _when(text: str, *, previous: int | None, place: str) -> When:
    if found := re.fullmatch(r"(\d+)m", text.strip()):
        return When(minutes=int(found[1]))
    found = re.fullmatch(r"(?:([+-]\d+) )?(\d\d):(\d\d)", text.strip())
    if found is None:
        raise WorldError(f"{place}: this is no time: {text}")
    clock = (int(found[2]), int(found[3]))
    if found[1] is None:
        if previous is None:
            raise WorldError(f"{place}: a post needs a day")
        return When(days=previous, clock=clock)
    offset = int(found[1])
    if offset < 0 or previous is None:
        return When(days=offset, clock=clock)
    return When(days=previous + offset, clock=clock)


def _person(key: str, row: dict[str, Any], company: dict[str, Any]) -> Person:
    site = company["sites"][row["site"]] if "site" in row else {}
    return Person(
        key=key,
        name=row["name"],
        title=row["title"],
        email=row.get("email", f"{key}@{company['domain']}"),
        language=row["lang"],
        timezone=row.get("timezone") or site["timezone"],
        location=row.get("location") or site["name"],
        bio=row["bio"],
        skills=tuple(row["skills"]),
        portrait=row["portrait"],
        unit=row.get("unit"),
        manager=row.get("manager"),
        joined=row.get("joined"),
        company=row.get("company", company["name"]),
        guest=row.get("guest"),
    )


def _space(key: str, row: dict[str, Any], people: dict[str, Person], units: dict[str, Unit]) -> Space:
    hosts = tuple(_full_key(people, host, place=f"spaces.toml:{key}") for host in row["hosts"])
    members = dict.fromkeys(hosts)
    for name in row["members"]:
        members.update(dict.fromkeys(_expand(name, people, units, key)))
    return Space(
        key=key,
        name=row["name"],
        kind=row["kind"],
        access=row["access"],
        posting=row["posting"],
        everyone=row.get("everyone", False),
        purpose=row["purpose"],
        welcome=row["welcome"].strip(),
        hosts=hosts,
        members=tuple(members),
        objective=row.get("objective", ""),
        problem=row.get("problem", ""),
        sponsor=row.get("sponsor"),
        measure=row.get("measure", ""),
        start=row.get("start"),
        end=row.get("end"),
    )


def _expand(name: str, people: dict[str, Person], units: dict[str, Unit], space: str) -> list[str]:
    if name == "everyone":
        return [person.key for person in people.values() if person.guest is None]
    if name.startswith("unit:"):
        top = name.removeprefix("unit:")
        return [person.key for person in people.values() if person.unit and top in _line(person.unit, units)]
    return [_full_key(people, name, place=f"spaces.toml:{space}")]


def _line(unit: str, units: dict[str, Unit]) -> list[str]:
    parent = units[unit].parent
    return [unit, *(_line(parent, units) if parent else [])]


def _full_key(people: dict[str, Person], short: str, *, place: str = "") -> str:
    if short in people:
        return short
    found = [key for key in people if key.partition(".")[0] == short]
    if len(found) != 1:
        raise WorldError(f"{place}: nobody is called {short}" if not found else f"{place}: which {short}?")
    return found[0]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((WORLD / name).read_text(encoding="utf-8"))
