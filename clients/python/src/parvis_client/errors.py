"""What can go wrong: one class per kind of answer, with the server's own words in the language asked for."""

from __future__ import annotations

from typing import Any


class ParvisError(Exception):
    """The server refused; `code` is for programs and never changes, `detail` is for people."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.code: str = str(problem.get("code", ""))
        self.detail: str = str(problem.get("detail", "")) or f"HTTP {status}"
        super().__init__(self.detail)


class Unauthenticated(ParvisError):
    """The token opens nothing."""


class NotFound(ParvisError):
    """There is no such thing, or it is not yours to see: the server does not say which."""


class Invalid(ParvisError):
    """Something that was sent cannot be accepted; `errors` says what, by field."""

    @property
    def errors(self) -> dict[str, list[str]]:
        """Return the sentences by field."""
        return dict(self.problem.get("errors") or {})


class Conflict(ParvisError):
    """Somebody else was faster; `current` is what stands now."""

    @property
    def current(self) -> dict[str, Any]:
        """Return version, title and body as they are now."""
        return dict(self.problem.get("current") or {})


class ChangedSince(Conflict):
    """The thing is not the one that `if_match` named."""


class Throttled(ParvisError):
    """Too many calls, also after waiting."""


class Unreachable(ParvisError):
    """No answer came."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, {"code": "unreachable", "detail": reason})


_BY_STATUS: dict[int, type[ParvisError]] = {
    401: Unauthenticated,
    404: NotFound,
    409: Conflict,
    412: ChangedSince,
    422: Invalid,
    429: Throttled,
}


def error_of(status: int, problem: dict[str, Any]) -> ParvisError:
    """Return the error of an answer."""
    return _BY_STATUS.get(status, ParvisError)(status, problem)
