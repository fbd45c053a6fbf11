"""Register the chat app."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Chat."""

    name = "parvis.chat"
    label = "chat"

    def ready(self) -> None:
        """Give the spaces that have chat a tab for it; join the menu of entries."""
        from parvis.chat import menus, tabs  # noqa: F401
