"""Register the articles app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Articles."""

    name = "parvis.articles"
    label = "articles"

    def ready(self) -> None:
        """Register the kind and the tab of a space."""
        from parvis.articles import kinds, tabs  # noqa: F401
