"""What people want to hear of: by kind of event, by space, by thread. Reads, as querysets to narrow recipients."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from parvis.content.models import ThreadFollow
from parvis.foundation.prepared import prepared
from parvis.notifications.models import KindChoice, Pause, SpaceLevel
from parvis.notifications.reasons import ON_AT_FIRST, find_reason
from parvis.people.models import Person
from parvis.spaces.models import Membership

Level = SpaceLevel.Level
# Of these, each new post of a space is told.
LOUD = (Level.EVERYTHING, Level.POSTS)


def wanting(people: QuerySet[Person], reason: str, *, space_id: UUID | None = None) -> QuerySet[Person]:
    """Return those of these people who want to hear of something for this reason, about this space."""
    if space_id is not None:
        silent = SpaceLevel.objects.filter(space_id=space_id, level=Level.NOTHING)
        paused = Pause.objects.filter(space_id=space_id, until__gt=Now())
        people = people.exclude(id__in=silent.values("person_id")).exclude(id__in=paused.values("person_id"))
    kind = find_reason(reason).kind
    return _choosing(people, kind) if kind else people


def _choosing(people: QuerySet[Person], kind: str) -> QuerySet[Person]:
    """Return those who have a kind on: by their own choice, else by the organization's, else as it is at first."""
    chosen = KindChoice.objects.filter(person__isnull=False, kind=kind).values("person_id")
    decided = KindChoice.objects.filter(person__isnull=True, kind=kind).values("is_on")[:1]
    is_on_for_others = Coalesce(Subquery(decided), Value(ON_AT_FIRST[KindChoice.Kind(kind)]))
    return people.filter(
        Q(id__in=chosen.filter(is_on=True)) | (Q(is_on_for_others) & ~Q(id__in=chosen.filter(is_on=False)))
    )


def not_muting(people: QuerySet[Person], thread_id: UUID) -> QuerySet[Person]:
    """Return those of these people who did not mute a thread, for good or for a while."""
    muted = ThreadFollow.objects.filter(thread_id=thread_id, level=ThreadFollow.Level.MUTED)
    paused = Pause.objects.filter(thread_id=thread_id, until__gt=Now())
    return people.exclude(id__in=muted.values("person_id")).exclude(id__in=paused.values("person_id"))


def hearing_of_posts(people: QuerySet[Person], space_id: UUID, *, is_usual: bool) -> QuerySet[Person]:
    """Return those who want each new post of a space: by their level, or, as members without one, by kind.

    Where that is not usual in the organization, they are found among the few who chose it, not among all people.
    """
    levels = SpaceLevel.objects.filter(space_id=space_id)
    loud = levels.filter(level__in=LOUD).values("person_id")
    members = Membership.objects.filter(space_id=space_id)
    if not is_usual:
        wanted = KindChoice.objects.filter(person__isnull=False, kind=KindChoice.Kind.POST, is_on=True)
        members = members.filter(person_id__in=wanted.values("person_id"))
        without_level = members.exclude(person_id__in=levels.values("person_id"))
        return people.filter(id__in=loud.union(without_level.values("person_id")))
    undecided = people.filter(id__in=members.values("person_id")).exclude(id__in=levels.values("person_id"))
    chosen = _choosing(undecided, KindChoice.Kind.POST).values("id")
    return people.filter(Q(id__in=loud) | Q(id__in=chosen))


def may_hear_of_posts(space_id: UUID) -> bool:
    """Tell whether anybody may be among those: at first nobody is, and asking who is would cost more than the post."""
    return ON_AT_FIRST[KindChoice.Kind.POST] or bool(_who_chose_posts(space_id))


@prepared
def _who_chose_posts(space_id: UUID) -> QuerySet[Any, Any]:
    loud = SpaceLevel.objects.filter(space_id=space_id, level__in=LOUD)
    by_kind = KindChoice.objects.filter(kind=KindChoice.Kind.POST, is_on=True)
    return loud.values_list("id")[:1].union(by_kind.values_list("id")[:1], all=True)


def hearing_of_everything(people: QuerySet[Person], space_id: UUID) -> QuerySet[Person]:
    """Return those who want each comment of a space, too."""
    levels = SpaceLevel.objects.filter(space_id=space_id, level=Level.EVERYTHING)
    return people.filter(id__in=levels.values("person_id"))


def on_by_default() -> dict[str, bool]:
    """Return what is on in the bound organization, by kind, for whoever has not chosen."""
    decided = KindChoice.objects.filter(person__isnull=True).values_list("kind", "is_on")
    return {**{str(kind): is_on for kind, is_on in ON_AT_FIRST.items()}, **dict(decided)}


def choices_of(person: Person) -> dict[str, bool]:
    """Return what is on for somebody, by kind: their own choices before the organization's."""
    return {**on_by_default(), **own_choices_of(person)}


def own_choices_of(person: Person) -> dict[str, bool]:
    """Return what somebody chose themselves, by kind."""
    return dict(KindChoice.objects.filter(person=person).values_list("kind", "is_on"))


def levels_of(person: Person) -> dict[UUID, str]:
    """Return the levels that somebody has chosen, by space."""
    return dict(SpaceLevel.objects.filter(person=person).values_list("space_id", "level"))


def level_without_choice(choices: dict[str, bool]) -> str:
    """Return what a space without a level of its own amounts to."""
    return Level.POSTS if choices[KindChoice.Kind.POST] else Level.REPLIES
