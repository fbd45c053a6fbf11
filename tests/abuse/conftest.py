"""Attackers are patient: here no limit stops them."""

from __future__ import annotations

import pytest

from tests.patience import nobody_answers, tireless

__all__ = ["nobody_answers", "tireless"]


@pytest.fixture
def every(request: pytest.FixtureRequest) -> int:
    """Of many attacks alike, every how many-th is tried: all of them with `bin/test --api`."""
    return 1 if request.config.getoption("--api-examples") >= 100 else 5
