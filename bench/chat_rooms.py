"""Conversations of a world's people, made in one go: `python -m bench.chat_rooms`, with the settings of an installation.

It prints their ids as JSON: one of everybody who has a window, a hundred of fifty people, one of ten thousand members
and one of fifty, for whom the same fifty are online.
"""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TEAMS, TEAM = 100, 50
HUGE = 10_000


def main() -> None:
    """Make them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
    import django

    django.setup()
    from django.conf import settings

    from parvis.config import database

    with database.available(settings.PARVIS):
        key = pickle.loads((Path(os.environ["PARVIS_DATA_DIR"]) / "bench.pickle").read_bytes())
        print(json.dumps(_made(key)))


def _made(key: Any) -> dict[str, Any]:
    from django.db import connection

    from parvis.chat.models import Message, Room, RoomMembership
    from parvis.foundation.tenancy import organization_scope
    from parvis.people.models import Organization, Person

    def room(name: str, people: Sequence[Any]) -> str:
        made = Room.objects.create(kind="group", is_private=True, name=name, member_count=len(people))
        places = [RoomMembership(room=made, person_id=person) for person in people]
        RoomMembership.objects.bulk_create(places, batch_size=1_000)
        return str(made.id)

    with organization_scope(Organization.objects.get(pk=key.organization)):
        people = list(key.people)
        strangers = [
            Person(full_name=f"Absent {number}", sort_name=f"absent {number}")
            for number in range(HUGE - len(people))
        ]
        Person.objects.bulk_create(strangers, batch_size=1_000)
        made = {
            "everybody": room("Everybody", people),
            "teams": [room(f"Team {number}", _team(people, number)) for number in range(TEAMS)],
            "huge": room("Huge", [*people, *(person.id for person in strangers)]),
            "small": room("Small", people[:TEAM]),
        }
        made["old"] = old = room("Old", people[:TEAM])
        first = Message.objects.create(
            room_id=old, seq=1, author_id=people[0], body="Said", body_html="<p>Said</p>", body_text="Said"
        )
        columns = [field.column for field in Message._meta.local_concrete_fields]
        same = ", ".join(column for column in columns if column not in {"id", "seq"})
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO chat_message (id, seq, {same}) SELECT gen_random_uuid(), number, {same}"
                " FROM chat_message, generate_series(2, 100000) number WHERE id = %s",
                [first.id],
            )
            cursor.execute("ANALYZE chat_message")
        Room.objects.filter(pk=old).update(last_seq=100_000)
        return made


def _team(people: Sequence[Any], number: int) -> list[Any]:
    return [people[(number * len(people) // TEAMS + member) % len(people)] for member in range(TEAM)]


if __name__ == "__main__":
    main()
