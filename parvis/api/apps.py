"""Register the API app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API and its tokens."""

    name = "parvis.api"
    label = "api"

    def ready(self) -> None:
        """Answer the live gateway's questions about tokens."""
        from parvis.api import live  # noqa: F401
