"""Register the mail app."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Mail both ways."""

    name = "parvis.mail"
    label = "mail"
