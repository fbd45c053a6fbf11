"""Register the emoji app."""

from django.apps import AppConfig


class EmojiConfig(AppConfig):
    """Emoji."""

    name = "parvis.emoji"
    label = "emoji"
