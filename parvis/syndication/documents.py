"""A feed as Atom or RSS: whole texts, absolute addresses, the same bytes for the same content."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from parvis.content.faces import permalink
from parvis.content.models import Entry
from parvis.foundation.addresses import reverse
from parvis.foundation.richtext import excerpt, without_pictures
from parvis.people.models import Organization
from parvis.syndication.queries import Feed

TITLE_LENGTH = 90
# What our own sanitiser writes: quoted, and either absolute or from the root.
OWN_ADDRESS = re.compile(r'(<(?:a|img)\b[^>]*?\b(?:href|src)=")(/[^"]*|#[^"]*)(")')
# XML 1.0 knows no other control characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Atom(Atom1Feed):
    """Atom with whole texts, dated by what it holds."""

    def latest_post_date(self) -> datetime:
        """Return the date of the newest change, or of the feed's subject while it holds nothing."""
        return latest_of(self)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write the text as content; a summary would be cut short by readers."""
        text = item.pop("description")
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", text, {"type": "html"})


class Rss(Rss201rev2Feed):
    """RSS 2.0, dated by what it holds."""

    def latest_post_date(self) -> datetime:
        """Return the date of the newest change, or of the feed's subject while it holds nothing."""
        return latest_of(self)


FORMATS: dict[str, type[SyndicationFeed]] = {"atom": Atom, "rss": Rss}
MEDIA_TYPES = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}


def latest_of(feed: SyndicationFeed) -> datetime:
    """Return when a feed last changed."""
    dates = [item["updateddate"] for item in feed.items]
    latest: datetime = max(dates, default=feed.feed["since"])
    return latest


def document(
    feed: Feed, *, organization: Organization, format: str, address: str, since: datetime
) -> tuple[str, str, datetime]:
    """Return a feed's text, media type and date. `since` dates a feed that holds nothing yet."""
    built = FORMATS[format](
        title=_printable(f"{feed.name} · {organization.name}"),
        link=_absolute(organization, _page_of(feed)),
        description=_("What is written there, as far as you may read it."),
        language=get_language(),
        feed_url=address,
        since=since,
    )
    for entry in feed.entries:
        _add(built, organization, entry)
    text: str = built.writeString("utf-8")
    return text, MEDIA_TYPES[format], latest_of(built)


def _add(built: SyndicationFeed, organization: Organization, entry: Entry) -> None:
    address = _absolute(organization, permalink(entry))
    built.add_item(
        title=_printable(entry.title or excerpt(entry.body_text, TITLE_LENGTH) or _("A post")),
        link=address,
        description=_printable(_with_absolute_links(without_pictures(entry.body_html), address)),
        author_name=_printable(entry.author.full_name),
        pubdate=entry.published_at,
        updateddate=entry.edited_at or entry.published_at,
        unique_id=f"urn:uuid:{entry.id}",
        unique_id_is_permalink=False,
        categories=(_printable(entry.space.name),),
    )


def _page_of(feed: Feed) -> str:
    if feed.subject.space is not None:
        return reverse("spaces:show", args=[feed.subject.space.pk])
    return f"/topics/{feed.subject.topic}" if feed.subject.topic else "/news"


def _absolute(organization: Organization, path: str) -> str:
    """Return the address of a path, by the prefix that is right under every host name."""
    prefix = f"/o/{organization.slug}"
    return urljoin(settings.BASE_URL, path if path.startswith(prefix + "/") else prefix + path)


def _with_absolute_links(html: str, address: str) -> str:
    return OWN_ADDRESS.sub(lambda found: found[1] + urljoin(address, found[2]) + found[3], html)


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)
