"""The doors of a space: joining, asking, inviting, leaving; who is what in it; its archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.rows import person_row, space_row
from parvis.api.schemas.marks import ReportIn
from parvis.api.schemas.spaces import (
    AnswerIn,
    InvitationIn,
    InvitationList,
    JoinRequestIn,
    JoinRequestList,
    RoleIn,
    SpaceOut,
)
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.moderation.actions import report_space
from parvis.people.queries import directory
from parvis.spaces import actions, queries
from parvis.spaces.policy import can

router = Router(tags=["spaces"])


@router.put("/spaces/{uuid:space_id}/archive", response=DONE, summary="Archive a space")
def archive(request: HttpRequest, space_id: UUID) -> Any:
    """Keep it for reading only, as a host or a moderator."""
    viewer = viewer_of(request)
    actions.archive_space(actor=viewer, space=queries.find_listed(viewer, space_id))
    return Status(204, None)


@router.delete("/spaces/{uuid:space_id}/archive", response=DONE, summary="Open an archived space again")
def reopen(request: HttpRequest, space_id: UUID) -> Any:
    """Let it be written to again, as a host."""
    viewer = viewer_of(request)
    actions.reopen_space(actor=viewer, space=queries.find_readable(viewer, space_id))
    return Status(204, None)


@router.put(
    "/spaces/{uuid:space_id}/members/me", response={200: SpaceOut, **PROBLEMS}, summary="Join a space"
)
def join(request: HttpRequest, space_id: UUID) -> Any:
    """By an open door or an invitation; twice is once."""
    viewer = viewer_of(request)
    space = queries.find_listed(viewer, space_id)
    actions.join_space(person=viewer, space=space)
    return space_row(viewer, queries.find_readable(viewer, space_id))


@router.delete("/spaces/{uuid:space_id}/members/me", response=DONE, summary="Leave a space")
def leave(request: HttpRequest, space_id: UUID) -> Any:
    """Its last host names another one first."""
    viewer = viewer_of(request)
    actions.leave_space(person=viewer, space=queries.find_readable(viewer, space_id))
    return Status(204, None)


@router.patch(
    "/spaces/{uuid:space_id}/members/{uuid:person_id}", response=DONE, summary="Change a member's role"
)
def change_role(request: HttpRequest, space_id: UUID, person_id: UUID, payload: RoleIn) -> Any:
    """Make a member host, or a host member again."""
    viewer = viewer_of(request)
    space = queries.find_managed(viewer, space_id)
    person = queries.find_member(space, person_id)
    actions.change_role(actor=viewer, space=space, person=person, role=payload.role)
    return Status(204, None)


@router.delete("/spaces/{uuid:space_id}/members/{uuid:person_id}", response=DONE, summary="Remove a member")
def remove(request: HttpRequest, space_id: UUID, person_id: UUID) -> Any:
    """They lose what they could read there at once."""
    viewer = viewer_of(request)
    space = queries.find_managed(viewer, space_id)
    actions.remove_member(actor=viewer, space=space, person=queries.find_member(space, person_id))
    return Status(204, None)


@router.put("/spaces/{uuid:space_id}/request", response=DONE, summary="Ask to join a closed space")
def ask(request: HttpRequest, space_id: UUID, payload: JoinRequestIn) -> Any:
    """The hosts are told; asking twice is asking once."""
    viewer = viewer_of(request)
    space = queries.find_listed(viewer, space_id)
    actions.request_to_join(person=viewer, space=space, message=payload.message)
    return Status(204, None)


@router.delete("/spaces/{uuid:space_id}/request", response=DONE, summary="Take the request back")
def withdraw(request: HttpRequest, space_id: UUID) -> Any:
    """As if one had not asked."""
    viewer = viewer_of(request)
    actions.withdraw_request(person=viewer, space=queries.find_listed(viewer, space_id))
    return Status(204, None)


@router.get(
    "/spaces/{uuid:space_id}/requests",
    response={200: JoinRequestList, **PROBLEMS},
    summary="Who asks to join",
)
def requests(request: HttpRequest, space_id: UUID) -> Any:
    """For the hosts of a space."""
    space = queries.find_managed(viewer_of(request), space_id)
    names = ("id", "message", "created_at")
    return {
        "items": [
            {**{name: getattr(row, name) for name in names}, "person": person_row(row.person)}
            for row in queries.pending_requests(space)
        ]
    }


@router.put("/spaces/{uuid:space_id}/requests/{uuid:request_id}", response=DONE, summary="Answer a request")
def answer(request: HttpRequest, space_id: UUID, request_id: UUID, payload: AnswerIn) -> Any:
    """Let somebody in or not; the first answer holds."""
    viewer = viewer_of(request)
    pending = queries.pending_requests(queries.find_managed(viewer, space_id)).filter(pk=request_id).first()
    if pending is None:
        raise NotFound
    actions.answer_request(actor=viewer, request=pending, is_accepted=payload.is_accepted)
    return Status(204, None)


@router.get(
    "/spaces/invitations",
    response={200: InvitationList, **PROBLEMS},
    summary="The spaces that I was asked to join",
)
def invitations(request: HttpRequest) -> Any:
    """Accept by joining, decline by `DELETE /spaces/{id}/invitation`."""
    viewer = viewer_of(request)
    return {
        "items": [
            {
                "space": space_row(viewer, row.space),
                "invited_by": person_row(row.invited_by) if row.invited_by is not None else None,
                "created_at": row.created_at,
            }
            for row in queries.my_invitations(viewer)
        ]
    }


@router.post("/spaces/{uuid:space_id}/invitations", response=DONE, summary="Ask somebody in")
def invite(request: HttpRequest, space_id: UUID, payload: InvitationIn) -> Any:
    """Members ask into an open space, hosts into any of theirs; nothing happens for who is in already."""
    viewer = viewer_of(request)
    space = queries.find_readable(viewer, space_id)
    if not can(viewer, "invite", space):
        raise Forbidden
    person = directory(viewer).filter(pk=payload.person_id).first()
    if person is None:
        raise Invalid({"person_id": [str(NotFound.default_message)]})
    actions.invite_to_space(actor=viewer, space=space, person=person)
    return Status(204, None)


@router.delete("/spaces/{uuid:space_id}/invitation", response=DONE, summary="Decline an invitation")
def decline(request: HttpRequest, space_id: UUID) -> Any:
    """Say no; a host may ask again."""
    viewer = viewer_of(request)
    actions.decline_invitation(person=viewer, space=queries.find_listed(viewer, space_id))
    return Status(204, None)


@router.post("/spaces/{uuid:space_id}/reports", response=DONE, summary="Report a space")
def report(request: HttpRequest, space_id: UUID, payload: ReportIn) -> Any:
    """To the moderators, who get what the space says of itself and nothing from within."""
    viewer = viewer_of(request)
    space = queries.find_listed(viewer, space_id)
    report_space(reporter=viewer, space=space, reason=payload.reason, message=payload.message)
    return Status(204, None)
