"""Register the previews app."""

from django.apps import AppConfig


class PreviewsConfig(AppConfig):
    """Previews."""

    name = "parvis.previews"
    label = "previews"
