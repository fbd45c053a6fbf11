"""Register the delivery app."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Delivery."""

    name = "parvis.delivery"
    label = "delivery"
