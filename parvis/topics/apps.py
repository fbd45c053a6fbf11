"""Register the topics app."""

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    """Topics."""

    name = "parvis.topics"
    label = "topics"

    def ready(self) -> None:
        """Bring followed topics into *Mine*."""
        from parvis.topics import mine  # noqa: F401
