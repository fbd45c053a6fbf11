"""Some people of an organization and a conversation of theirs, for clients that talk: `python -m bench.cast SLUG COUNT`.

A process of its own with the settings of the installation that it is for; it prints what the clients need, as JSON.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Make them."""
    slug, count = sys.argv[1], int(sys.argv[2])
    os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
    import django

    django.setup()
    from django.conf import settings

    from parvis.config import database

    with database.available(settings.PARVIS):
        print(json.dumps(_made(slug, count)))


def _made(slug: str, count: int) -> dict[str, object]:
    from parvis.api.tokens import create_token
    from parvis.chat.actions import create_group
    from parvis.foundation.tenancy import organization_scope
    from parvis.people.actions import find_or_create_identity, join_organization
    from parvis.people.models import Organization

    organization = Organization.objects.get(slug=slug)
    with organization_scope(organization):
        people = [
            join_organization(
                identity=find_or_create_identity(email=f"talker-{number}@bench.example"),
                full_name=f"Talker {number}",
            )
            for number in range(count)
        ]
        room = create_group(creator=people[0], people=[person.id for person in people[1:]], name="Bench")
        tokens = [create_token(person=person, name="bench", scopes=["read", "write"])[1] for person in people]
    return {
        "slug": slug,
        "room": str(room.id),
        "people": [str(person.id) for person in people],
        "tokens": tokens,
    }


if __name__ == "__main__":
    main()
