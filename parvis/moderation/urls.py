"""Moderation's addresses."""

from django.urls import path

from parvis.moderation import views

app_name = "moderation"

urlpatterns = [
    path("moderation", views.queue, name="queue"),
    path("moderation/entries/<uuid:entry_id>/report", views.report, name="report"),
    path("moderation/people/<uuid:person_id>/report", views.report_person, name="report_person"),
    path("moderation/spaces/<uuid:space_id>/report", views.report_space, name="report_space"),
    path("moderation/reports/<uuid:report_id>/decision", views.decision, name="decision"),
    path("moderation/notices/<uuid:report_id>", views.notice, name="notice"),
]
