"""Attach, look up, remove."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.content.actions import hide_part, show_part
from parvis.content.links import own_entry_id
from parvis.content.models import Entry
from parvis.foundation import outgoing, throttle
from parvis.foundation.errors import Forbidden, Throttled
from parvis.foundation.files import store
from parvis.foundation.files.recoding import recoded
from parvis.foundation.jobs import enqueue, long_job
from parvis.foundation.outgoing import Limits, OutgoingError
from parvis.foundation.prepared import insert_new, prepared
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Organization, Person
from parvis.previews.links import is_own_host, shown_link
from parvis.previews.models import LinkedPage, Preview
from parvis.previews.policy import can
from parvis.previews.queries import fingerprint
from parvis.previews.reading import READ_BYTES, Described, decoded, described

PART = "preview"
FRESH = timedelta(days=7)
# One person's texts make the server ask others no more often than this.
LOOK_UP = throttle.Rate(60, 600)
PAGE_LIMITS = Limits(seconds=8, size_bytes=READ_BYTES, whole=False)
IMAGE_LIMITS = Limits(seconds=8, size_bytes=5 * 1024 * 1024)
IMAGE_BOX = 640
ACCEPTED = {"text/html", "application/xhtml+xml"}


def attach_preview(entry: Entry) -> None:
    """Let an entry show what its first link leads to now; look it up after the commit where that is needed."""
    organization = entry.author.organization
    link = shown_link(entry.body) if organization.shows_link_previews else ""
    current = _shown_by.first(entry.id)
    target = _target(link, organization, entry)
    outside = link if target is None and link and not is_own_host(link, organization) else ""
    if current and _is_of(current, outside, target):
        _ask_where_waiting(current, entry)
        return
    if current:
        current.delete()
        hide_part(entry=entry, part=PART)
    if target is not None:
        insert_new(Preview(entry=entry, target=target))
        show_part(entry=entry, part=PART)
    elif outside:
        _show_page(entry, outside)


@prepared
def _shown_by(entry_id: UUID) -> QuerySet[Preview]:
    return Preview.objects.filter(entry_id=entry_id).select_related("page")


@prepared
def _known_page(url_hash: str) -> QuerySet[LinkedPage]:
    return LinkedPage.objects.filter(url_hash=url_hash)


def _is_of(preview: Preview, outside: str, target: Entry | None) -> bool:
    if preview.page is not None:
        return preview.page.url == outside
    return target is not None and preview.target_id == target.id


def _ask_where_waiting(preview: Preview, entry: Entry) -> None:
    """Ask again where an earlier try never came to its end."""
    if preview.page is not None and preview.page.state == LinkedPage.State.WAITING:
        _look_up_later(preview.page, entry)


def _look_up_later(page: LinkedPage, entry: Entry) -> None:
    enqueue(look_up, page_id=page.id, asked_by_id=entry.author_id)


def _target(link: str, organization: Organization, entry: Entry) -> Entry | None:
    """Return the entry that the link names, whoever may read it: that is decided when the card is read."""
    named = own_entry_id(link, organization) if link else None
    if named is None or named == entry.id:
        return None
    found: Entry | None = Entry.objects.filter(pk=named).first()
    return found


def _show_page(entry: Entry, url: str) -> None:
    page, is_due = _page_at(url)
    insert_new(Preview(entry=entry, page=page))
    if is_due:
        _look_up_later(page, entry)
    if page.state == LinkedPage.State.READY:
        show_part(entry=entry, part=PART)


def _page_at(url: str) -> tuple[LinkedPage, bool]:
    """Return what is known of an address, and whether it should be asked."""
    found = _known_page(fingerprint(url))
    page, is_new = (
        (found[0], False)
        if found
        else LinkedPage.objects.get_or_create(url_hash=fingerprint(url), defaults={"url": url})
    )
    is_old = page.asked_at < timezone.now() - FRESH
    return page, is_new or is_old or page.state == LinkedPage.State.WAITING


def ask_page(*, organization_id: UUID, url: str, asked_by_id: UUID) -> LinkedPage | None:
    """Return what a page says of itself, asked now where that is due; None where it says nothing to show.

    Called outside a transaction: it waits for somebody else's server.
    """
    with organization_scope(organization_id):
        page, is_due = _page_at(url)
    if is_due:
        look_up(str(organization_id), str(page.id), str(asked_by_id))
    with organization_scope(organization_id):
        ready = LinkedPage.objects.filter(pk=page.id, state=LinkedPage.State.READY)
        found: LinkedPage | None = ready.select_related("image").first()
    return found


@long_job
def look_up(organization_id: str, page_id: str, asked_by_id: str) -> None:
    """Ask a page and keep what it says. No transaction is open meanwhile: it waits for somebody else's server."""
    organization, page_key = UUID(organization_id), UUID(page_id)
    with organization_scope(organization):
        page = LinkedPage.objects.filter(pk=page_key).first()
    if page is None:
        return
    try:
        throttle.check("previews", organization, UUID(asked_by_id), rate=LOOK_UP)
        found, picture = _asked(page.url)
    except (OutgoingError, Throttled):
        found, picture = Described(), None
    with organization_scope(organization):
        _keep(page_key, found, picture)


def _asked(url: str) -> tuple[Described, bytes | None]:
    answer = outgoing.fetch(url, limits=PAGE_LIMITS, headers={"Accept": "text/html"})
    if answer.status != 200 or answer.media_type not in ACCEPTED:
        return Described(), None
    found = described(decoded(answer.body, answer.headers.get("content-type", "")), answer.url)
    return found, _picture(found.image_url) if found.title and found.image_url else None


def _picture(url: str) -> bytes | None:
    """Return the picture made anew; a page without one is still worth showing."""
    try:
        answer = outgoing.fetch(url, limits=IMAGE_LIMITS, headers={"Accept": "image/*"})
    except OutgoingError:
        return None
    return recoded(answer.body, box=IMAGE_BOX) if answer.status == 200 else None


def _keep(page_id: UUID, found: Described, picture: bytes | None) -> None:
    page = LinkedPage.objects.select_for_update().filter(pk=page_id).first()
    if page is None:
        return
    page.state = LinkedPage.State.READY if found.title else LinkedPage.State.EMPTY
    page.title, page.description, page.site_name = found.title, found.description, found.site_name
    page.image = store(io.BytesIO(picture), name="preview.webp") if picture else None
    page.asked_at = timezone.now()
    page.save()
    for preview in page.previews.filter(is_removed=False).select_related("entry"):
        (show_part if found.title else hide_part)(entry=preview.entry, part=PART)


def remove_preview(*, actor: Person, entry: Entry) -> None:
    """Take the preview away for good, as the author: the link stays in the text."""
    if not can(actor, "remove", entry):
        raise Forbidden
    with transaction.atomic():
        Preview.objects.filter(entry=entry).update(is_removed=True)
        hide_part(entry=entry, part=PART, actor_id=actor.id)
