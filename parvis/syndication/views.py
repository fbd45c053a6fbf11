"""Feeds for readers, and the pages where somebody makes and revokes their addresses."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from parvis.content.views.answers import viewer_of
from parvis.foundation import throttle
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import NotFound
from parvis.foundation.richtext import hashtag_key, hashtag_name
from parvis.people.access import self_protected
from parvis.people.models import Organization, Person
from parvis.syndication import actions, queries
from parvis.syndication.documents import FORMATS, document
from parvis.syndication.queries import Subject

READING = throttle.Rate(120, 3600)


@self_protected
def by_secret(request: HttpRequest, secret: str, format: str) -> HttpResponse:
    """Answer with a feed to whoever knows its address, as its owner may read it now."""
    if format not in FORMATS or getattr(request, "organization", None) is None:
        raise NotFound
    address = queries.address_of(secret)
    throttle.check("feed", address.pk, rate=READING)
    actions.note_use(address)
    subject = Subject(space=address.space, topic=address.topic)
    person: Person = address.person
    with translation.override(person.language or person.organization.default_language):
        return _answer(request, person, subject, format, since=address.created_at)


def _answer(
    request: HttpRequest, person: Person, subject: Subject, format: str, *, since: datetime
) -> HttpResponse:
    organization: Organization = person.organization
    feed = queries.feed_for(person, subject)
    text, media_type, changed_at = document(
        feed, organization=organization, format=format, address=request.build_absolute_uri(), since=since
    )
    response = HttpResponse(text, content_type=media_type)
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    response["ETag"], response["Last-Modified"] = etag, http_date(changed_at.timestamp())
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    answer = get_conditional_response(
        request, etag=etag, last_modified=int(changed_at.timestamp()), response=response
    )
    return answer or response


def by_session(request: HttpRequest, format: str) -> HttpResponse:
    """Answer with a feed to somebody signed in: what pages name for browsers that look for feeds."""
    viewer = viewer_of(request)
    if format not in FORMATS:
        raise NotFound
    subject = _subject(request.GET, viewer)
    return _answer(request, viewer, subject, format, since=viewer.organization.created_at)


@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """Say what a feed is, and make a private address for one: it is shown once."""
    viewer = viewer_of(request)
    subject = _subject(request.POST if request.method == "POST" else request.GET, viewer)
    context: dict[str, Any] = {"name": queries.name_of(viewer, subject), "subject": subject, "addresses": []}
    if request.method == "POST":
        _address, secret = actions.make_address(person=viewer, subject=subject)
        context["addresses"] = [
            (format, address_for(viewer.organization, secret, format)) for format in FORMATS
        ]
    return render(request, "syndication/make.html", context)


def address_for(organization: Organization, secret: str, format: str) -> str:
    """Return the whole address of a feed."""
    path = reverse("syndication:feed", args=[secret, format])
    prefix = f"/o/{organization.slug}"
    return urljoin(settings.BASE_URL, path if path.startswith(prefix + "/") else prefix + path)


def revoke(request: HttpRequest, id: UUID) -> HttpResponse:
    """Close one of one's addresses."""
    viewer = viewer_of(request)
    address = queries.addresses_of(viewer).filter(pk=id).first()
    if address is None:
        raise NotFound
    actions.revoke_address(person=viewer, address=address)
    messages.success(request, _("The feed's address no longer opens anything."))
    return redirect("tokens")


def _subject(asked: Any, viewer: Person) -> Subject:
    if typed := asked.get("topic"):
        name = hashtag_name(typed)
        if name is None:
            raise NotFound
        return Subject(topic=hashtag_key(name))
    if not asked.get("space"):
        return Subject()
    try:
        return queries.readable_subject(viewer, space_id=UUID(asked["space"]))
    except ValueError:
        raise NotFound from None
