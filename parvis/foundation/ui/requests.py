"""The request whose page is being rendered; `None` for what is rendered when it is written."""

from contextvars import ContextVar

from django.http import HttpRequest

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
