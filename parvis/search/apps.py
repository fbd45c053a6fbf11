"""Register the search app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search."""

    name = "parvis.search"
    label = "search"
