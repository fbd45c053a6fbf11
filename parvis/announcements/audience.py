"""Whom an announcement is for, and who of them can read it where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.announcements.models import Announcement, AudienceGroup
from parvis.announcements.policy import may_announce_in
from parvis.people.models import Person, Unit
from parvis.people.queries import units_below
from parvis.spaces.models import Membership, Space
from parvis.spaces.queries import my_spaces, readers_of
from parvis.worktime.hours import NEVER
from parvis.worktime.queries import leaves_at
from parvis.worktime.words import moment_of

FEW = 5
# Whose hours are looked at while an announcement is written.
MOST_LOOKED_AT = 2_000


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some people by what the directory says of them: all that is filled in must hold."""

    unit_id: UUID | None = None
    location: str = ""
    job_title: str = ""
    skill: str = ""
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is filled in."""
        return not (self.unit_id or self.location or self.job_title or self.skill or self.kind)

    def condition(self) -> Q:
        """Return who is meant."""
        wanted = Q()
        if self.unit_id is not None:
            wanted &= Q(unit_id__in=units_below(self.unit_id))
        if self.location:
            wanted &= Q(location__iexact=self.location)
        if self.job_title:
            wanted &= Q(job_title__icontains=self.job_title)
        if self.skill:
            wanted &= Q(skills__icontains=self.skill)
        if self.kind:
            wanted &= Q(kind=self.kind)
        return wanted


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Everybody in the space, or whoever one of the groups means; never the author."""

    space: Space
    author_id: UUID
    is_for_the_space: bool = True
    groups: Sequence[Group] = ()

    def people(self) -> QuerySet[Person]:
        """Return the active people who are meant, whether they can read the space or not."""
        active = Person.objects.filter(state=Person.State.ACTIVE).exclude(pk=self.author_id)
        if self.is_for_the_space:
            return active.filter(id__in=Membership.objects.filter(space=self.space).values("person_id"))
        wanted = [group.condition() for group in self.groups if not group.is_empty]
        if not wanted:
            return active.none()
        found = wanted[0]
        for more in wanted[1:]:
            found |= more
        return active.filter(found)

    def reached(self) -> QuerySet[Person]:
        """Return who of them can read it: the rule of spaces, from the other side."""
        return self.people().filter(id__in=readers_of(self.space).values("id"))

    def missed(self) -> QuerySet[Person]:
        """Return who of them cannot."""
        return self.people().exclude(id__in=readers_of(self.space).values("id"))


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What an author should know before publishing."""

    reached: int
    missed: int
    # Some of those who cannot read it.
    names: list[str]
    # Where all of them could, and the author may announce.
    better: list[Space]
    # How many are outside their working time now, and when the first of them hears of it.
    off: int = 0
    first_at: datetime = NEVER

    @property
    def later(self) -> str:
        """Return who hears of it later, and when; empty where everybody is at work."""
        if not self.off:
            return ""
        told = {"num": self.off, "moment": moment_of(self.first_at) if self.first_at != NEVER else ""}
        if not told["moment"]:
            text = ngettext(
                "%(num)s of them has no working time ahead, and finds it in their inbox.",
                "%(num)s of them have no working time ahead, and find it in their inbox.",
                self.off,
            )
        else:
            text = ngettext(
                "%(num)s of them is outside their working time now, and hears of it %(moment)s.",
                "%(num)s of them are outside their working time now; the first hear of it %(moment)s.",
                self.off,
            )
        return text % told


def reach_of(author: Person, audience: Audience) -> Reach:
    """Count whom an announcement would reach, and offer better spaces where it would miss somebody."""
    reached, missed = audience.reached().count(), audience.missed().count()
    later = _later(audience) if reached <= MOST_LOOKED_AT else []
    off, first_at = len(later), min(later, default=NEVER)
    if not missed:
        return Reach(reached=reached, missed=0, names=[], better=[], off=off, first_at=first_at)
    names = audience.missed().order_by("sort_name", "id").values_list("full_name", flat=True)[:FEW]
    return Reach(
        reached=reached,
        missed=missed,
        names=list(names),
        better=_better(author, audience),
        off=off,
        first_at=first_at,
    )


def _later(audience: Audience) -> list[datetime]:
    """Return when those hear of it who are outside their working time now."""
    now = timezone.now()
    return [at for at in leaves_at(list(audience.reached()), now).values() if at > now]


def _better(author: Person, audience: Audience) -> list[Space]:
    found = []
    for space in spaces_to_announce_in(author):
        elsewhere = audience.people().exclude(id__in=readers_of(space).values("id"))
        if space.id != audience.space.id and not elsewhere.exists():
            found.append(space)
        if len(found) == FEW:
            break
    return found


def spaces_to_announce_in(viewer: Person) -> list[Space]:
    """Return where somebody may announce, the whole organization first."""
    return [space for space in my_spaces(viewer) if may_announce_in(viewer, space)]


def audience_of(announcement: Announcement) -> Audience:
    """Return the audience of an announcement as it is kept."""
    entry = announcement.entry
    return Audience(
        space=entry.space,
        author_id=entry.author_id,
        is_for_the_space=announcement.is_for_the_space,
        groups=groups_of(announcement),
    )


def groups_of(announcement: Announcement) -> list[Group]:
    """Return the groups that its author chose."""
    rows: QuerySet[AudienceGroup] = AudienceGroup.objects.filter(announcement=announcement)
    return [
        Group(
            unit_id=row.unit_id,
            location=row.location,
            job_title=row.job_title,
            skill=row.skill,
            kind=row.kind,
        )
        for row in rows.order_by("position")
    ]


def in_words(space: Space, *, is_for_the_space: bool, groups: Sequence[Group]) -> list[str]:
    """Say whom it is for, a line for each group."""
    if is_for_the_space:
        if space.is_everyone:
            return [_("Everybody in the organization")]
        return [_("Everybody in %(space)s") % {"space": space.name}]
    ids = [group.unit_id for group in groups if group.unit_id]
    units: dict[UUID, str] = dict(Unit.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}
    return [_group_in_words(group, units) for group in groups if not group.is_empty]


def _group_in_words(group: Group, units: dict[UUID, str]) -> str:
    unit = units.get(group.unit_id, "") if group.unit_id else ""
    kinds = {Person.Kind.MEMBER: _("members"), Person.Kind.GUEST: _("guests")}
    said = [
        unit and _("%(unit)s and its teams") % {"unit": unit},
        group.location and _("in %(place)s") % {"place": group.location},
        group.job_title and _("whose job is “%(job)s”") % {"job": group.job_title},
        group.skill and _("who know “%(skill)s”") % {"skill": group.skill},
        group.kind and str(kinds[Person.Kind(group.kind)]),
    ]
    return ", ".join(filter(None, said))


def nobody(audience: Audience) -> str:
    """Say why an announcement would be for nobody."""
    if audience.people().exists():
        return _("Nobody whom this means can read %(space)s. Choose another space.") % {
            "space": audience.space.name
        }
    return _("Nobody is meant by this. Choose a larger audience.")
