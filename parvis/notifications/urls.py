"""The inbox's addresses."""

from django.urls import path

from parvis.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("badge", views.badge, name="badge"),
    path("read", views.read_all, name="read_all"),
    path("threads/<uuid:thread_id>/read", views.read_thread, name="read_thread"),
    path("<uuid:notification_id>", views.open_line, name="open"),
]
