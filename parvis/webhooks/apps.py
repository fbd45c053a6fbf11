"""Register the webhooks app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks."""

    name = "parvis.webhooks"
    label = "webhooks"
