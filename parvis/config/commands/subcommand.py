"""What the subcommands share."""

from __future__ import annotations

from parvis.foundation.settings import Settings


def set_up(settings: Settings) -> None:
    """Configure logs and load the apps."""
    import django

    from parvis.config import logs

    logs.configure(settings)
    django.setup()
