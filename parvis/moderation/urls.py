"""Moderation's addresses."""

from django.urls import path

from parvis.moderation import views

app_name = "moderation"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("entries/<uuid:entry_id>/report", views.report, name="report"),
    path("reports/<uuid:report_id>/decision", views.decision, name="decision"),
]
