"""Reads about spaces, with names a user would use."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from parvis.foundation.errors import Forbidden, NotFound
from parvis.foundation.prepared import prepared
from parvis.people.models import Person, sort_key
from parvis.people.queries import guests_meet
from parvis.spaces.models import JoinRequest, Membership, Space, SpaceInvitation
from parvis.spaces.policy import can

FEW = 6


def readable_space_ids(viewer: Person | None) -> frozenset[UUID]:
    """Return the ids of all spaces that the viewer may read: what live streams are checked against."""
    return frozenset(_readable_ids(viewer))


@prepared
def _readable_ids(viewer: Person | None) -> QuerySet[Space, UUID]:
    return Space.objects.readable_by(viewer).values_list("id", flat=True)


def find_readable(viewer: Person | None, space_id: UUID | None) -> Space:
    """Return a space whose content the viewer may read; `NotFound`, whether absent, not theirs to see, or no id."""
    space = known_readable(viewer, space_id) if space_id else None
    if space is None:
        raise NotFound
    return space


def find_managed(viewer: Person, space_id: UUID) -> Space:
    """Return a space that the viewer hosts; whoever sees it but does not host it gets `Forbidden`."""
    space = find_readable(viewer, space_id)
    if not can(viewer, "manage", space):
        raise Forbidden
    return space


@prepared
def _readable(viewer: Person | None, space_id: UUID) -> QuerySet[Space]:
    return Space.objects.readable_by(viewer).select_related("sponsor", "created_by").filter(pk=space_id)


def known_readable(viewer: Person | None, space_id: UUID) -> Space | None:
    """Return a space whose content the viewer may read, None for any other."""
    return _readable.first(viewer, space_id)


def find_listed(viewer: Person, space_id: UUID) -> Space:
    """Return a space that the viewer may know of, also one that they are invited to; `NotFound` otherwise."""
    space = (
        Space.objects.listed_for(viewer).select_related("sponsor", "created_by").filter(pk=space_id).first()
    )
    if space is not None:
        return space
    invitation = my_invitations(viewer).filter(space_id=space_id).first()
    if invitation is None:
        raise NotFound
    invited_to: Space = invitation.space
    return invited_to


def my_spaces(viewer: Person) -> QuerySet[Space]:
    """Return the active spaces that the viewer joined, by name, Everyone first."""
    return (
        Space.objects.joined_by(viewer)
        .filter(state=Space.State.ACTIVE)
        .order_by("-is_everyone", "name", "id")
    )


def discoverable_spaces(viewer: Person, *, search: str = "", kind: str = "") -> QuerySet[Space]:
    """Return the spaces that the viewer may know of, liveliest first, for the page that lists them."""
    spaces = Space.objects.listed_for(viewer).select_related("sponsor")
    if kind:
        spaces = spaces.filter(kind=kind)
    if search := search.strip():
        spaces = spaces.filter(
            Q(name__icontains=search) | Q(objective__icontains=search) | Q(description__icontains=search)
        )
    return spaces.order_by("state", "-member_count", "name", "id")


def find_member(space: Space, person_id: UUID) -> Person:
    """Return somebody who is in a space."""
    found: Person | None = Person.objects.filter(pk=person_id, memberships__space=space).first()
    if found is None:
        raise NotFound
    return found


@prepared
def first_members_of(space: Space) -> QuerySet[Membership]:
    """Return a few memberships of active people, hosts before others, for a glance: all members are not sorted by name.

    Of as many as are looked at nearly all are active; fewer are shown where they are not.
    """
    eldest = Membership.objects.filter(space=space).order_by("role", "person_id").values("id")[: 4 * FEW]
    active = Membership.objects.filter(id__in=eldest, person__state=Person.State.ACTIVE)
    return active.select_related("person").order_by("role", "person_id")[:FEW]


def members_of(space: Space, *, search: str = "") -> QuerySet[Membership]:
    """Return the memberships of active people, hosts first, then by name."""
    memberships = Membership.objects.filter(space=space, person__state=Person.State.ACTIVE)
    if search:
        matches = Q(person__sort_name__contains=sort_key(search)) | Q(person__job_title__icontains=search)
        memberships = memberships.filter(matches)
    return memberships.select_related("person", "person__unit").order_by(
        F("role").asc(), "person__sort_name", "person_id"
    )


def pending_invitations(space: Space) -> QuerySet[SpaceInvitation]:
    """Return the invitations that wait for an answer."""
    return SpaceInvitation.objects.filter(space=space, state=SpaceInvitation.State.PENDING)


def hosts_of(space: Space) -> QuerySet[Person]:
    """Return the active hosts of a space."""
    return Person.objects.filter(
        memberships__space=space, memberships__role=Membership.Role.HOST, state=Person.State.ACTIVE
    ).order_by("sort_name")


def possible_hosts(space: Space) -> QuerySet[Membership]:
    """Return the memberships of who could host a space: active members of the organization, the eldest first."""
    active = {"person__state": Person.State.ACTIVE, "person__kind": Person.Kind.MEMBER}
    return (
        Membership.objects.filter(space=space, **active).select_related("person").order_by("joined_at", "id")
    )


def spaces_without_host() -> QuerySet[Space]:
    """Return the active spaces that nobody answers for, for administrators: a secret one's name is not for them."""
    hosts = Membership.objects.filter(
        space=OuterRef("pk"), role=Membership.Role.HOST, person__state=Person.State.ACTIVE
    )
    takes_part = Q(memberships__person__state=Person.State.ACTIVE)
    return (
        Space.objects.filter(~Exists(hosts), state=Space.State.ACTIVE)
        .annotate(active_count=Count("memberships", filter=takes_part))
        .order_by("-created_at", "id")
    )


def hosted_alone(viewer: Person) -> QuerySet[Space]:
    """Return the active spaces, with others in them, that have no host but the viewer."""
    others = Membership.objects.filter(space=OuterRef("pk"), person__state=Person.State.ACTIVE).exclude(
        person=viewer
    )
    mine = my_spaces(viewer).filter(memberships__role=Membership.Role.HOST)
    return mine.filter(Exists(others), ~Exists(others.filter(role=Membership.Role.HOST)))


def readers_of(space: Space) -> QuerySet[Person]:
    """Return everybody who can read a space: the same rule as `readable_by`, seen from the other side."""
    people = Person.objects.filter(state=Person.State.ACTIVE)
    joined = Q(id__in=Membership.objects.filter(space=space).values("person_id"))
    if space.state == Space.State.STAGED:
        return people.none()
    if space.privacy == Space.Privacy.OPEN:
        return people.filter(joined | Q(kind=Person.Kind.MEMBER))
    return people.filter(joined)


def pending_requests(space: Space) -> QuerySet[JoinRequest]:
    """Return the requests that wait for a host's answer, oldest first."""
    return (
        JoinRequest.objects.filter(
            space=space, state=JoinRequest.State.PENDING, person__state=Person.State.ACTIVE
        )
        .select_related("person", "person__unit")
        .order_by("created_at")
    )


def invitation_for(viewer: Person, space: Space) -> SpaceInvitation | None:
    """Return the viewer's pending invitation to a space, if any."""
    return _invitations.first(viewer.id, space.id)


@prepared
def _invitations(person_id: UUID, space_id: UUID) -> QuerySet[SpaceInvitation]:
    waiting = SpaceInvitation.objects.filter(state=SpaceInvitation.State.PENDING)
    return waiting.filter(space_id=space_id, person_id=person_id).select_related("invited_by").order_by("id")


def has_requested(viewer: Person, space: Space) -> bool:
    """Tell whether the viewer waits at the door of a space."""
    return bool(_requests(viewer.id, space.id))


@prepared
def _requests(person_id: UUID, space_id: UUID) -> QuerySet[JoinRequest, UUID]:
    waiting = JoinRequest.objects.filter(state=JoinRequest.State.PENDING)
    return waiting.filter(space_id=space_id, person_id=person_id).values_list("id", flat=True)


def my_invitations(viewer: Person) -> QuerySet[SpaceInvitation]:
    """Return the spaces that the viewer has been asked to join."""
    return (
        SpaceInvitation.objects.filter(person=viewer, state=SpaceInvitation.State.PENDING)
        .exclude(space__state=Space.State.STAGED)
        .select_related("space", "invited_by")
        .order_by("-created_at")
    )


def readable_everyone_space(viewer: Person) -> Space | None:
    """Return the space of the whole organization; None for a guest, who is not in it."""
    found: Space | None = Space.objects.readable_by(viewer).filter(is_everyone=True).first()
    return found


def everyone_space() -> Space:
    """Return the space of the whole organization."""
    space: Space = Space.objects.get(is_everyone=True)
    return space


@guests_meet
def people_of_shared_spaces(guest: Person) -> Q:
    """Say whom a guest may know: the people of the spaces that the guest is in."""
    shared = Space.objects.joined_by(guest).values("id")
    return Q(id__in=Membership.objects.filter(space__in=shared).values("person_id"))


def spaces_in_common(viewer: Person, person: Person) -> QuerySet[Space]:
    """Return the active spaces that both are in, as far as the viewer may read them."""
    theirs = Membership.objects.filter(person=person).values("space_id")
    joined = Space.objects.joined_by(viewer).filter(state=Space.State.ACTIVE, is_everyone=False)
    return joined.filter(id__in=theirs).order_by("name", "id")
