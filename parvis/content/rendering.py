"""From what somebody typed to what the row stores: HTML, text, and the people mentioned who can read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.emoji.queries import emoji_called
from parvis.foundation.errors import Invalid
from parvis.foundation.richtext import (
    RENDER_VERSION,
    EmojiTarget,
    Mention,
    MentionTarget,
    clean_text,
    hashtag_key,
    mentions_in,
    render,
    unknown_codes,
)
from parvis.people.models import Organization, Person
from parvis.spaces.models import Space
from parvis.spaces.queries import readers_of

BODY_LIMIT = 100_000
TITLE_LIMIT = 200
BREAKABLE_CHARACTERS = " \t\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029"
BREAKABLE = re.compile(f"[{BREAKABLE_CHARACTERS}]+")


@dataclass(frozen=True)
class Text:
    """A body in all the forms that an entry stores."""

    title: str
    body: str
    html: str
    text: str
    mentioned: list[Person]
    hashtags: tuple[str, ...] = ()
    has_links: bool = False
    render_version: int = RENDER_VERSION

    @property
    def may_cite(self) -> bool:
        """Tell whether a link may lead to an entry."""
        return "/entries/" in self.html


def render_text(*, organization: Organization, space: Space, title: str, body: str) -> Text:
    """Render a body; only people who can read the space are mentioned. `Invalid` for what cannot be stored."""
    return render_for(lambda: readers_of(space), organization=organization, title=title, body=body)


def render_for(
    readers: Callable[[], QuerySet[Person]], *, organization: Organization, title: str, body: str
) -> Text:
    """Render a body for whoever reads it: they alone are mentioned, and they are asked for only if somebody is."""
    title, body = clean_text(one_line(title), "title"), clean_text(body, "body").strip()
    _check_lengths(title, body)
    people = _mentionable(readers, mentions_in(body))
    pictures = emoji_pictures(organization.slug, unknown_codes(body))
    rendered = render(
        body,
        resolve_mention=lambda mention: _target(organization, people.get(str(mention.id))),
        resolve_link=lambda href: _within(organization, href) if href.startswith("/files/") else href,
        resolve_hashtag=lambda name: topic_address(organization.slug, name),
        resolve_emoji=pictures.get,
        own_hosts={urlsplit(settings.BASE_URL).netloc},
    )
    mentioned = [people[str(mention.id)] for mention in rendered.mentions if str(mention.id) in people]
    return Text(
        title=title,
        body=body,
        html=rendered.html,
        text=rendered.text,
        mentioned=mentioned,
        hashtags=tuple(rendered.hashtags_as_written),
        has_links=bool(rendered.links),
    )


def one_line(title: str) -> str:
    """Return a title without line breaks and double spaces; no-break spaces, which French needs, stay as typed."""
    return BREAKABLE.sub(" ", title).strip(BREAKABLE_CHARACTERS)


def topic_address(slug: str, name: str) -> str:
    """Return where a topic is read: that room stands above this one, its address is all that is known of it here."""
    return f"/o/{slug}/topics/{quote(hashtag_key(name))}"


def _check_lengths(title: str, body: str) -> None:
    if len(title) > TITLE_LIMIT:
        raise Invalid(
            {"title": [_("The title is longer than %(limit)s characters.") % {"limit": TITLE_LIMIT}]}
        )
    if len(body) > BODY_LIMIT:
        raise Invalid({"body": [_("The text is longer than %(limit)s characters.") % {"limit": BODY_LIMIT}]})


def _mentionable(readers: Callable[[], QuerySet[Person]], mentions: list[Mention]) -> dict[str, Person]:
    ids = [mention.id for mention in mentions if mention.kind == "person"]
    if not ids:
        return {}
    return {str(person.id): person for person in readers().filter(id__in=ids)}


def emoji_pictures(slug: str, codes: set[str]) -> dict[str, EmojiTarget]:
    """Return where the organization's own emoji of these names are, by paths that are right under every host name."""
    of = f"/o/{slug}/emoji/{{id}}/{{which}}".format
    return {
        code: EmojiTarget(
            of(id=emoji.id, which="picture"), of(id=emoji.id, which="still") if emoji.still_id else ""
        )
        for code, emoji in emoji_called(codes).items()
        if emoji.is_offered
    }


def _target(organization: Organization, person: Person | None) -> MentionTarget | None:
    """Point at the profile by the prefixed path, which is right under every host name."""
    if person is None:
        return None
    return MentionTarget(href=_within(organization, f"/people/{person.id}"), name=person.full_name)


def _within(organization: Organization, path: str) -> str:
    return f"/o/{organization.slug}{path}"
