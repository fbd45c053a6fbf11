"""Register the polls app."""

from django.apps import AppConfig


class PollsConfig(AppConfig):
    """Polls."""

    name = "parvis.polls"
    label = "polls"
