"""Register the people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People: organizations, identities, persons."""

    name = "parvis.people"
    label = "people"
