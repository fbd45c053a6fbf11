"""Register the announcements app."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """Announcements."""

    name = "parvis.announcements"
    label = "announcements"

    def ready(self) -> None:
        """Register the kind."""
        from parvis.announcements import kinds  # noqa: F401
