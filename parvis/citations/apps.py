"""Register the citations app."""

from django.apps import AppConfig


class CitationsConfig(AppConfig):
    """Citations."""

    name = "parvis.citations"
    label = "citations"

    def ready(self) -> None:
        """Join the menu of entries."""
        from parvis.citations import menus  # noqa: F401
