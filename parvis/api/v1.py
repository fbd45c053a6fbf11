"""Version 1: its operations, its description, and how it says that something is wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError

from parvis import __version__
from parvis.api.authentication import authenticate
from parvis.api.description import DescribedAPI
from parvis.api.endpoints import (
    announcements,
    articles,
    citations,
    drafts,
    emoji,
    entries,
    feeds,
    mail,
    marks,
    memberships,
    messages,
    notifications,
    pauses,
    people,
    rooms,
    saved_searches,
    search,
    spaces,
    suggestions,
    switch,
    topics,
    uploads,
    webhooks,
    working_time,
    working_time_policies,
)
from parvis.api.endpoints.polls import router as polls
from parvis.api.problems import problem_response
from parvis.foundation.errors import Conflict, DomainError, Invalid

DESCRIPTION = """
Everything that the pages do, with the same rights. Authenticate with `Authorization: Bearer parvis_…`; a token
belongs to one organization. The organization is that of the host name, of the path prefix `/o/SLUG/`, of the header
`X-Parvis-Organization`, or the token's. Lists are paged by `cursor`; send back `next` until it is empty.
Errors are problem details (RFC 9457) in the language of `Accept-Language`.
"""

api = DescribedAPI(
    title="Parvis",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=[authenticate],
)
api.add_router("", people.router)
api.add_router("", spaces.router)
api.add_router("", memberships.router)
api.add_router("", notifications.router)
api.add_router("", pauses.router)
api.add_router("", suggestions.router)
api.add_router("", entries.router)
api.add_router("", marks.router)
api.add_router("", articles.router)
api.add_router("", drafts.router)
api.add_router("", emoji.router)
api.add_router("", working_time.router)
api.add_router("", working_time_policies.router)
api.add_router("", webhooks.router)
api.add_router("", topics.router)
api.add_router("", uploads.router)
api.add_router("", search.router)
api.add_router("", saved_searches.router)
api.add_router("", citations.router)
api.add_router("", feeds.router)
api.add_router("", polls)
api.add_router("", announcements.router)
api.add_router("", rooms.router)
api.add_router("", messages.router)
api.add_router("", switch.router)
api.add_router("", mail.router)


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """Give the current version back, so that nothing is lost."""
    current = error.current
    more = (
        {}
        if current is None
        else {
            "current": {
                "version": current.version,
                "title": getattr(current, "title", ""),
                "body": current.body,
            }
        }
    )
    return problem_response(request, error, **more)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields that have the wrong shape."""
    errors: dict[str, list[Any]] = {}
    for fault in error.errors:
        place = [
            str(part)
            for part in fault["loc"]
            if part not in ("body", "query", "path", "payload", "form", "file")
        ]
        errors.setdefault(".".join(place) or "body", []).append(str(_sentence(fault)))
    return problem_response(request, Invalid(errors))


def _sentence(fault: dict[str, Any]) -> Any:
    """Say the common faults in the reader's language; the rest as the validator says it."""
    moment = _("This is not a date and time: write 2026-01-31T08:00:00+01:00, for example.")
    day = _("This is not a date: write 2026-01-31, for example.")
    sentences = {
        "date_parsing": day,
        "date_from_datetime_parsing": day,
        "date_from_datetime_inexact": day,
        "datetime_parsing": moment,
        "datetime_from_date_parsing": moment,
        "timezone_aware": moment,
        "missing": _("This is needed."),
        "extra_forbidden": _("There is no such field."),
        "uuid_parsing": _("This is not a UUID."),
        "json_invalid": _("This is not JSON."),
        "string_too_long": _("This is too long: %(limit)s characters at most.") % {"limit": _limit(fault)},
        "string_too_short": _("This is too short."),
        "int_parsing": _("This is not a whole number."),
        "greater_than_equal": _("This is too small."),
        "less_than_equal": _("This is too large."),
        "literal_error": _("This is none of the possible values."),
        "string_pattern_mismatch": _("This is none of the possible values."),
    }
    return sentences.get(str(fault.get("type")), str(fault.get("msg", "")))


def _limit(fault: dict[str, Any]) -> str:
    return number_format(fault.get("ctx", {}).get("max_length", 0), force_grouping=True)


class Malformed(DomainError):
    """The request could not be read at all."""

    code = "malformed"
    status = 400
    default_message = _("The request could not be read: is its body JSON?")


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses before an operation begins, e.g. a body that is no JSON."""
    if isinstance(error.__cause__, Invalid):
        return problem_response(request, error.__cause__)
    return problem_response(request, Malformed())
