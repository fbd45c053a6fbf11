"""Who may: a table of named rules per app, read by `can`. An action nobody declared is an error, not a no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[[Any, Any], bool]


class PolicyTable:
    """The rules of one app: action name → function of (viewer, thing)."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._rules: dict[str, Rule] = {}

    def rule(self, action: str) -> Callable[[Rule], Rule]:
        """Declare the rule of an action; declaring it twice is an error."""

        def declare(function: Rule) -> Rule:
            if action in self._rules:
                raise ValueError(f"{self.subject}: the action {action!r} has a rule already")
            self._rules[action] = function
            return function

        return declare

    def can(self, viewer: Any, action: str, thing: Any) -> bool:
        """Return whether the viewer may do this to that; `LookupError` for an action without a rule."""
        try:
            rule = self._rules[action]
        except KeyError:
            raise LookupError(f"{self.subject}: no rule for the action {action!r}") from None
        return rule(viewer, thing)

    @property
    def actions(self) -> frozenset[str]:
        """Return the names of all declared actions."""
        return frozenset(self._rules)
