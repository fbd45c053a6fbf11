"""Moderation's addresses."""

from django.urls import path

from parvis.moderation import views

app_name = "moderation"

urlpatterns = [
    path("moderation", views.queue, name="queue"),
    path("moderation/entries/<uuid:entry_id>/report", views.report, name="report"),
    path("moderation/reports/<uuid:report_id>/decision", views.decision, name="decision"),
]
