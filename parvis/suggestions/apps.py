"""Register the suggestions app."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    """Suggestions."""

    name = "parvis.suggestions"
    label = "suggestions"
