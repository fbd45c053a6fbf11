"""Sign-in and account pages: django-allauth's views, those that we use and no others, under paths of ours."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from parvis.people.views import joining, sessions

urlpatterns = [
    path("sign-in", views.login, name="account_login"),
    path("sign-out", views.logout, name="account_logout"),
    path("inactive", views.account_inactive, name="account_inactive"),
    # Nobody signs up but through an invitation or a domain of the organization.
    path("sign-up", joining.by_domain, name="account_signup"),
    path("again", views.reauthenticate, name="account_reauthenticate"),
    path("email", views.email, name="account_email"),
    path("email/sent", views.email_verification_sent, name="account_email_verification_sent"),
    path("email/confirm/<str:key>", views.confirm_email, name="account_confirm_email"),
    path("password", views.password_change, name="account_change_password"),
    path("password/set", views.password_set, name="account_set_password"),
    path("password/reset", views.password_reset, name="account_reset_password"),
    path("password/reset/sent", views.password_reset_done, name="account_reset_password_done"),
    # The user's part has no hyphen, the token has one.
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done", views.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("sessions", sessions.sessions, name="usersessions_list"),
    path("sessions/<int:id>/end", sessions.end, name="end_session"),
]
