"""The demo world is content: these rules say what is wrong in it, with the place."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parvis.demo.clock import PLACEHOLDER, fill_dates, moment_of, schedule, unbroken, words_of, working_day
from parvis.demo.pieces import read_pieces
from parvis.demo.reading import Entry, Space, World, WorldError, mentions_in, read_threads, read_world

NOW = datetime(2026, 11, 25, 14, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return read_world()


def can_read(world: World, space: Space, key: str) -> bool:
    person = world.people[key]
    return key in space.members or (space.access == "open" and person.guest is None)


def test_the_company_has_sixty_colleagues_and_three_guests(world: World) -> None:
    guests = [person for person in world.people.values() if person.guest]
    assert (len(world.people) - len(guests), len(guests)) == (60, 3)
    for person in world.people.values():
        assert all([person.bio, person.skills, person.title]), person.key
        assert person.guest or person.unit in world.units, person.key
        assert person.manager is None or person.manager in world.people, person.key
        ZoneInfo(person.timezone)
    assert len({person.email for person in world.people.values()}) == 63
    assert len({person.portrait for person in world.people.values()}) == 63
    assert {person.language for person in world.people.values()} == {"fr", "en"}


def test_everybody_has_a_line_of_managers_up_to_the_chief_executive(world: World) -> None:
    for person in world.people.values():
        if person.guest:
            continue
        seen, current = [], person
        while current.manager:
            assert current.key not in seen, person.key
            seen.append(current.key)
            current = world.people[current.manager]
        assert current.key == "helene.garrigue"


def test_spaces_are_of_both_kinds_and_every_access(world: World) -> None:
    spaces = [space for space in world.spaces.values() if not space.everyone]
    assert len(spaces) == 12
    assert {space.kind for space in spaces} == {"network", "collaborative"}
    assert {space.access for space in spaces} == {"open", "closed", "secret"}
    for space in spaces:
        assert all([space.hosts, space.purpose, space.welcome]), space.key
        told = all([space.objective, space.problem, space.sponsor, space.measure, space.start, space.end])
        assert told == (space.kind == "collaborative"), space.key
        assert space.sponsor is None or space.sponsor in world.people


def test_guests_belong_to_one_or_two_spaces(world: World) -> None:
    for person in world.people.values():
        mine = [space.key for space in world.spaces.values() if person.key in space.members]
        assert (1 <= len(mine) <= 2) if person.guest else len(mine) >= 2, person.key


def test_months_of_conversations_with_depth(world: World) -> None:
    roots = [entry for entry in world.entries if entry.parent is None]
    assert 95 <= len(roots) <= 140
    assert 350 <= len(world.entries) <= 600
    assert max(entry.depth for entry in world.entries) >= 3
    times = schedule(world, now=NOW)
    assert NOW - min(times.values()) > timedelta(days=110)
    assert {entry.space for entry in world.entries} == set(world.spaces)
    assert {entry.author for entry in world.entries} == set(world.people), "everybody writes"


def test_authors_and_the_mentioned_can_read_the_space(world: World) -> None:
    for entry in world.entries:
        space = world.spaces[entry.space]
        assert entry.author in space.members, f"{entry.place}: {entry.author} is no member"
        if space.posting == "hosts" and entry.parent is None:
            assert entry.author in space.hosts, entry.place
        for key in mentions_in(entry.body, world.people):
            assert can_read(world, space, key), f"{entry.place}: {key} cannot read this"
            assert key != entry.author, f"{entry.place}: mentions its author"
        for reaction in entry.reactions:
            assert reaction.count <= len(space.members) - 1 - len(reaction.people), entry.place
            for key in reaction.people:
                assert can_read(world, space, key), f"{entry.place}: {key} cannot react"
        for key in entry.saved_by:
            assert can_read(world, space, key), f"{entry.place}: {key} cannot save"


def test_what_posts_carry_is_described_and_can_have_been_voted(world: World) -> None:
    pieces = read_pieces()
    named = {(kind, getattr(entry, kind)): entry for entry in world.entries for kind in ("poll", "link")}
    named = {key: entry for key, entry in named.items() if key[1]}
    assert set(named) == {(kind, name) for kind, all in pieces.items() for name in all}
    for (kind, name), entry in named.items():
        piece, members = pieces[kind][name], world.spaces[entry.space].members
        if kind == "link":
            assert piece["url"] in entry.body, entry.place
            continue
        assert len(piece["votes"]) in (0, len(piece["options"])), entry.place
        most = max(piece["votes"], default=0) if piece.get("multiple") else sum(piece["votes"])
        assert most < len(members), f"{entry.place}: more votes than people"


def test_only_roots_have_titles_and_pins(world: World) -> None:
    for entry in world.entries:
        assert entry.parent is None or not (entry.title or entry.pinned), entry.place
    titles = Counter(entry.title for entry in world.entries if entry.title)
    assert [title for title, count in titles.items() if count > 1] == []


def test_no_text_is_used_twice(world: World) -> None:
    seen: dict[str, str] = {}
    for entry in world.entries:
        text = re.sub(r"\W+", " ", entry.body).casefold().strip()
        assert text not in seen, f"{entry.place} repeats {seen[text]}"
        seen[text] = entry.place
        assert "lorem" not in text


def test_a_reply_comes_after_what_it_answers(world: World) -> None:
    times = schedule(world, now=NOW)
    for entry in world.entries:
        own = moment_of(entry.when, timezone=world.people[entry.author].timezone, now=NOW)
        assert own < NOW, entry.place
        if entry.parent:
            assert times[id(entry)] > times[id(entry.parent)], entry.place
            assert times[id(entry)] - own < timedelta(hours=6), f"{entry.place}: far too early"


def _is_called_urgently(entry: Entry) -> bool:
    """Whoever answers an urgent call may do it at night: that is what it is for."""
    return bool(entry.parent) and (bool(entry.parent.urgent) or _is_called_urgently(entry.parent))


def test_people_write_at_work(world: World) -> None:
    times = schedule(world, now=NOW)
    for entry in world.entries:
        if entry.when.minutes is None and entry.author != "jordan.petit" and not _is_called_urgently(entry):
            local = times[id(entry)].astimezone(ZoneInfo(world.people[entry.author].timezone))
            assert 5 <= entry.when.clock[0] <= 21, entry.place
            assert 5 <= local.hour <= 22, f"{entry.place}: {local}"


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 22, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        datetime(2027, 1, 1, 23, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    ],
)
def test_the_world_is_fresh_and_never_in_the_future(world: World, now: datetime) -> None:
    times = schedule(world, now=now)
    newest = max(times.values())
    assert now - timedelta(minutes=15) < newest < now
    for entry in world.entries:
        assert entry.parent is None or times[id(entry)] > times[id(entry.parent)], entry.place


def test_dates_in_texts_are_filled_in_the_language_of_the_entry(world: World) -> None:
    wednesday = NOW.date()
    assert (
        fill_dates("le {date+2}, {day-1}", published=wednesday, language="fr")
        == "le vendredi 27 novembre, mardi"
    )
    assert fill_dates("on {date+3} ({month+2})", published=wednesday, language="en") == (
        "on Monday 30 November (January)"
    )
    assert working_day(wednesday, -3).isoformat() == "2026-11-20"
    times = schedule(world, now=NOW)
    for entry in world.entries:
        zone = world.people[entry.author].timezone
        words = " ".join(words_of(entry, published=times[id(entry)], timezone=zone))
        assert not PLACEHOLDER.search(words), entry.place
        assert not re.search(r"\{\w+[+-]?\d*\}", PLACEHOLDER.sub("", entry.body)), entry.place


def test_french_spaces_do_not_break() -> None:
    assert unbroken("Quoi ? 15 700 € « oui » : | : | 3 %") == (
        "Quoi\u00a0? 15\u00a0700\u00a0€ «\u00a0oui\u00a0»\u00a0: | : | 3\u00a0%"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@@ nobody -1 08:00\nHello", "nobody is called nobody"),
        ("@@ gerard.malosse 08:00\nHello", "a post needs a day"),
        ("@@> gerard.malosse 08:00\nHello", "a reply to nothing"),
        ("@@ gerard.malosse -1 08:00\n% colour: red\nHello", "unknown setting colour"),
        ("@@ gerard.malosse -1 08:00\n", "without text"),
        ("@@ gerard.malosse -1 08:00\n% edit: 5m | a -> b\nHello", "the edited words"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(world: World, text: str, said: str) -> None:
    with pytest.raises(WorldError, match=said):
        read_threads(text, space="everyone", people=world.people)


def test_threads_are_nested_by_their_marks(world: World) -> None:
    text = "@@ gerard -2 08:00\nA\n@@> noe 08:10\nB\n@@>> gerard +1 09:00\nC\n@@> celine 11:30\nD"
    first, second, third, fourth = read_threads(text, space="everyone", people=world.people)
    assert (second.parent, third.parent, fourth.parent) == (first, second, first)
    assert [entry.when.days for entry in (first, second, third, fourth)] == [-2, -2, -1, -2]
