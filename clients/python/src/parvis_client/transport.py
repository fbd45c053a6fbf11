"""Calls over HTTP: waits when told to, tries again what may be tried again, keeps answers by their tag."""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis_client.errors import Unreachable, error_of

KEPT_ANSWERS = 200
TRANSIENT = {429, 502, 503, 504}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that it was given for, and to no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; None for an empty one."""
        return json.loads(self.body) if self.body else None


@dataclass
class Transport:
    """How one installation is called."""

    base_url: str
    headers: dict[str, str]
    timeout_seconds: float = 30.0
    attempts: int = 4
    longest_wait_seconds: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    _known: OrderedDict[str, tuple[str, bytes]] = field(default_factory=OrderedDict)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool = True,
    ) -> Answer:
        """Return the answer; raise `ParvisError` for a refusal. `is_repeatable` when twice is the same as once."""
        for attempt in range(1, self.attempts + 1):
            is_last = attempt == self.attempts
            try:
                answer = self._once(method, path, body, headers or {})
            except OSError as error:
                if is_last or not is_repeatable:
                    raise Unreachable(str(error)) from error
                self.sleep(_pause(attempt))
                continue
            # A 429 changed nothing: it may be repeated whatever was asked.
            again = answer.status in TRANSIENT and (is_repeatable or answer.status == 429)
            wait = self._wait(answer, attempt)
            if not again or is_last or wait > self.longest_wait_seconds:
                return self._checked(answer)
            self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        url = f"{self.base_url}{path}"
        known = self._known.get(url) if method == "GET" else None
        extra = {"If-None-Match": known[0]} if known else {}
        request = urllib.request.Request(  # noqa: S310 - http and https only, checked by the client
            url, data=body, method=method, headers={**self.headers, **extra, **headers}
        )
        try:
            with urllib.request.build_opener(_NoRedirects).open(
                request, timeout=self.timeout_seconds
            ) as response:
                answer = Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                answer = Answer(error.code, dict(error.headers), error.read())
        if answer.status == 304 and known:
            self._known.move_to_end(url)
            return Answer(200, answer.headers, known[1])
        if method == "GET" and answer.status == 200:
            self._keep(url, answer)
        return answer

    def _keep(self, url: str, answer: Answer) -> None:
        tag = answer.headers.get("ETag")
        if tag:
            self._known[url] = (tag, answer.body)
            while len(self._known) > KEPT_ANSWERS:
                self._known.popitem(last=False)

    def _wait(self, answer: Answer, attempt: int) -> float:
        told = answer.headers.get("Retry-After", "")
        return float(told) if told.isdecimal() else _pause(attempt)

    @staticmethod
    def _checked(answer: Answer) -> Answer:
        if answer.status < 400:
            return answer
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        raise error_of(answer.status, problem if isinstance(problem, dict) else {})


def _pause(attempt: int) -> float:
    return min(0.5 * 2**attempt, 20.0) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
