"""Register the foundation app and discover what the other apps declare."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    """Foundation: no business words; every other app may use it."""

    name = "parvis.foundation"
    label = "foundation"

    def ready(self) -> None:
        """Import the modules that register something by being imported."""
        autodiscover_modules(
            "events", "notifications", "search", "handlers", "tasks", "live", "parts", "composing", "answers"
        )
