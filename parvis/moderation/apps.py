"""Register the moderation app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Moderation."""

    name = "parvis.moderation"
    label = "moderation"
