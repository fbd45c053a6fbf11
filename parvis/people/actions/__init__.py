"""What can be done with people and organizations: one transaction each, authorised, recorded."""

from parvis.people.actions.invitations import (
    Invited,
    Invitee,
    accept_invitation,
    ask_for_address_proof,
    invite,
    join_by_domain,
    make_invitation_link,
    renew_invitation,
    revoke_invitation,
)
from parvis.people.actions.membership import (
    add_person,
    find_or_create_identity,
    join_organization,
    leave_organization,
    reinstate_person,
    remove_person,
    set_role,
    suspend_person,
)
from parvis.people.actions.organizations import change_organization, create_organization
from parvis.people.actions.pictures import set_logo, set_picture
from parvis.people.actions.profiles import follow_person, unfollow_person, update_profile
from parvis.people.actions.units import change_unit, merge_unit, remove_unit, set_unit

__all__ = [
    "Invited",
    "Invitee",
    "accept_invitation",
    "add_person",
    "ask_for_address_proof",
    "change_organization",
    "change_unit",
    "create_organization",
    "find_or_create_identity",
    "follow_person",
    "invite",
    "join_by_domain",
    "join_organization",
    "leave_organization",
    "make_invitation_link",
    "merge_unit",
    "reinstate_person",
    "remove_person",
    "remove_unit",
    "renew_invitation",
    "revoke_invitation",
    "set_logo",
    "set_picture",
    "set_role",
    "set_unit",
    "suspend_person",
    "unfollow_person",
    "update_profile",
]
