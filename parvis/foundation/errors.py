"""What can go wrong in a rule, each with a stable code. Edges turn them into pages or problem documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """The base of everything a rule may refuse; `code` is for machines, the message for people."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    default_message: ClassVar[Any] = _("This is not possible.")

    def __init__(self, message: Any = None) -> None:
        self.message = message or self.default_message
        super().__init__(str(self.message))


class NotFound(DomainError):
    """There is no such thing, or not for this viewer: the two must look alike."""

    code = "not_found"
    status = 404
    default_message = _("There is nothing here, or you cannot see it.")


class Forbidden(DomainError):
    """The viewer sees the thing and may not do this with it."""

    code = "forbidden"
    status = 403
    default_message = _("You cannot do this here.")


class Invalid(DomainError):
    """The input has faults; `errors` names them by field."""

    code = "invalid"
    status = 422
    default_message = _("Some of what you entered cannot be used.")

    def __init__(self, errors: Mapping[str, list[Any]]) -> None:
        self.errors = {field: [str(message) for message in messages] for field, messages in errors.items()}
        super().__init__(" ".join(message for messages in self.errors.values() for message in messages))


class Conflict(DomainError):
    """Somebody else was faster; `current` is what stands now, to compare with."""

    code = "conflict"
    status = 409
    default_message = _("Somebody changed this in the meantime.")

    def __init__(self, message: Any = None, *, current: Any = None) -> None:
        self.current = current
        super().__init__(message)


class TooLarge(DomainError):
    """A file or a text exceeds its limit."""

    code = "too_large"
    status = 413
    default_message = _("This is too large.")


class QuotaExceeded(DomainError):
    """The organization's storage is full."""

    code = "quota_exceeded"
    status = 507
    default_message = _("The storage of your organization is full: ask an administrator.")


class Throttled(DomainError):
    """Too many tries; `retry_after` is in seconds."""

    code = "throttled"
    status = 429
    default_message = _("Too many tries in a short time: wait a moment.")

    def __init__(self, retry_after: float, message: Any = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)
