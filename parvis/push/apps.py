"""Register the push app."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Notifications on people's devices."""

    name = "parvis.push"
    label = "push"

    def ready(self) -> None:
        """Be one of the ways to tell people."""
        from parvis.push import channel  # noqa: F401
