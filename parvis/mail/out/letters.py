"""A letter about what waits for somebody: what templates/mail/waiting.html and .txt print, in text and in HTML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from markupsafe import Markup

from parvis.people.addresses import root_of, within
from parvis.people.models import Organization, Person


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, as plain text."""

    author: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the inbox."""

    url: str
    actor: Any
    sentence: Markup
    place: str
    at: str
    why: str
    quotes: list[Quote] = field(default_factory=list)
    # How many came before those that are quoted, in words.
    earlier: str = ""
    is_urgent: bool = False
    # Why it did not wait, in its author's words.
    urgent_reason: str = ""

    @property
    def plain_sentence(self) -> str:
        """The sentence without markup."""
        return self.sentence.striptags()

    @property
    def is_said_by_actor(self) -> bool:
        """Tell whether the sentence names who is quoted already."""
        return all(quote.author == self.actor.full_name for quote in self.quotes)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A conversation that is new in one's spaces."""

    url: str
    author: Person
    title: str
    text: str
    place: str
    at: str
    activity: str = ""


@dataclass(kw_only=True)
class Letter:
    """All that a letter says."""

    subject: str
    button: str
    button_url: str
    why: str
    heading: str = ""
    preheader: str = ""
    # Above everything where an answer is taken in: what is below it in an answer is quoted.
    reply_line: str = ""
    items_heading: str = ""
    items: list[Item] = field(default_factory=list)
    more_items: str = ""
    posts_heading: str = ""
    posts: list[Post] = field(default_factory=list)
    more_posts: str = ""
    hint: str = ""
    # How one stops it: labels and addresses.
    stops: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def as_read_by(person: Person) -> Iterator[None]:
    """Write in somebody's language and time zone, with addresses of their organization."""
    organization = person.organization
    zone = person.time_zone or organization.time_zone
    with translation.override(language_of(person)), timezone.override(zone), within(organization):
        yield


def language_of(person: Person) -> str:
    """Return the language in which somebody is written to."""
    return person.language or str(person.organization.default_language)


def text_of(letter: Letter) -> str:
    """Return the letter as plain text."""
    return render_to_string("mail/waiting.txt", {"letter": letter}).strip() + "\n"


def html_of(letter: Letter, organization: Organization) -> str:
    """Return the letter as a page of HTML."""
    context = {"letter": letter, "organization_name": organization.name, "base_url": settings.BASE_URL}
    return render_to_string("mail/waiting.html", context)


def whole(organization: Organization, path: str) -> str:
    """Return the whole address of a path that was resolved within the organization."""
    return root_of(organization) + path
