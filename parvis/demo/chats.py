"""Let the people of the demo talk: between two, in groups, in rooms of spaces."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from parvis.chat.models import (
    Message,
    MessageMention,
    MessagePreview,
    MessageReaction,
    Room,
    RoomMembership,
    SpaceChat,
)
from parvis.chat.queries import pair_of
from parvis.content.rendering import render_for
from parvis.demo.clock import CODE, moment_of, unbroken
from parvis.demo.reading import MENTION, WORLD, When
from parvis.demo.reading import World as Files
from parvis.foundation.richtext import mention_source
from parvis.people.models import Organization, Person
from parvis.spaces.models import Membership, Space
from parvis.worktime.models import UrgentCall


def talk(
    organization: Organization,
    world: Files,
    people: dict[str, Person],
    spaces: dict[str, Space],
    *,
    now: datetime,
) -> None:
    """Write every conversation at its time, with who has read how far."""
    with (WORLD / "chats.toml").open("rb") as file:
        rooms = tomllib.load(file)["room"]
    for written in rooms:
        room = _open(written, people, spaces, now=now)
        messages = list(_messages(organization, world, written, room, people, now=now))
        _seat(written, room, people, now=now)
        _mark(written, messages, people)


def _open(
    written: dict[str, Any], people: dict[str, Person], spaces: dict[str, Space], *, now: datetime
) -> Room:
    kind, members = written["kind"], [people[key] for key in written.get("people", ())]
    space = spaces[written["space"]] if kind == Room.Kind.SPACE else None
    if space is not None:
        SpaceChat.objects.get_or_create(space=space)
    room: Room = Room.objects.create(
        kind=kind,
        space=space,
        name=written.get("name", ""),
        topic=written.get("topic", ""),
        is_private=space is None,
        pair=pair_of(members[0].id, members[1].id) if kind == Room.Kind.DIRECT else "",
        created_by=people[written["lines"][0][0]],
        created_at=now - timedelta(days=20),
        last_seq=len(written["lines"]),
    )
    return room


def _messages(
    organization: Organization,
    world: Files,
    written: dict[str, Any],
    room: Room,
    people: dict[str, Person],
    *,
    now: datetime,
) -> Iterator[Message]:
    said: list[Message] = []
    quotes = {int(answer): said_at for answer, said_at in written.get("quotes", {}).items()}
    for seq, (key, when, words) in enumerate(written["lines"], start=1):
        moment = _moment(when, world.people[key].timezone, now=now)
        moment = max(moment, said[-1].created_at + timedelta(minutes=1)) if said else moment
        body = _typed(words, world.people[key].language, people)
        text = render_for(Person.objects.all, organization=organization, title="", body=body)
        message = Message(
            room=room,
            seq=seq,
            author=people[key],
            body=text.body,
            body_html=text.html,
            body_text=text.text,
            render_version=text.render_version,
            urgent_reason=written.get("urgent", {}).get(str(seq), ""),
            quote=said[quotes[seq] - 1] if seq in quotes else None,
            pinned_at=moment if seq in written.get("pinned", ()) else None,
            created_at=min(moment, now - timedelta(minutes=1)),
        )
        message.save()
        MessageMention.objects.bulk_create(
            MessageMention(message=message, person=person, room=room, seq=seq) for person in text.mentioned
        )
        if message.urgent_reason:
            UrgentCall.objects.create(
                sender=message.author,
                about_id=message.id,
                subject=f"room:{room.id}",
                reason=message.urgent_reason,
                marked_at=message.created_at,
            )
        if str(seq) in written.get("links", {}):
            MessagePreview.objects.create(message=message, **written["links"][str(seq)])
        said.append(message)
        yield message
    Room.objects.filter(pk=room.pk).update(last_message_at=said[-1].created_at)


def _moment(when: str, timezone: str, *, now: datetime) -> datetime:
    days, _space, clock = when.partition(" ")
    if not clock:
        return now - timedelta(minutes=int(days))
    hour, minute = clock.split(":")
    return moment_of(When(days=-int(days), clock=(int(hour), int(minute))), timezone=timezone, now=now)


def _typed(words: str, language: str, people: dict[str, Person]) -> str:
    def named(found: re.Match[str]) -> str:
        person = people.get(found["key"])
        return mention_source("person", person.id, person.full_name) if person is not None else found[0]

    parts = CODE.split(words)
    texts = [part if place % 2 else MENTION.sub(named, part) for place, part in enumerate(parts)]
    if language == "fr":
        texts = [part if place % 2 else unbroken(part) for place, part in enumerate(texts)]
    return "".join(texts)


def _seat(
    written: dict[str, Any],
    room: Room,
    people: dict[str, Person],
    *,
    now: datetime,
) -> None:
    """Everybody has read everything, but for what is unread on purpose."""
    unread = {people[key].id: count for key, count in written["unread"].items()}
    ids = {people[key].id for key in written.get("people", ())}
    hosts = {room.created_by_id} if room.kind == Room.Kind.GROUP else set()
    if room.kind == Room.Kind.SPACE:
        ids = set(Membership.objects.filter(space=room.space).values_list("person_id", flat=True))
    RoomMembership.objects.bulk_create(
        RoomMembership(
            room=room,
            person_id=id,
            is_host=id in hosts,
            read_seq=room.last_seq - unread.get(id, 0),
            joined_at=now - timedelta(days=20),
        )
        for id in ids
    )
    Room.objects.filter(pk=room.pk).update(member_count=len(ids))


def _mark(written: dict[str, Any], messages: list[Message], people: dict[str, Person]) -> None:
    MessageReaction.objects.bulk_create(
        MessageReaction(
            message=messages[seq - 1],
            person=people[key],
            emoji=emoji,
            created_at=messages[seq - 1].created_at + timedelta(minutes=1 + place),
        )
        for seq, emoji, keys in written["reactions"]
        for place, key in enumerate(keys)
    )
