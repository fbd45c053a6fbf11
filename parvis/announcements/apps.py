"""Register the announcements app."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """Announcements."""

    name = "parvis.announcements"
    label = "announcements"

    def ready(self) -> None:
        """Register the kind, and the answer by mail."""
        from parvis.announcements import answers, kinds  # noqa: F401
