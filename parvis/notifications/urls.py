"""The inbox's addresses."""

from django.urls import path

from parvis.notifications import choosing, pauses, views

app_name = "notifications"

urlpatterns = [
    path("notifications", views.inbox, name="inbox"),
    path("notifications/badge", views.badge, name="badge"),
    path("notifications/read", views.read_all, name="read_all"),
    path("notifications/spaces/<uuid:space_id>", choosing.space, name="space"),
    path("notifications/threads/<uuid:thread_id>/read", views.read_thread, name="read_thread"),
    path("notifications/<uuid:notification_id>", views.open_line, name="open"),
    path("notifications/<uuid:notification_id>/reading", views.reading, name="reading"),
    path("notifications/pauses", pauses.pauses, name="pauses"),
    path("notifications/pauses/<uuid:pause_id>/end", pauses.end, name="end_pause"),
    path("notifications/read/undo", views.unread_all, name="unread_all"),
    path("notifications/<uuid:notification_id>/later", views.later, name="later"),
    path("notifications/<uuid:notification_id>/why", choosing.why, name="why"),
]
