"""Where to go: conversations, people, spaces and pages, for a switcher at the keyboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from parvis.api.responses import PROBLEMS, viewer_of
from parvis.api.schemas.chat import SwitchItem
from parvis.chat import wire
from parvis.chat.queries import my_rooms, people_to_write_to, rooms_called
from parvis.foundation.richtext.clean import printable
from parvis.people.models import Person, sort_key
from parvis.spaces.models import Space

router = Router(tags=["chat"])
ROOMS, PEOPLE, SPACES = 8, 8, 6

Item = dict[str, Any]


@router.get("/switch", response={200: list[SwitchItem], **PROBLEMS}, summary="Where to go")
def switch(request: HttpRequest, q: str = Query("", max_length=100)) -> Any:
    """What is called so, as far as I may know of it; without words, what was lively lately."""
    viewer, q = viewer_of(request), printable(q)
    return [*_rooms(viewer, q), *_people(viewer, q), *_spaces(viewer, q)]


def _rooms(viewer: Person, text: str) -> list[Item]:
    found = rooms_called(viewer, text, limit=ROOMS) if text.strip() else my_rooms(viewer, limit=ROOMS).rooms
    return [
        _item("room", row["id"], row["name"], row["space"]["name"] if row["space"] else "", row["url"])
        | {"avatar_url": _face(viewer, row)}
        for row in wire.room_rows(viewer, found)
    ]


def _face(viewer: Person, row: Item) -> str | None:
    others = [person for person in row["members"] if person["id"] != viewer.id]
    return others[0]["avatar_url"] if row["kind"] == "direct" and others else None


def _people(viewer: Person, text: str) -> list[Item]:
    if not text.strip():
        return []
    people = people_to_write_to(viewer)
    for word in text.split()[:4]:
        people = people.filter(sort_name__contains=sort_key(word))
    prefix = wire.prefix_of(viewer)
    rows = [
        (wire.person_row(prefix, person), person) for person in people.order_by("sort_name", "id")[:PEOPLE]
    ]
    return [
        _item("person", row["id"], row["name"], person.job_title, row["url"])
        | {"avatar_url": row["avatar_url"]}
        for row, person in rows
    ]


def _spaces(viewer: Person, text: str) -> list[Item]:
    spaces = Space.objects.joined_by(viewer) if not text.strip() else Space.objects.readable_by(viewer)
    for word in text.split()[:4]:
        spaces = spaces.filter(name__icontains=word)
    prefix = wire.prefix_of(viewer)
    return [
        _item("space", space.id, space.name, space.objective, f"{prefix}/spaces/{space.id}")
        for space in spaces.filter(state=Space.State.ACTIVE).order_by("-is_everyone", "name", "id")[:SPACES]
    ]


def _item(kind: str, id: object, title: str, subtitle: str, url: str) -> Item:
    return {
        "kind": kind,
        "id": str(id),
        "title": title,
        "subtitle": subtitle,
        "url": url,
        "avatar_url": None,
    }
