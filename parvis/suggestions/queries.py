"""What somebody may like to follow and where they may like to go, each with its reason.

A reason counts only what the asker can look up: members of open spaces, conversations that they took part in,
people of spaces that they are in. A closed space is suggested by its name and objective alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.content.models import Entry
from parvis.people.models import Person, PersonFollow
from parvis.people.queries import visible_people
from parvis.spaces.models import JoinRequest, Membership, Space
from parvis.suggestions.models import Dismissal

FEW = 4
LATELY = timedelta(days=90)
# A space of thousands says little about who works together, and would cost much.
SMALL_ENOUGH = 300
CANDIDATES = 40
THREAD_WEIGHT = 3


@dataclass(frozen=True)
class SuggestedSpace:
    """A space to look at, and why."""

    space: Space
    reason: str


@dataclass(frozen=True)
class SuggestedPerson:
    """Somebody to follow, and why."""

    person: Person
    reason: str


# Spaces


def suggested_spaces(viewer: Person, *, limit: int = FEW) -> list[SuggestedSpace]:
    """Return spaces that the viewer is not in: where colleagues are, what their skills are about, the largest."""
    if viewer.is_guest:
        return []
    unknown = _not_joined(viewer)
    there = _colleagues_there(viewer, unknown)
    about = _about_skills(viewer)
    spaces = (
        unknown.filter(Q(privacy=Space.Privacy.OPEN) | about)
        .annotate(
            colleagues=_rank(there),
            # A skill of mine weighs as much as two colleagues.
            skill=Case(When(about, then=Value(2)), default=Value(0)),
        )
        .order_by((F("colleagues") + F("skill")).desc(), "-member_count", "name", "id")[:limit]
    )
    return [SuggestedSpace(space, _why_space(viewer, space, there.get(space.id, 0))) for space in spaces]


def _not_joined(viewer: Person) -> QuerySet[Space]:
    joined = Membership.objects.filter(space=OuterRef("pk"), person=viewer)
    asked = JoinRequest.objects.filter(person=viewer, state=JoinRequest.State.PENDING).values("space_id")
    return (
        Space.objects.listed_for(viewer)
        .filter(~Exists(joined), state=Space.State.ACTIVE, is_everyone=False)
        .exclude(privacy=Space.Privacy.SECRET)
        .exclude(id__in=asked)
        .exclude(id__in=_dismissed(viewer, Dismissal.Kind.SPACE))
    )


def _colleagues_there(viewer: Person, spaces: QuerySet[Space]) -> dict[UUID, int]:
    """Return how many of those whom the viewer follows or shares a unit with are in each open space."""
    followed = PersonFollow.objects.filter(follower=viewer).values("followed_id")
    colleagues = Q(person__in=followed)
    if viewer.unit_id is not None:
        colleagues |= Q(person__unit=viewer.unit_id)
    rows = (
        Membership.objects.filter(colleagues, person__state=Person.State.ACTIVE)
        .exclude(person=viewer)
        .filter(space__in=spaces.filter(privacy=Space.Privacy.OPEN).values("id"))
        .values("space_id")
        .annotate(number=Count("id"))
        .order_by("-number")[:CANDIDATES]
    )
    return {row["space_id"]: row["number"] for row in rows}


def _about_skills(viewer: Person) -> Q:
    """Match spaces whose public words name one of the viewer's skills."""
    about = Q(pk__in=[])
    for skill in viewer.skills[:10]:
        if len(skill) > 2:
            about |= Q(name__icontains=skill) | Q(objective__icontains=skill)
    return about


def _rank(numbers: dict[UUID, int]) -> Case:
    whens = [When(pk=id, then=Value(number)) for id, number in numbers.items()]
    return Case(*whens, default=Value(0))


def _why_space(viewer: Person, space: Space, colleagues: int) -> str:
    if colleagues:
        text = ngettext(
            "%(count)s colleague of yours is there", "%(count)s colleagues of yours are there", colleagues
        )
        return text % {"count": colleagues}
    words = f"{space.name} {space.objective}".lower()
    for skill in viewer.skills:
        if len(skill) > 2 and skill.lower() in words:
            return _("It is about %(skill)s, which you know") % {"skill": skill}
    return ngettext("%(num)s member", "%(num)s members", space.member_count) % {"num": space.member_count}


# People


def suggested_people(viewer: Person, *, limit: int = FEW) -> list[SuggestedPerson]:
    """Return people to follow: who takes part where the viewer does, the closest first."""
    if viewer.is_guest:
        return []
    threads, spaces = _shared_threads(viewer), _shared_spaces(viewer)
    scores = Counter({id: THREAD_WEIGHT * number for id, number in threads.items()})
    scores.update(spaces)
    order = [id for id, _score in scores.most_common(CANDIDATES)]
    followed = PersonFollow.objects.filter(follower=viewer).values("followed_id")
    people = (
        visible_people(viewer)
        .filter(state=Person.State.ACTIVE, id__in=order)
        .exclude(id__in=followed)
        .exclude(id__in=_dismissed(viewer, Dismissal.Kind.PERSON))
        .select_related("unit")
        .in_bulk()
    )
    return [
        SuggestedPerson(people[id], _why_person(threads.get(id, 0), spaces.get(id, 0)))
        for id in order
        if id in people
    ][:limit]


def _shared_threads(viewer: Person) -> dict[UUID, int]:
    """Return in how many recent conversations others took part together with the viewer."""
    since = timezone.now() - LATELY
    mine = Entry.objects.filter(author=viewer, published_at__gte=since, state=Entry.State.PUBLISHED)
    threads = mine.filter(thread__isnull=False).values("thread_id")
    started = mine.filter(thread__isnull=True).values("id")
    together = (
        Entry.objects.visible_to(viewer)
        .filter(Q(thread__in=threads) | Q(thread__in=started) | Q(id__in=threads))
        .exclude(author=viewer)
        .exclude(space__privacy=Space.Privacy.SECRET)
    )
    rows = together.values_list("author_id", "thread_id", "id").order_by("-published_at")[:2_000]
    met = {(author, thread or id) for author, thread, id in rows}
    return Counter(author for author, _thread in met)


def _shared_spaces(viewer: Person) -> dict[UUID, int]:
    """Return in how many spaces of a size to know each other people are with the viewer."""
    shared = (
        Space.objects.joined_by(viewer)
        .filter(state=Space.State.ACTIVE, is_everyone=False, member_count__lte=SMALL_ENOUGH)
        .exclude(privacy=Space.Privacy.SECRET)
    )
    rows = (
        Membership.objects.filter(space__in=shared.values("id"))
        .exclude(person=viewer)
        .values("person_id")
        .annotate(number=Count("id"))
        .order_by("-number", "person_id")[: CANDIDATES * 2]
    )
    return {row["person_id"]: row["number"] for row in rows}


def _why_person(threads: int, spaces: int) -> str:
    if threads:
        text = ngettext(
            "You took part in %(count)s conversation together",
            "You took part in %(count)s conversations together",
            threads,
        )
        return text % {"count": threads}
    return ngettext("You share %(count)s space", "You share %(count)s spaces", spaces) % {"count": spaces}


def _dismissed(viewer: Person, kind: str) -> QuerySet[Any, Any]:
    return Dismissal.objects.filter(person=viewer, kind=kind).values("subject_id")
