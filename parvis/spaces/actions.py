"""What can be done with spaces: one transaction each, authorised, recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.spaces.events import (
    InvitedToSpace,
    JoinRequestAnswered,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MyPlaceChanged,
    RoleChanged,
    SpaceArchived,
    SpaceChanged,
    SpaceCreated,
    SpaceReopened,
)
from parvis.spaces.models import JoinRequest, Membership, Space, SpaceInvitation
from parvis.spaces.policy import can, forget_roles, role_in
from parvis.spaces.queries import hosts_of, possible_hosts

COLLABORATIVE_FIELDS = ("objective", "problem", "measure", "sponsor", "ends_on")
SPACE_FIELDS = frozenset({"name", "description", "privacy", "posting", *COLLABORATIVE_FIELDS})


def create_space(*, creator: Person, kind: str, name: str, **fields: Any) -> Space:
    """Open a space whose creator is its first host.

    A collaborative space must state its objective, problem, sponsor, measure and end; `Invalid` names what misses.
    """
    if not people_policy.can(creator, "create_spaces", creator.organization):
        raise Forbidden
    _check_fields(kind, {"name": name, **fields}, Space())
    with transaction.atomic():
        space = Space.objects.create(kind=kind, name=name.strip(), created_by=creator, **fields)
        _add_member(space, creator, Membership.Role.HOST)
        record(SpaceCreated(actor_id=creator.id, space_id=space.id, name=space.name))
    return space


def create_everyone_space(*, name: str) -> Space:
    """Open the space that every member of the organization is in."""
    space: Space = Space.objects.create(kind=Space.Kind.NETWORK, name=name, is_everyone=True)
    return space


def update_space(*, actor: Person, space: Space, **changes: Any) -> Space:
    """Change what a space says of itself or who sees it, as a host."""
    if not can(actor, "manage", space):
        raise Forbidden
    _check_fields(space.kind, changes, space)
    if space.is_everyone and changes.get("privacy", Space.Privacy.OPEN) != Space.Privacy.OPEN:
        raise Invalid({"privacy": [_("The space of the whole organization is open to all of it.")]})
    access_changed = changes.get("privacy", space.privacy) != space.privacy
    with transaction.atomic():
        for field, value in changes.items():
            setattr(space, field, value)
        space.save(update_fields=[*changes])
        record(SpaceChanged(actor_id=actor.id, space_id=space.id, access_changed=access_changed))
    return space


def _check_fields(kind: str, fields: dict[str, Any], space: Space) -> None:
    if unknown := set(fields) - SPACE_FIELDS:
        raise LookupError(f"not space fields: {sorted(unknown)}")
    required = {"name", *COLLABORATIVE_FIELDS} if kind == Space.Kind.COLLABORATIVE else {"name"}
    missing = [name for name in required if not fields.get(name, getattr(space, name))]
    errors = {
        name: [_("A collaborative space needs this, so that one can tell whether it succeeds.")]
        for name in missing
    }
    if "name" in errors:
        errors["name"] = [_("Give the space a name.")]
    if kind == Space.Kind.NETWORK and any(fields.get(name) for name in COLLABORATIVE_FIELDS):
        errors["kind"] = [_("A network has no objective: choose a collaborative space instead.")]
    if errors:
        raise Invalid(errors)


def archive_space(*, actor: Person, space: Space) -> None:
    """Keep a space for reading only, as a host or as a moderator of the organization."""
    if not can(actor, "archive", space):
        raise Forbidden
    _set_state(space, Space.State.ARCHIVED)
    record(SpaceArchived(actor_id=actor.id, space_id=space.id))


def reopen_space(*, actor: Person, space: Space) -> None:
    """Let an archived space be written to again, as a host."""
    if not can(actor, "manage", space) or space.is_everyone:
        raise Forbidden
    _set_state(space, Space.State.ACTIVE)
    record(SpaceReopened(actor_id=actor.id, space_id=space.id))


def _set_state(space: Space, state: str) -> None:
    space.state = state
    space.save(update_fields=["state"])


def join_space(*, person: Person, space: Space) -> Membership:
    """Join an open space, or one that the person was invited to; joining twice is joining once."""
    existing = Membership.objects.filter(space=space, person=person).first()
    if existing is not None:
        found: Membership = existing
        return found
    invitation = _pending_invitation(person, space)
    if invitation is None and not can(person, "join", space):
        raise Forbidden
    with transaction.atomic():
        if invitation is not None:
            _decide_invitation(invitation, SpaceInvitation.State.ACCEPTED)
        return _add_member(space, person, Membership.Role.MEMBER)


def admit(*, person: Person, space: Space, role: str = Membership.Role.MEMBER) -> Membership:
    """Make somebody a member without asking: for the system (Everyone, imports, directories), never a view."""
    existing = Membership.objects.filter(space=space, person=person).first()
    return existing or _add_member(space, person, role)


def _add_member(space: Space, person: Person, role: str) -> Membership:
    try:
        with transaction.atomic():
            membership: Membership = Membership.objects.create(space=space, person=person, role=role)
    except IntegrityError:  # two windows joined at once
        joined: Membership = Membership.objects.get(space=space, person=person)
        return joined
    Space.objects.filter(pk=space.pk).update(member_count=F("member_count") + 1)
    JoinRequest.objects.filter(space=space, person=person, state=JoinRequest.State.PENDING).update(
        state=JoinRequest.State.ACCEPTED, decided_at=timezone.now()
    )
    forget_roles(person)
    record(MemberJoined(actor_id=person.id, space_id=space.id, person_id=person.id))
    record(MyPlaceChanged(actor_id=person.id, person_id=person.id, place_id=space.id))
    return membership


def leave_space(*, person: Person, space: Space) -> None:
    """Leave a space; its last host must first name another, unless alone."""
    if not can(person, "leave", space):
        raise Forbidden
    with transaction.atomic():
        _keep_one_host(space, person)
        _end_membership(actor=person, space=space, person=person)


def remove_member(*, actor: Person, space: Space, person: Person) -> None:
    """Remove somebody from a space, as a host: they lose what they could read there at once."""
    if not can(actor, "manage", space) or space.is_everyone:
        raise Forbidden
    with transaction.atomic():
        _keep_one_host(space, person)
        _end_membership(actor=actor, space=space, person=person)


def expel(*, person: Person) -> None:
    """End all memberships of somebody, e.g. of a guest whose time is over: for the system, never a view."""
    for membership in Membership.objects.filter(person=person).select_related("space"):
        _end_membership(actor=person, space=membership.space, person=person)


def _end_membership(*, actor: Person, space: Space, person: Person) -> None:
    with transaction.atomic():
        deleted, _rows = Membership.objects.filter(space=space, person=person).delete()
        if deleted:
            Space.objects.filter(pk=space.pk).update(member_count=F("member_count") - 1)
            forget_roles(person)
            record(MemberLeft(actor_id=actor.id, space_id=space.id, person_id=person.id))
            record(MyPlaceChanged(actor_id=actor.id, person_id=person.id, place_id=space.id))


def change_role(*, actor: Person, space: Space, person: Person, role: str) -> None:
    """Make a member host, or a host member again."""
    if not can(actor, "manage", space):
        raise Forbidden
    if role not in Membership.Role.values:
        raise Invalid({"role": [_("Choose host or member.")]})
    with transaction.atomic():
        if role != Membership.Role.HOST:
            _keep_one_host(space, person)
        _set_role(actor, space, person, role)


def _keep_one_host(space: Space, person: Person) -> None:
    """Lock the hosts' rows first, so that the last two cannot leave each other alone at the same time."""
    in_charge = {"space": space, "person__state": Person.State.ACTIVE}
    hosts = Membership.objects.select_for_update(of=("self",)).filter(role=Membership.Role.HOST, **in_charge)
    host_ids = set(hosts.values_list("person_id", flat=True))
    alone = not Membership.objects.filter(**in_charge).exclude(person=person).exists()
    if host_ids == {person.id} and not alone:
        raise Invalid({"person": [_("A space needs one host: name another one first.")]})


def appoint_host(*, actor: Person, space: Space, person: Person | None = None) -> Membership:
    """Give a space without host one of its members as host, as an administrator, who reads nothing for that.

    In an open space the administrator chooses; the members of a closed or secret one are not theirs to know:
    the one who has been in it longest becomes its host.
    """
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden
    with transaction.atomic():
        locked = Space.objects.select_for_update().get(pk=space.pk)
        if hosts_of(locked).exists():
            raise Invalid({"person": [_("This space has a host again.")]})
        candidates = possible_hosts(locked)
        if locked.privacy == Space.Privacy.OPEN:
            candidates = candidates.filter(person=person)
        membership: Membership | None = candidates.first()
        if membership is None:
            raise Invalid({"person": [_("Choose one of the members.")]})
        _set_role(actor, locked, membership.person, Membership.Role.HOST)
    return membership


def _set_role(actor: Person, space: Space, person: Person, role: str) -> None:
    Membership.objects.filter(space=space, person=person).update(role=role)
    forget_roles(person)
    record(RoleChanged(actor_id=actor.id, space_id=space.id, person_id=person.id, role=role))
    record(MyPlaceChanged(actor_id=actor.id, person_id=person.id, place_id=space.id))


def request_to_join(*, person: Person, space: Space, message: str = "") -> JoinRequest:
    """Ask the hosts of a closed space to be let in; asking twice is asking once."""
    if not can(person, "request", space):
        raise Forbidden
    with transaction.atomic():
        request, is_new = JoinRequest.objects.get_or_create(
            space=space,
            person=person,
            state=JoinRequest.State.PENDING,
            defaults={"message": message.strip()[:500]},
        )
        if is_new:
            record(
                JoinRequested(
                    actor_id=person.id,
                    space_id=space.id,
                    person_id=person.id,
                    request_id=request.id,
                    host_ids=_host_ids(space),
                )
            )
    found: JoinRequest = request
    return found


def withdraw_request(*, person: Person, space: Space) -> None:
    """Take back one's request."""
    JoinRequest.objects.filter(space=space, person=person, state=JoinRequest.State.PENDING).update(
        state=JoinRequest.State.WITHDRAWN, decided_at=timezone.now()
    )


def answer_request(*, actor: Person, request: JoinRequest, is_accepted: bool) -> None:
    """Let somebody in or not, as a host; the first answer holds."""
    if not can(actor, "manage", request.space):
        raise Forbidden
    with transaction.atomic():
        pending = JoinRequest.objects.select_for_update().filter(
            pk=request.pk, state=JoinRequest.State.PENDING
        )
        if not pending.exists():
            return
        state = JoinRequest.State.ACCEPTED if is_accepted else JoinRequest.State.DECLINED
        pending.update(state=state, decided_by=actor, decided_at=timezone.now())
        if is_accepted:
            _add_member(request.space, request.person, Membership.Role.MEMBER)
        record(
            JoinRequestAnswered(
                actor_id=actor.id,
                space_id=request.space_id,
                person_id=request.person_id,
                request_id=request.id,
                is_accepted=is_accepted,
                host_ids=_host_ids(request.space),
            )
        )


def _host_ids(space: Space) -> tuple[UUID, ...]:
    hosts = Membership.objects.filter(space=space, role=Membership.Role.HOST)
    return tuple(hosts.values_list("person_id", flat=True))


def invite_to_space(*, actor: Person, space: Space, person: Person) -> SpaceInvitation | None:
    """Ask somebody of the organization to join; None when they are in already."""
    if not can(actor, "invite", space):
        raise Forbidden
    if role_in(person, space.id) is not None or not person.is_active:
        return None
    with transaction.atomic():
        invitation, is_new = SpaceInvitation.objects.get_or_create(
            space=space, person=person, state=SpaceInvitation.State.PENDING, defaults={"invited_by": actor}
        )
        if is_new:
            record(
                InvitedToSpace(
                    actor_id=actor.id, space_id=space.id, person_id=person.id, invitation_id=invitation.id
                )
            )
    found: SpaceInvitation = invitation
    return found


def decline_invitation(*, person: Person, space: Space) -> None:
    """Say no to an invitation."""
    invitation = _pending_invitation(person, space)
    if invitation is not None:
        _decide_invitation(invitation, SpaceInvitation.State.DECLINED)


def _pending_invitation(person: Person, space: Space) -> SpaceInvitation | None:
    found: SpaceInvitation | None = SpaceInvitation.objects.filter(
        space=space, person=person, state=SpaceInvitation.State.PENDING
    ).first()
    return found


def _decide_invitation(invitation: SpaceInvitation, state: str) -> None:
    invitation.state, invitation.decided_at = state, timezone.now()
    invitation.save(update_fields=["state", "decided_at"])
