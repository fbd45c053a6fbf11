"""The demo as an app, so that `parvis demo` exists."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """No models: it writes into those of the lower layers."""

    name = "parvis.demo"
