"""What pages show of a space: plain values and addresses, ready for components/space.html."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.foundation.addresses import reverse, url_or_none
from parvis.foundation.richtext import excerpt, render
from parvis.people.models import Person
from parvis.spaces.models import JoinRequest, Space, SpaceInvitation
from parvis.spaces.policy import can, is_member
from parvis.spaces.queries import possible_hosts

# What a card has room for.
SUMMARY_LENGTH = 180
# Members to choose a host from.
CHOICES = 200


@dataclass(frozen=True)
class SpaceCard:
    """A space as lists and headers show it, with what the viewer may do there."""

    id: UUID
    name: str
    kind: str
    privacy: str
    url: str
    objective: str
    description: str
    member_count: int
    ends_on: date | None
    is_archived: bool
    can: dict[str, Any] = field(default_factory=dict)


def space_cards(viewer: Person, spaces: Iterable[Space]) -> list[SpaceCard]:
    """Return the cards of these spaces; two queries, however many there are."""
    listed = list(spaces)
    requested = set(
        JoinRequest.objects.filter(
            person=viewer, state=JoinRequest.State.PENDING, space__in=listed
        ).values_list("space_id", flat=True)
    )
    invited = set(
        SpaceInvitation.objects.filter(
            person=viewer, state=SpaceInvitation.State.PENDING, space__in=listed
        ).values_list("space_id", flat=True)
    )
    return [
        space_card(viewer, space, has_requested=space.id in requested, is_invited=space.id in invited)
        for space in listed
    ]


def space_card(
    viewer: Person, space: Space, *, has_requested: bool = False, is_invited: bool = False
) -> SpaceCard:
    """Return one card."""
    return SpaceCard(
        id=space.id,
        name=space.name,
        kind=space.kind,
        privacy=space.privacy,
        url=reverse("spaces:show", args=[space.id]),
        objective=space.objective,
        description=summary_of(space),
        member_count=space.member_count,
        ends_on=space.ends_on,
        is_archived=not space.is_active,
        can=doors(viewer, space, has_requested=has_requested, is_invited=is_invited),
    )


def summary_of(space: Space) -> str:
    """Return the first words of a space's description, without markup."""
    return excerpt(render(space.description).text, SUMMARY_LENGTH) if space.description else ""


def doors(viewer: Person, space: Space, *, has_requested: bool, is_invited: bool) -> dict[str, Any]:
    """Return the addresses of what the viewer may do at this space's door."""
    may_join = is_invited or can(viewer, "join", space)
    return {
        "is_member": is_member(viewer, space),
        "has_requested": has_requested,
        "join_url": reverse("spaces:membership", args=[space.id]) if may_join else None,
        "request_url": reverse("spaces:request", args=[space.id]) if can(viewer, "request", space) else None,
        "menu": _menu(viewer, space),
    }


def _menu(viewer: Person, space: Space) -> list[Any]:
    items: list[Any] = []
    if can(viewer, "invite", space):
        items.append(
            {
                "label": _("Invite people"),
                "symbol": "user-plus",
                "url": reverse("spaces:invite", args=[space.id]),
            }
        )
    if can(viewer, "manage", space):
        items.append(
            {"label": _("Settings"), "symbol": "settings", "url": reverse("spaces:settings", args=[space.id])}
        )
    if (
        settings.PARVIS.mail_domain
        and can(viewer, "post", space)
        and (mail := url_or_none("mail:space", space.id))
    ):
        items.append({"label": _("Write by mail"), "symbol": "mail", "url": mail})
    if can(viewer, "report", space) and (report := url_or_none("moderation:report_space", space.id)):
        items.append({"label": _("Report"), "symbol": "flag", "url": report})
    if can(viewer, "leave", space):
        leave = reverse("spaces:departure", args=[space.id])
        item = {
            "label": _("Leave this space"),
            "symbol": "log-out",
            "url": leave,
            "method": "post",
            "danger": True,
        }
        items += ["-", item] if items else [item]
    return items


@dataclass(frozen=True)
class SpaceWithoutHost:
    """A space that nobody answers for, as an administrator may know it: a secret one has no name and no link."""

    id: UUID
    name: str
    url: str
    member_count: int
    created_at: datetime
    # Who could host it: people to choose from where members are no secret, else whether there is anybody.
    choices: list[tuple[str, str]]
    has_candidates: bool


def spaces_without_host(spaces: Iterable[Space]) -> list[SpaceWithoutHost]:
    """Return what an administrator sees of the spaces without host; those that come with their active_count."""
    return [_without_host(space) for space in spaces]


def _without_host(space: Space) -> SpaceWithoutHost:
    is_secret, is_open = space.privacy == Space.Privacy.SECRET, space.privacy == Space.Privacy.OPEN
    candidates = possible_hosts(space)
    people = [(str(row.person_id), row.person.full_name) for row in candidates[:CHOICES]] if is_open else []
    return SpaceWithoutHost(
        id=space.id,
        name=_("A secret space") if is_secret else space.name,
        url="" if is_secret else reverse("spaces:about", args=[space.id]),
        member_count=cast(Any, space).active_count,
        created_at=space.created_at,
        choices=people,
        has_candidates=bool(people) if is_open else candidates.exists(),
    )


@dataclass(frozen=True)
class SpaceTab:
    """A tab that a feature adds to the pages of a space."""

    key: str
    label: str
    url: str


TabMaker = Callable[[Person, Space], SpaceTab | None]
_added_tabs: list[TabMaker] = []


def add_tab(make: TabMaker) -> TabMaker:
    """Let a feature have a tab among a space's pages, after its wall; None leaves it out."""
    _added_tabs.append(make)
    return make


def tabs_of(viewer: Person, space: Space, current: str) -> list[dict[str, Any]]:
    """Return the tabs of a space's pages that the viewer may open."""
    tabs = [
        ("wall", _("Wall"), "spaces:show", None),
        ("about", _("About"), "spaces:about", None),
        ("members", _("Members"), "spaces:members", space.member_count),
    ]
    if not can(viewer, "see_members", space):
        tabs.pop()
    if can(viewer, "manage", space):
        waiting = JoinRequest.objects.filter(
            space=space, state=JoinRequest.State.PENDING, person__state=Person.State.ACTIVE
        ).count()
        if waiting or space.privacy == Space.Privacy.CLOSED:
            tabs.append(("requests", _("Requests"), "spaces:requests", waiting))
    own: list[dict[str, Any]] = [
        {"label": label, "url": reverse(name, args=[space.id]), "current": key == current, "count": count}
        for key, label, name, count in tabs
    ]
    more = [tab for make in _added_tabs if (tab := make(viewer, space)) is not None]
    added = [
        {"label": tab.label, "url": tab.url, "current": tab.key == current, "count": None} for tab in more
    ]
    return [own[0], *added, *own[1:]] if _reads(viewer, space) else own


def _reads(viewer: Person, space: Space) -> bool:
    """Tell whether a space's content is the viewer's to read, from what is known already."""
    return is_member(viewer, space) or (space.privacy == Space.Privacy.OPEN and not viewer.is_guest)
