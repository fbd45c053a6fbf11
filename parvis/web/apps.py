"""Register the web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Web."""

    name = "parvis.web"
    label = "web"
