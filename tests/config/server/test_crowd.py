"""When too many wait already, whoever comes is told so at once; an operator gets through."""

from __future__ import annotations

from parvis.config.server.crowd import WAITING_PER_THREAD, Crowd
from parvis.config.server.types import Receive, Scope, Send, answer
from tests.config.asking import ask


async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer."""
    await answer(send, 200, "here you are")


def test_as_long_as_the_queue_is_short_everybody_is_answered() -> None:
    assert ask(Crowd(page, lambda: WAITING_PER_THREAD - 1, threads=1), "/").status == 200


def test_who_would_wait_long_is_told_when_to_come_back() -> None:
    refusal = ask(Crowd(page, lambda: WAITING_PER_THREAD, threads=1), "/")
    assert (refusal.status, refusal.headers["retry-after"]) == (503, "5")
    assert "réessayer" in refusal.body.decode()


def test_health_and_metrics_are_answered_in_any_crowd() -> None:
    crowd = Crowd(page, lambda: 10_000, threads=1)
    assert [ask(crowd, path).status for path in ("/health/ready", "/metrics")] == [200, 200]
