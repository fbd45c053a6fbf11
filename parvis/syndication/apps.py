"""Register the syndication app."""

from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    """Feeds."""

    name = "parvis.syndication"
    label = "syndication"
