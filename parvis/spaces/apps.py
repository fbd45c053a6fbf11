"""Register the spaces app."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """Spaces."""

    name = "parvis.spaces"
    label = "spaces"

    def ready(self) -> None:
        """Tell people where guests meet others."""
        from parvis.spaces import queries  # noqa: F401 - importing registers
