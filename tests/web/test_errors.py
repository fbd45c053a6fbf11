"""What cannot be done: a page for people, a toast for scripts, problem details for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.test import Client, RequestFactory

from parvis.content.models import Entry
from parvis.foundation.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    QuotaExceeded,
    Throttled,
    TooLarge,
)
from parvis.web import errors
from tests.browsing import Visitor, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]

MISSING = "/entries/00000000-0000-7000-8000-000000000000"


def ask(**headers: str) -> HttpRequest:
    """A request that no middleware has seen."""
    return RequestFactory(SERVER_NAME="localhost").get("/x", headers=headers)


def test_missing_and_forbidden_look_the_same(world: World, visitor: Visit) -> None:
    bob = visitor("bob")
    missing, forbidden, unknown = (
        bob.get(MISSING),
        bob.get(f"/entries/{world.entries['cellar post'].id}"),
        bob.get("/no/such/page"),
    )
    assert {missing.status_code, forbidden.status_code, unknown.status_code} == {404}
    assert text_of(missing).count("News of") == text_of(forbidden).count("News of") == 0
    assert "This page does not exist, or it is not open to you." in text_of(unknown)


def test_scripts_get_a_toast_that_leaves_the_page_alone(visitor: Visit) -> None:
    answer = visitor("bob").get(MISSING, fragment=True)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (404, "#toasts", "beforeend")
    assert "<html" not in text_of(answer)


def test_programs_get_problem_details(visitor: Visit) -> None:
    answer = visitor("bob").get(MISSING, accept="application/json")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_people_get_it_in_their_language(visitor: Visit) -> None:
    assert '<html lang="fr"' in text_of(visitor("chloe").get(MISSING))
    assert '<html lang="en"' in text_of(visitor("bob").get(MISSING))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (Forbidden(), 404),
        (Invalid("No."), 422),
        (Conflict(), 409),
        (TooLarge(limit_bytes=1000), 413),
        (QuotaExceeded(), 413),
        (Throttled(retry_after_seconds=4.2), 429),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_each_refusal_has_its_status(error: Any, status: int, headers: dict[str, str]) -> None:
    answer = errors._answer_anywhere(ask(**headers), error)
    assert answer.status_code == status
    if status == 429:
        assert answer["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("handler", "exception", "status"),
    [
        (errors.bad_request, SuspiciousOperation(), 400),
        (errors.bad_request, RequestDataTooBig(), 413),
        (errors.forbidden, PermissionDenied(), 403),
        (errors.not_found, NotFound(), 404),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_stand_without_an_organization(
    handler: Any, exception: Exception, status: int, language: str
) -> None:
    answer = handler(ask(**{"Accept-Language": language}), exception)
    assert answer.status_code == status
    assert f'<html lang="{language}"' in text_of(answer)


def test_a_fault_answers_without_the_database(settings: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.block():
        answer = errors.failed(ask())
    assert answer.status_code == 500
    assert "Something went wrong on our side" in text_of(answer)


def test_a_fault_of_the_error_page_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> str:
        raise LookupError("no templates today")

    monkeypatch.setattr(errors, "render_to_string", broken)
    assert errors.failed(ask()).status_code == 500


def test_a_refusal_takes_back_what_the_request_changed_before(
    world: World, visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parvis.content.views import marks

    def change_then_refuse(request: HttpRequest, *_args: object, **_named: object) -> None:
        Entry.objects.filter(pk=world.entries["lounge post"].id).update(title="Half done")
        raise Forbidden

    monkeypatch.setattr(marks.queries, "find_visible", change_then_refuse)
    visitor("bob").post(f"/entries/{world.entries['lounge post'].id}/bookmark")
    with world.bound():
        assert Entry.objects.get(pk=world.entries["lounge post"].id).title == "News of lounge"


def test_an_organization_that_does_not_exist_is_a_page_of_its_own() -> None:
    answer = Client(SERVER_NAME="localhost").get("/o/nobody/")
    assert answer.status_code == 404
    assert "<html" in text_of(answer)
