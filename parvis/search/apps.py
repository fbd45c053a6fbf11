"""Register the search app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search."""

    name = "parvis.search"
    label = "search"

    def ready(self) -> None:
        """Register what has a name here; other apps do so in their `search` module."""
        from parvis.search import naming  # noqa: F401
