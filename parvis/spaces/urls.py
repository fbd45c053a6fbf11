"""The addresses around a space. `spaces:show`, its wall, is added where spaces and content meet (web)."""

from django.urls import path

from parvis.spaces import views

app_name = "spaces"

urlpatterns = [
    path("spaces", views.discover, name="discover"),
    path("spaces/new", views.create, name="create"),
    path("spaces/hosted-alone", views.hosted_alone, name="hosted_alone"),
    path("administration/spaces", views.without_host, name="without_host"),
    path("administration/spaces/<uuid:space_id>/host", views.appoint, name="appoint_host"),
    path("administration/spaces/<uuid:space_id>/archive", views.archive_abandoned, name="archive_abandoned"),
    path("spaces/<uuid:space_id>/about", views.about, name="about"),
    path("spaces/<uuid:space_id>/members", views.members, name="members"),
    path("spaces/<uuid:space_id>/members/<uuid:person_id>", views.change_member, name="member"),
    path("spaces/<uuid:space_id>/requests", views.requests, name="requests"),
    path("spaces/<uuid:space_id>/requests/<uuid:request_id>", views.answer, name="answer"),
    path("spaces/<uuid:space_id>/membership", views.join, name="membership"),
    path("spaces/<uuid:space_id>/departure", views.leave, name="departure"),
    path("spaces/<uuid:space_id>/request", views.request_to_join, name="request"),
    path("spaces/<uuid:space_id>/invitations", views.invite, name="invite"),
    path("spaces/<uuid:space_id>/invitations/decline", views.decline, name="decline"),
    path("spaces/<uuid:space_id>/settings", views.settings, name="settings"),
    path("spaces/<uuid:space_id>/archive", views.archive, name="archive"),
]
