"""Put the people of the demo into their organization: units, logins, profiles, portraits."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from io import BytesIO

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from parvis.demo.portraits import portrait
from parvis.demo.reading import Person as Role
from parvis.demo.reading import World
from parvis.demo.scenes import logo
from parvis.foundation.files import store
from parvis.people.models import Identity, Organization, Person, PersonFollow, Unit, sort_key

# Numbers that telephone regulators keep for films and examples.
PHONES = {
    "Europe/Paris": "+33 4 65 71 {:02d} {:02d}",
    "Europe/London": "+44 161 496 0{2:03d}",
    "America/Toronto": "+1 514 555 01{1:02d}",
}
SINCE = {"fr": "Chez Hivernel depuis {}.", "en": "With Hivernel since {}."}
FOLLOWS = {
    "sofiane.meziane": ("gerard.malosse", "ophelie.bernard", "camille.thevenet", "chloe.sanchez"),
    "priya.nair": ("thomas.keller", "leila.farahani", "luc.bouchard", "helene.garrigue"),
    "nadia.belkacem": ("markus.brandt", "rachida.benali", "chloe.sanchez"),
    "alexis.roman": ("leila.farahani", "amina.diallo"),
    "noe.charvet": ("gerard.malosse", "sofiane.meziane"),
}


def settle(organization: Organization, world: World, *, now: datetime, password: str) -> dict[str, Person]:
    """Make everybody an active person with a login and a picture; return them by their keys."""
    units = _units(world)
    identities = _identities(world, password=password)
    people = {
        role.key: _person(role, identity=identities[role.email], unit=units.get(role.unit or ""), now=now)
        for role in world.people.values()
    }
    first = Person.objects.get(identity=identities[world.person("alexis.roman").email])
    _become(first, people["alexis.roman"])
    people["alexis.roman"] = first
    Person.objects.bulk_create(person for person in people.values() if person is not first)
    for role in world.people.values():
        person = people[role.key]
        person.manager = people[role.manager] if role.manager else None
        picture = portrait(role.portrait, seed=role.key)
        person.picture = store(BytesIO(picture), name=f"{role.key}.png", created_by_id=person.id)
    Person.objects.bulk_update(people.values(), ["manager", "picture"])
    PersonFollow.objects.bulk_create(
        PersonFollow(follower=people[follower], followed=people[key])
        for follower, keys in FOLLOWS.items()
        for key in keys
    )
    organization.logo = store(BytesIO(logo()), name="hivernel.png", created_by_id=first.id)
    organization.save(update_fields=["logo"])
    return people


def _units(world: World) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for unit in world.units.values():
        units[unit.key] = Unit(name=unit.name, parent=units[unit.parent] if unit.parent else None)
    Unit.objects.bulk_create(units.values())
    return units


def _identities(world: World, *, password: str) -> dict[str, Identity]:
    """One password for all, hashed once: a slow hash sixty times would be the longest part of the demo."""
    hashed = make_password(password)
    emails = [person.email for person in world.people.values()]
    Identity.objects.bulk_create(
        [Identity(email=email, password=hashed) for email in emails], ignore_conflicts=True
    )
    Identity.objects.filter(email__in=emails).update(password=hashed)
    identities = {identity.email: identity for identity in Identity.objects.filter(email__in=emails)}
    EmailAddress.objects.filter(email__in=emails).delete()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=identity, email=email, verified=True, primary=True)
        for email, identity in identities.items()
    )
    return identities


def _person(role: Role, *, identity: Identity, unit: Unit | None, now: datetime) -> Person:
    number = zlib.crc32(role.key.encode())
    phone = PHONES.get(role.timezone, "")
    bio = f"{role.bio}\n\n{SINCE[role.language].format(role.joined)}" if role.joined else role.bio
    return Person(
        identity=identity,
        kind=Person.Kind.GUEST if role.guest else Person.Kind.MEMBER,
        is_moderator=role.key == "chloe.sanchez",
        full_name=role.name,
        sort_name=sort_key(role.name),
        email=role.email,
        job_title=role.title if not role.guest else f"{role.title}, {role.company}"[:120],
        unit=unit,
        location=role.location,
        phone=phone.format(number % 100, number // 100 % 100, number % 1000)
        if phone and not role.guest
        else "",
        bio=bio,
        skills=list(role.skills),
        language=role.language,
        time_zone=role.timezone,
        created_at=now - timedelta(days=200 - number % 9),
    )


def _become(first: Person, wanted: Person) -> None:
    """Give the administrator, who exists since the organization does, the profile of the role."""
    for name in ("job_title", "unit", "location", "phone", "bio", "skills", "language", "time_zone"):
        setattr(first, name, getattr(wanted, name))
    first.is_moderator = True
    first.save()
