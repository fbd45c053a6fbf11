"""When a rush is over: nothing fails any more, and answers come as soon as before."""

from __future__ import annotations

from bench.mix import NEVER, Sample, _normal_again


def test_it_is_normal_from_the_first_span_without_a_slow_or_refused_answer() -> None:
    slow = [Sample(second, 2.0, "view") for second in range(100, 105)]
    refused = [Sample(106.0, 0.1, "view", "status 503")]
    normal = [Sample(second + 0.5, 0.1, "view") for second in range(105, 160)]
    assert _normal_again([*slow, *refused, *normal], 100.0, 300.0) == 10.0


def test_what_never_recovers_is_not_called_normal() -> None:
    assert _normal_again([Sample(second, 2.0, "view") for second in range(100, 160)], 100.0, 300.0) == NEVER
