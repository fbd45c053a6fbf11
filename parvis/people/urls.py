"""The pages about people and the organization."""

from __future__ import annotations

from django.urls import path

from parvis.people.views import (
    administration,
    directory,
    doorway,
    invitations,
    joining,
    managing,
    pictures,
    profile,
    settings,
    setup,
    trail,
    units,
)

app_name = "people"

urlpatterns = [
    # Before one is in.
    path("setup", setup.set_up, name="setup"),
    path("organizations", doorway.organizations, name="organizations"),
    path("join", joining.by_domain, name="join"),
    path("join/<str:key>", joining.by_key, name="invitation"),
    # Who is who.
    path("people", directory.directory, name="directory"),
    path("people/suggestions", directory.suggestions, name="suggestions"),
    path("people/<uuid:id>", profile.profile, name="profile"),
    path("people/<uuid:id>/following", profile.following, name="following"),
    path("people/<uuid:id>/edit", profile.edit_person, name="edit_person"),
    path("people/<uuid:id>/picture/<uuid:file_id>", pictures.picture, name="picture"),
    path("logo/<uuid:file_id>", pictures.logo, name="logo"),
    # Oneself.
    path("profile/edit", profile.edit_profile, name="edit_profile"),
    path("settings", settings.settings, name="settings"),
    path("settings/leaving", settings.leave, name="leave"),
    # Asking people in.
    path("invitations", invitations.invitations, name="invitations"),
    path("invitations/new", invitations.new, name="invite"),
    path("invitations/list", invitations.from_list, name="invite_list"),
    path("invitations/link", invitations.new_link, name="invite_link"),
    path("invitations/<uuid:id>/renewal", invitations.renew, name="renew_invitation"),
    path("invitations/<uuid:id>/revocation", invitations.revoke, name="revoke_invitation"),
    # Administration.
    path("administration", administration.organization, name="administration"),
    path("administration/people", managing.people, name="manage_people"),
    path("administration/people/<uuid:id>", managing.person, name="manage_person"),
    path("administration/people/<uuid:id>/role", managing.role, name="person_role"),
    path("administration/people/<uuid:id>/access", managing.access, name="person_access"),
    path("administration/audit", trail.trail, name="audit"),
    path("administration/units", units.units, name="units"),
    path("administration/units/<uuid:id>", units.unit, name="unit"),
    path("administration/units/<uuid:id>/merger", units.merge, name="merge_unit"),
    path("administration/units/<uuid:id>/removal", units.remove, name="remove_unit"),
]
