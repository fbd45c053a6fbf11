"""What can go wrong by the rules: one class each, with a stable code, a status and a sentence for people.

Actions and queries raise them; the edges answer with them: pages through `status` and `message`, the API
through `problem()` (RFC 9457). A programming error stays a Python exception and is a 500.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

Text = str | Promise


class DomainError(Exception):
    """The base of them all; `code` is for programs and never changes, `message` is for people."""

    code: ClassVar[str]
    status: ClassVar[int]
    default_message: ClassVar[Text]

    def __init__(self, message: Text | None = None) -> None:
        self.message: Text = self.default_message if message is None else message
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)

    def details(self) -> dict[str, Any]:
        """Return what a program may want to know beside code and message, as plain JSON values."""
        return {}

    def headers(self) -> dict[str, str]:
        """Return the headers that belong to the answer."""
        return {}


class NotFound(DomainError):
    """There is no such thing, or the viewer may not know that there is."""

    code = "not_found"
    status = 404
    default_message = _("This page does not exist, or it is not open to you.")


class Forbidden(DomainError):
    """The viewer may not do this. It answers like `NotFound`: a refusal would tell that the thing exists."""

    code = "not_found"
    status = 404
    default_message = NotFound.default_message


class Invalid(DomainError):
    """What was typed cannot be accepted: messages by field, `""` for the whole."""

    code = "invalid"
    status = 422
    default_message = _("Some of this cannot be accepted. Please correct it.")

    def __init__(self, errors: Mapping[str, Iterable[Text]] | Text) -> None:
        by_field = {"": [errors]} if isinstance(errors, str | Promise) else errors
        self.errors: dict[str, list[Text]] = {field: list(messages) for field, messages in by_field.items()}
        first = next((message for messages in self.errors.values() for message in messages), None)
        super().__init__(first)

    def details(self) -> dict[str, Any]:
        """Return the messages by field."""
        return {"errors": {name: [str(text) for text in texts] for name, texts in self.errors.items()}}


class Conflict(DomainError):
    """Somebody else was faster; `current` is what stands now, so that nothing typed is lost."""

    code = "conflict"
    status = 409
    default_message = _("Somebody changed this in the meantime.")

    def __init__(self, message: Text | None = None, *, current: Any = None) -> None:
        self.current = current
        super().__init__(message)


class TooLarge(DomainError):
    """A file or a text is larger than allowed."""

    code = "too_large"
    status = 413
    default_message = _("This is too large.")

    def __init__(self, message: Text | None = None, *, limit_bytes: int | None = None) -> None:
        self.limit_bytes = limit_bytes
        if message is None and limit_bytes is not None:
            message = format_lazy(
                _("This is larger than the {size} allowed."), size=readable_size(limit_bytes)
            )
        super().__init__(message)

    def details(self) -> dict[str, Any]:
        """Return the limit."""
        return {} if self.limit_bytes is None else {"limit_bytes": self.limit_bytes}


class QuotaExceeded(DomainError):
    """The organization has no room left."""

    code = "quota_exceeded"
    status = 413
    default_message = _("Your organization has used all its storage. Ask an administrator for more room.")


class Throttled(DomainError):
    """Too much at once; `retry_after_seconds` says when to come back."""

    code = "throttled"
    status = 429
    default_message = _("That was a lot at once. Please wait a moment.")

    def __init__(self, *, retry_after_seconds: float, limit_headers: Mapping[str, str] | None = None) -> None:
        self.retry_after_seconds = max(1, math.ceil(retry_after_seconds))
        self.limit_headers = dict(limit_headers or {})
        super().__init__(_wait_message(self.retry_after_seconds))

    def details(self) -> dict[str, Any]:
        """Return the wait."""
        return {"retry_after_seconds": self.retry_after_seconds}

    def headers(self) -> dict[str, str]:
        """Return the standard header of the wait, and those that say which limit was reached."""
        return {"Retry-After": str(self.retry_after_seconds), **self.limit_headers}


def _wait_message(seconds: int) -> Text:
    if seconds <= 90:
        return ngettext_lazy(
            "That was a lot at once. Please wait %(seconds)s second.",
            "That was a lot at once. Please wait %(seconds)s seconds.",
            seconds,
        ) % {"seconds": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext_lazy(
        "That was a lot at once. Please wait %(minutes)s minute.",
        "That was a lot at once. Please wait %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


# Written in the language that is active when it is shown: “2.5 MB”, « 2,5 Mo ».
readable_size = lazy(filesizeformat, str)


def problem(error: DomainError, *, instance: str = "") -> dict[str, Any]:
    """Return the error as problem details (RFC 9457), in the active language."""
    details: dict[str, Any] = {
        "type": f"urn:parvis:problem:{error.code}",
        "title": str(type(error).default_message),
        "status": error.status,
        "code": error.code,
        "detail": str(error.message),
        **error.details(),
    }
    return {**details, "instance": instance} if instance else details
