"""Register the drafts app."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Drafts."""

    name = "parvis.drafts"
    label = "drafts"
