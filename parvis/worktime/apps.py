"""Register the app of working time."""

from django.apps import AppConfig


class WorktimeConfig(AppConfig):
    """Working time."""

    name = "parvis.worktime"
    label = "worktime"
