"""Register the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notifications."""

    name = "parvis.notifications"
    label = "notifications"
