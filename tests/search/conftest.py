"""Pages asked for as somebody of the cast."""

from tests.web.conftest import visitor

__all__ = ["visitor"]
