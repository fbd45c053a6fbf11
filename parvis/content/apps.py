"""Register the content app."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Content."""

    name = "parvis.content"
    label = "content"
