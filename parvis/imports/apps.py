"""The imports app."""

from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Imports."""

    name = "parvis.imports"
    default_auto_field = "django.db.models.UUIDField"
