"""The private addresses of Atom and RSS feeds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.schemas.feeds import FeedIn, FeedList, FeedOut
from parvis.foundation.errors import Invalid, NotFound
from parvis.foundation.richtext import hashtag_key, hashtag_name
from parvis.people.models import Person
from parvis.syndication import actions
from parvis.syndication.models import FeedAddress
from parvis.syndication.queries import Subject, addresses_of, readable_subject
from parvis.syndication.views import address_for

router = Router(tags=["feeds"])


@router.get("/feeds", response={200: FeedList, **PROBLEMS}, summary="My feeds")
def feeds(request: HttpRequest) -> Any:
    """The feeds that I have an address of."""
    return {"items": [_row(address) for address in addresses_of(viewer_of(request))]}


@router.post("/feeds", response={201: FeedOut, **PROBLEMS}, summary="Make the address of a feed")
def make(request: HttpRequest, payload: FeedIn) -> Any:
    """Make a private address; it is told once, and reads with my rights of the moment."""
    viewer = viewer_of(request)
    address, secret = actions.make_address(person=viewer, subject=_subject(viewer, payload))
    urls = {f"{format}_url": address_for(viewer.organization, secret, format) for format in ("atom", "rss")}
    return Status(201, {**_row(address), **urls})


@router.delete("/feeds/{uuid:feed_id}", response=DONE, summary="Revoke the address of a feed")
def revoke(request: HttpRequest, feed_id: UUID) -> Any:
    """Close an address of mine for good."""
    viewer = viewer_of(request)
    address = addresses_of(viewer).filter(pk=feed_id).first()
    if address is None:
        raise NotFound
    actions.revoke_address(person=viewer, address=address)
    return Status(204, None)


def _subject(viewer: Person, payload: FeedIn) -> Subject:
    if payload.space is not None and payload.topic:
        raise Invalid({"topic": [_("Name a space or a topic, not both.")]})
    if not payload.topic:
        return readable_subject(viewer, space_id=payload.space)
    name = hashtag_name(payload.topic)
    if name is None:
        raise NotFound
    return Subject(topic=hashtag_key(name))


def _row(address: FeedAddress) -> dict[str, Any]:
    return {name: getattr(address, name) for name in ("id", "name", "created_at", "last_used_on")}
