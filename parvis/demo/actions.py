"""Make the demo organization, and take it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from parvis.demo import attention, bells, cast, chats, newsroom, notices, pieces, places, shifts, walls
from parvis.demo.reading import World, read_world
from parvis.foundation.tenancy import organization_scope
from parvis.people.actions import create_organization
from parvis.people.models import Identity, Organization
from parvis.push.models import Device
from parvis.search.actions import index_organization, save_search

SLUG = "demo"


@dataclass(frozen=True, kw_only=True)
class Login:
    """Who signs in, and why one would."""

    role: str
    name: str
    email: str


LOGINS = {
    "alexis.roman": "administrator (fr)",
    "nadia.belkacem": "host of a space shared with a supplier (fr)",
    "sofiane.meziane": "member, maintenance technician (fr)",
    "priya.nair": "member, application engineer (en)",
    "stephane.leroux": "safety: announcements and who acknowledged them (fr)",
    "dominique.faure": "staff representative (fr)",
    "markus.brandt": "guest, the supplier: one space only (en)",
}

# What they look for again and again.
SAVED = {
    "sofiane.meziane": [
        ("Carnet de Gérard", "q=carnet+G%C3%A9rard"),
        ("Plans et notices", "q=plan+notice&kind=files"),
    ],
    "nadia.belkacem": [("Bruit des pompes", "q=pompe+bruit")],
    "priya.nair": [("Noise measurements", "q=noise+measurement")],
}


def find_demo() -> Organization | None:
    """Return the demo organization, if it was made."""
    return Organization.objects.filter(slug=SLUG).first()


def create_demo(*, now: datetime, password: str) -> list[Login]:
    """Make the organization `demo` with all that is in it, in one transaction; nobody is notified by mail."""
    world = read_world()
    administrator = world.person("alexis.roman")
    with transaction.atomic():
        organization, _person = create_organization(
            slug=SLUG,
            name=world.name,
            administrator_email=administrator.email,
            administrator_name=administrator.name,
            password=password,
            language="fr",
        )
        with organization_scope(organization):
            _fill(organization, world, now=now, password=password)
    return [
        Login(role=role, name=world.people[key].name, email=world.people[key].email)
        for key, role in LOGINS.items()
    ]


def _fill(organization: Organization, world: World, *, now: datetime, password: str) -> None:
    people = cast.settle(organization, world, now=now, password=password)
    shifts.clock_in(people, now=now)
    spaces = places.open_all(world, people, now=now)
    pieces.draw_emoji(people["alexis.roman"])
    entries = walls.write_all(organization, world, people, spaces, now=now)
    pieces.hang_on(world, entries, people, now=now)
    newsroom.print_news(people, spaces, now=now)
    pieces.leave_unsent(people, spaces, now=now)
    pieces.connect(people, spaces, entries, now=now)
    chats.talk(organization, world, people, spaces, now=now)
    bells.ring(world, people, spaces, entries, now=now, ringing=tuple(LOGINS))
    attention.spare(people, spaces, entries, now=now, ringing=tuple(LOGINS))
    notices.put_up(people, spaces, now=now, ringing=tuple(LOGINS))
    shifts.count_last_month(now=now)
    index_organization()
    for key, searches in SAVED.items():
        for name, address in searches:
            save_search(person=people[key], name=name, address=address)


def remove_demo(organization: Organization) -> None:
    """Take the demo organization away with all that it holds, and the logins of its reserved domain."""
    emails = [person.email for person in read_world().people.values()]
    with transaction.atomic():
        with organization_scope(organization):
            # Those of the demo's phones, which sign nobody in.
            sessions = Device.objects.values_list("session_key", flat=True)
            Session.objects.filter(session_key__in=list(sessions)).delete()
            # Django's keys are checked at the end of the transaction, so that the order does not matter.
            Organization.objects.filter(pk=organization.pk).update(logo=None)
            with connection.cursor() as cursor:
                # The audit trail goes with its organization, and only with it.
                cursor.execute(
                    "SELECT set_config('app.erased_organization', %s, true)", [str(organization.pk)]
                )
                for table in _tables_of_organizations():
                    cursor.execute(
                        f"DELETE FROM {connection.ops.quote_name(table)} WHERE organization_id = %s",
                        [organization.pk],
                    )
            Identity.objects.filter(email__in=emails).delete()
        organization.delete()


def _tables_of_organizations() -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "organization_id" for field in model._meta.local_concrete_fields)
    ]
