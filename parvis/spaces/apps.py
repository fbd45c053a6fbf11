"""Register the spaces app."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """Spaces."""

    name = "parvis.spaces"
    label = "spaces"
