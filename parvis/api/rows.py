"""From rows to what the API answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings

from parvis.articles import parts as articles
from parvis.articles.actions import kept_manuscript
from parvis.content.models import Attachment, Entry
from parvis.content.queries import EntryCard, ReactionCount, cards_for
from parvis.emoji.models import CustomEmoji
from parvis.foundation.addresses import pattern, reverse, url_or_none
from parvis.foundation.models import StoredFile
from parvis.notifications.queries import InboxLine
from parvis.notifications.reasons import find_reason
from parvis.people.models import Person
from parvis.polls.queries import asked_in
from parvis.previews import parts as previews
from parvis.search.sources import Source
from parvis.spaces.models import Membership, Space
from parvis.spaces.policy import role_in
from parvis.worktime.queries import urgent_reasons


def absolute(path: str) -> str:
    """Return the full address of a path of ours."""
    return _beginning(settings.BASE_URL) + path if path.startswith("/") else urljoin(settings.BASE_URL, path)


@cache
def _beginning(base_url: str) -> str:
    return urljoin(base_url, "/").removesuffix("/")


def person_row(person: Person) -> dict[str, Any]:
    """Return somebody as a byline shows them."""
    return _person_row(person, absolute(url_or_none("people:profile", person.id) or ""))


def _person_row(person: Person, url: str) -> dict[str, Any]:
    return {
        "id": person.id,
        "full_name": person.full_name,
        "job_title": person.job_title,
        "is_guest": person.is_guest,
        "url": url,
    }


def profile_row(person: Person) -> dict[str, Any]:
    """Return somebody as the directory shows them."""
    return {
        **person_row(person),
        "location": person.location,
        "unit": person.unit.name if person.unit is not None else "",
        "skills": person.skills,
        "state": person.state,
    }


def space_row(viewer: Person, space: Space) -> dict[str, Any]:
    """Return a space."""
    names = ("id", "name", "kind", "privacy", "posting", "state", "description", "objective", "problem")
    more = ("measure", "sponsor_id", "ends_on", "member_count", "is_everyone", "created_at")
    return {
        **{name: getattr(space, name) for name in (*names, *more)},
        "role": role_in(viewer, space.id),
        "url": absolute(reverse("spaces:show", args=[space.id])),
    }


def member_row(membership: Membership) -> dict[str, Any]:
    """Return a member of a space."""
    return {
        "person": person_row(membership.person),
        "role": membership.role,
        "joined_at": membership.joined_at,
    }


def file_row(file: StoredFile, name: str = "") -> dict[str, Any]:
    """Return a stored file."""
    return {
        "id": file.id,
        "name": name or file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "width": file.width,
        "height": file.height,
        "duration_ms": file.duration_ms,
        "url": absolute(reverse("content:file", args=[file.id])),
    }


def entry_rows(viewer: Person, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return entries with their files, reactions and the viewer's marks: a fixed number of queries."""
    thread, profile = (absolute(pattern(name)) for name in ("content:thread", "people:profile"))
    return [_entry_row(card, thread, profile) for card in cards_for(viewer, entries)]


def entry_row(viewer: Person, entry: Entry) -> dict[str, Any]:
    """Return one entry."""
    return entry_rows(viewer, [entry])[0]


ENTRY_COLUMNS = (
    *("id", "kind", "thread_id", "reply_to_id", "state", "title", "body", "body_html", "version"),
    *("reply_count", "reaction_count", "published_at", "edited_at", "activity_at", "pinned_at"),
)


def _entry_row(card: EntryCard, thread: str, profile: str) -> dict[str, Any]:
    """Return one entry; `thread` and `profile` are patterns of addresses, the same for a whole page."""
    entry, columns = card.entry, card.entry.__dict__
    space, author = entry.space, entry.author
    url = thread.format(entry.root_id)
    return {
        **{name: columns[name] for name in ENTRY_COLUMNS},
        "space": {"id": space.id, "name": space.name, "kind": space.kind},
        "author": _person_row(author, profile.format(author.id)),
        "reactions": [_reaction_row(item) for item in card.reactions],
        "attachments": [_attachment_row(attachment) for attachment in card.attachments],
        "is_bookmarked": card.is_bookmarked,
        "article": _article_row(card) if "article" in card.parts else None,
        "preview": _preview_row(card) if "preview" in card.parts else None,
        "has_poll": "poll" in card.parts,
        "url": url if entry.is_root else f"{url}#entry-{entry.id}",
    }


def _reaction_row(item: ReactionCount) -> dict[str, Any]:
    return {
        "emoji": item.emoji,
        "count": item.count,
        "is_mine": item.is_mine,
        "picture_url": absolute(item.custom.picture_url) if item.custom is not None else None,
    }


def emoji_row(emoji: CustomEmoji) -> dict[str, Any]:
    """Return one of the organization's own emoji."""
    return {
        "id": emoji.id,
        "name": emoji.name,
        "picture_url": absolute(emoji.picture_url),
        "still_url": absolute(emoji.still_url) if emoji.still_url else None,
        "added_at": emoji.added_at,
    }


def _preview_row(card: EntryCard) -> dict[str, Any]:
    face = previews.face(card.entry.author, card.entry, card.parts["preview"])
    return {
        "url": absolute(face.url),
        "title": face.title,
        "text": face.text,
        "source": face.source,
        "image_url": absolute(face.image_url) if face.image_url else None,
        "is_own": face.is_own,
    }


def _article_row(card: EntryCard) -> dict[str, Any]:
    face = articles.face(card.entry.author, card.entry, card.parts["article"])
    return {
        "standfirst": face.standfirst,
        "tags": [tag["name"] for tag in face.tags],
        "coauthors": face.coauthors,
        "cover_url": absolute(face.cover_url) if face.cover_url else "",
        "cover_alternative": face.cover_alternative,
        "reading_minutes": face.reading_minutes,
    }


def _attachment_row(attachment: Attachment) -> dict[str, Any]:
    return {
        **file_row(attachment.file, attachment.name),
        "alternative_text": attachment.alternative_text,
        "is_decorative": attachment.is_decorative,
        "poster_url": _file_url(attachment.poster_id),
        "captions_url": _file_url(attachment.captions_id),
    }


def _file_url(id: UUID | None) -> str | None:
    return absolute(reverse("content:file", args=[id])) if id is not None else None


# Where somebody goes on with what waits.
DRAFT_PAGES = {"post": "drafts:scheduled", "article": "articles:show"}


def draft_row(entry: Entry) -> dict[str, Any]:
    """Return a text of one's own that waits."""
    names = ("id", "kind", "state", "title", "body", "body_html", "version", "publish_at", "created_at")
    poll = asked_in(entry)
    files = entry.attachments.select_related("file").order_by("position")
    return {
        **{name: getattr(entry, name) for name in names},
        "space": {"id": entry.space.id, "name": entry.space.name, "kind": entry.space.kind},
        "attachments": [_attachment_row(attachment) for attachment in files],
        "poll": asdict(poll) if poll is not None else None,
        "article": _article_as_written(entry) if entry.kind == "article" else None,
        "urgent_reason": urgent_reasons([], [entry.id]).get(entry.id, ""),
        "url": absolute(reverse(DRAFT_PAGES[entry.kind], args=[entry.id])),
    }


def _article_as_written(entry: Entry) -> dict[str, Any]:
    """Return what an article has beside its text, as one would send it."""
    kept = kept_manuscript(entry)
    return {
        "standfirst": kept.standfirst,
        "tags": list(kept.tags),
        "cover": kept.cover.file_id if kept.cover else None,
        "cover_alternative": kept.cover.alternative_text if kept.cover else "",
        "coauthors": [person.id for person in kept.coauthors],
    }


def named_row(source: Source, thing: Any) -> dict[str, Any]:
    """Return something with a name that a search found."""
    shown = source.show(thing)
    row = {"kind": source.kind, "id": shown.id, "title": shown.title, "text": shown.text}
    return {**row, "url": absolute(shown.url)}


def notification_row(line: InboxLine) -> dict[str, Any]:
    """Return a line of the inbox."""
    row = line.notification
    names = ("id", "reason", "subject", "entry_id", "space_id", "unread_count", "happened_at", "read_at")
    return {
        **{name: getattr(row, name) for name in (*names, "is_urgent")},
        "urgent_reason": line.urgent_reason,
        "snoozed_until": row.snoozed_until if row.is_snoozed else None,
        "why": find_reason(row.reason).why_of(row),
        "count": line.count,
        "actors": [person_row(person) for person in line.actors],
    }
