import json

import pytest
from django.utils.translation import override

from parvis.foundation.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    QuotaExceeded,
    Throttled,
    TooLarge,
    problem,
)


def test_forbidden_looks_exactly_like_not_found() -> None:
    assert problem(Forbidden()) == problem(NotFound())


def test_invalid_lists_messages_by_field_and_says_the_first() -> None:
    details = problem(Invalid({"name": ["Too short.", "Taken."]}), instance="/api/v1/spaces")
    assert details == {
        "type": "urn:parvis:problem:invalid",
        "title": "Some of this cannot be accepted. Please correct it.",
        "status": 422,
        "code": "invalid",
        "detail": "Too short.",
        "errors": {"name": ["Too short.", "Taken."]},
        "instance": "/api/v1/spaces",
    }


def test_invalid_can_be_about_the_whole() -> None:
    assert problem(Invalid("Everything is wrong."))["errors"] == {"": ["Everything is wrong."]}


def test_a_conflict_carries_what_stands_now() -> None:
    assert Conflict(current=3).current == 3


def test_throttled_says_when_to_come_back() -> None:
    error = Throttled(retry_after_seconds=0.2)
    assert error.headers() == {"Retry-After": "1"}
    assert str(error) == "That was a lot at once. Please wait 1 second."
    assert str(Throttled(retry_after_seconds=300)).endswith("Please wait 5 minutes.")


def test_too_large_names_the_limit() -> None:
    error = TooLarge(limit_bytes=10 * 1024 * 1024)
    assert str(error) == "This is larger than the 10.0\xa0MB allowed."
    with override("fr"):
        assert "10,0\xa0Mio" in str(error)


@pytest.mark.parametrize("error", [NotFound(), Forbidden(), Conflict(), TooLarge(), QuotaExceeded()])
def test_every_problem_is_json(error: DomainError) -> None:
    json.dumps(problem(error))


def test_a_refusal_speaks_the_asker_s_language() -> None:
    with override("fr"):
        assert str(Throttled(retry_after_seconds=2)).endswith("Veuillez patienter 2 secondes.")
        assert problem(NotFound())["detail"] == "Cette page n’existe pas, ou ne vous est pas ouverte."
