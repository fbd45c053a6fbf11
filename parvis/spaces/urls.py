"""The addresses around a space. `spaces:show`, its wall, is added where spaces and content meet (web)."""

from django.urls import path

from parvis.spaces import views

app_name = "spaces"

urlpatterns = [
    path("", views.discover, name="discover"),
    path("new", views.create, name="create"),
    path("<uuid:space_id>/about", views.about, name="about"),
    path("<uuid:space_id>/members", views.members, name="members"),
    path("<uuid:space_id>/members/<uuid:person_id>", views.change_member, name="member"),
    path("<uuid:space_id>/requests", views.requests, name="requests"),
    path("<uuid:space_id>/requests/<uuid:request_id>", views.answer, name="answer"),
    path("<uuid:space_id>/membership", views.join, name="membership"),
    path("<uuid:space_id>/departure", views.leave, name="departure"),
    path("<uuid:space_id>/request", views.request_to_join, name="request"),
    path("<uuid:space_id>/invitations", views.invite, name="invite"),
    path("<uuid:space_id>/invitations/decline", views.decline, name="decline"),
    path("<uuid:space_id>/settings", views.settings, name="settings"),
    path("<uuid:space_id>/archive", views.archive, name="archive"),
]
