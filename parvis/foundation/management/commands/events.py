"""`parvis events`: what can happen here, who says so, and who listens."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.foundation.events import event_types, listeners_of


class Command(BaseCommand):
    """Print every event with the app that emits it and the handlers that follow."""

    help = "List every domain event: which app emits it, and who listens."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one event per line, its handlers indented below."""
        for name, event_type in event_types().items():
            if event_type.__subclasses__():
                # What several events have in common; it never happens by itself.
                continue
            self.stdout.write(f"{name}  from {event_type.__module__}")
            for listener in listeners_of(event_type):
                self.stdout.write(f"    -> {listener}")
