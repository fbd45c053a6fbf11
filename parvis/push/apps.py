"""Register the push app."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Notifications on people's devices."""

    name = "parvis.push"
    label = "push"
