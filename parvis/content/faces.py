"""What pages show of an entry: plain values and addresses, ready for the components of the design system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup

from parvis.content.attachments import attachment_faces
from parvis.content.kinds import find_kind
from parvis.content.models import Entry
from parvis.content.parts import PartFace, faces
from parvis.content.policy import can
from parvis.content.queries import EntryCard, ReactionCount
from parvis.emoji.models import CustomEmoji
from parvis.foundation.addresses import reverse, url_or_none
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person
from parvis.spaces.models import Space

# The longest line of the newest comment under a card.
LATEST_REPLY_LENGTH = 160


@dataclass(frozen=True)
class PersonFace:
    """Somebody as a byline shows them."""

    id: UUID
    full_name: str
    url: str | None
    picture_url: str
    job_title: str = ""
    is_guest: bool = False


@dataclass(frozen=True)
class SpaceFace:
    """A space as a byline shows it."""

    id: UUID
    name: str
    kind: str
    privacy: str
    url: str | None


@dataclass(frozen=True)
class ReactionFace:
    """One emoji, how often, by whom."""

    emoji: str
    count: int
    mine: bool
    names: str = ""
    # Of the organization's own: where its picture is, and what stands for it where motion is not wanted.
    picture_url: str = ""
    still_url: str = ""


@dataclass(frozen=True)
class ReplyLine:
    """The newest comment, in one line under a card."""

    author: PersonFace
    text: str
    published_at: datetime
    url: str


@dataclass(frozen=True)
class EntryFace:
    """An entry as components/entry.html and components/comment.html show it."""

    id: UUID
    url: str
    author: PersonFace
    space: SpaceFace
    published_at: datetime
    edited_at: datetime | None
    pinned_at: datetime | None
    is_deleted: bool
    title: str
    body_html: Markup
    version: int
    reply_count: int
    in_reply_to: PersonFace | None = None
    images: list[dict[str, Any]] = field(default_factory=list)
    films: list[dict[str, Any]] = field(default_factory=list)
    sounds: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[ReactionFace] = field(default_factory=list)
    latest_reply: ReplyLine | None = None
    parts: list[PartFace] = field(default_factory=list)
    kind_label: str = ""
    is_unread: bool = False


@dataclass(frozen=True)
class Shown:
    """An entry's face and what the viewer may do with it; for comments also what hangs below."""

    entry: EntryFace
    can: dict[str, Any]
    replies: list[Shown] = field(default_factory=list)


def show(viewer: Person, card: EntryCard, *, place: str = "feed", reply_to: Entry | None = None) -> Shown:
    """Return a card ready for its template; `place` is "feed" or "thread"."""
    return Shown(entry=face_of(viewer, card, reply_to=reply_to), can=permissions(viewer, card, place=place))


def show_all(viewer: Person, cards: Sequence[EntryCard], *, place: str = "feed") -> list[Shown]:
    """Return the cards of a stream."""
    return [show(viewer, card, place=place) for card in cards]


def face_of(viewer: Person, card: EntryCard, *, reply_to: Entry | None = None) -> EntryFace:
    """Return what a card shows the viewer."""
    entry = card.entry
    return EntryFace(
        id=entry.id,
        url=permalink(entry),
        author=person_face(entry.author),
        space=space_face(entry.space),
        published_at=entry.published_at,
        edited_at=entry.edited_at,
        pinned_at=entry.pinned_at,
        is_deleted=entry.is_deleted,
        title=entry.title,
        # Sanitised when it was written (content.rendering).
        body_html=Markup(entry.body_html),  # noqa: S704
        version=entry.version,
        reply_count=entry.reply_count,
        in_reply_to=person_face(reply_to.author) if reply_to is not None else None,
        **cast("dict[str, Any]", attachment_faces(card.attachments)),
        reactions=reaction_faces(card.reactions),
        latest_reply=_reply_line(card.latest_reply),
        parts=faces(viewer, entry, card.parts),
        kind_label=_label_of(entry),
    )


def _label_of(entry: Entry) -> str:
    kind = find_kind(entry.kind)
    return str(kind.label) if kind is not None and kind.is_labelled else ""


def permalink(entry: Entry) -> str:
    """Return the address of an entry: its thread, at its place."""
    thread = reverse("content:thread", args=[entry.root_id])
    return thread if entry.is_root else f"{thread}#entry-{entry.id}"


def person_face(person: Person) -> PersonFace:
    """Return somebody's name, picture and address."""
    return PersonFace(
        id=person.id,
        full_name=person.full_name,
        url=url_or_none("people:profile", person.id),
        picture_url=getattr(person, "picture_url", ""),
        job_title=person.job_title,
        is_guest=person.is_guest,
    )


def space_face(space: Space) -> SpaceFace:
    """Return a space's name, sign and address."""
    return SpaceFace(
        id=space.id,
        name=space.name,
        kind=space.kind,
        privacy=space.privacy,
        url=url_or_none("spaces:show", space.id),
    )


def reaction_faces(reactions: Sequence[ReactionCount]) -> list[ReactionFace]:
    """Return the reactions, with the names that a tooltip shows."""
    return [_reaction_face(item) for item in reactions]


def _reaction_face(item: ReactionCount) -> ReactionFace:
    face = emoji_face(item.emoji, item.custom)
    return replace(face, count=item.count, mine=item.is_mine, names=_names(item))


def emoji_face(emoji: str, custom: CustomEmoji | None) -> ReactionFace:
    """Return what an emoji looks like."""
    picture, still = (custom.picture_url, custom.still_url) if custom is not None else ("", "")
    return ReactionFace(emoji, 0, mine=False, picture_url=picture, still_url=still)


def _names(reaction: ReactionCount) -> str:
    names, others = ", ".join(reaction.names), reaction.count - len(reaction.names)
    if not names or others <= 0:
        return names
    return _("%(names)s and %(count)s more") % {"names": names, "count": others}


def _reply_line(reply: Entry | None) -> ReplyLine | None:
    if reply is None:
        return None
    text = excerpt(reply.body_text, LATEST_REPLY_LENGTH) or _("An attachment")
    return ReplyLine(person_face(reply.author), text, reply.published_at, permalink(reply))


def permissions(viewer: Person, card: EntryCard, *, place: str = "feed") -> dict[str, Any]:
    """Return the addresses of what the viewer may do, as the components expect them."""
    entry = card.entry
    if entry.is_deleted:
        return {"menu": [_restore_item(entry)] if can(viewer, "restore", entry) else []}
    if entry.is_unpublished:
        return {"menu": []}
    thread = reverse("content:thread", args=[entry.root_id])
    reply_url = f"{thread}#reply" if entry.is_root else reverse("content:replies", args=[entry.id])
    return {
        "react_url": reverse("content:reactions", args=[entry.id]) if can(viewer, "react", entry) else None,
        "reply_url": reply_url if can(viewer, "reply", entry) else None,
        "bookmark_url": reverse("content:bookmark", args=[entry.id]),
        "is_bookmarked": card.is_bookmarked,
        "menu": _menu(viewer, card, place),
        "attrs": _listening(entry, place),
    }


def _listening(entry: Entry, place: str) -> dict[str, Any]:
    """Return what a root's card listens to: whatever happens to it or in its thread. Comments refresh as one."""
    if not entry.is_root:
        return {}
    return {
        "data-live-id": str(entry.id),
        "data-live-refresh": "content.*",
        "data-live-url": f"{reverse('content:card', args=[entry.id])}?place={place}",
    }


def _menu(viewer: Person, card: EntryCard, place: str) -> list[dict[str, Any] | str]:
    entry = card.entry
    added = [item for more in _more_items for item in more(viewer, entry)]
    groups = [
        [*_reading_items(card), *added],
        _marking_items(viewer, card, place),
        _writing_items(viewer, entry, place),
    ]
    items: list[dict[str, Any] | str] = []
    for group in filter(None, groups):
        items += ["-", *group] if items else group
    return items


MenuItems = Callable[[Person, Entry], list[dict[str, Any]]]
_more_items: list[MenuItems] = []


def add_menu_items(more: MenuItems) -> MenuItems:
    """Let a feature lead somewhere from the menu of an entry that stands.

    Of the viewer the items may follow from the role in the space, from what decides rights, and from whether the
    entry is theirs: cards are kept for all who are alike in these (content.showing).
    """
    _more_items.append(more)
    return more


def _reading_items(card: EntryCard) -> list[dict[str, Any]]:
    entry = card.entry
    items: list[dict[str, Any]] = [
        {"label": _("Copy the link"), "symbol": "link", "attrs": {"data-copy": permalink(entry)}}
    ]
    if card.reactions:
        items.append(
            {
                "label": _("Who reacted"),
                "symbol": "smile",
                "url": reverse("content:reactions", args=[entry.id]),
            }
        )
    if entry.edited_at is not None:
        items.append(
            {
                "label": _("What it said before"),
                "symbol": "history",
                "url": reverse("content:history", args=[entry.id]),
            }
        )
    return items


def _marking_items(viewer: Person, card: EntryCard, place: str) -> list[dict[str, Any]]:
    entry, items = card.entry, []
    if entry.is_root:
        level = ("DELETE", _("Mute this conversation"), "bell-off")
        if not card.is_followed:
            level = ("POST", _("Follow this conversation"), "bell")
        items.append(_mark(entry, "content:follow", *level, place=place))
    if not entry.is_root:
        verb, label = ("DELETE", _("Remove the bookmark")) if card.is_bookmarked else ("POST", _("Bookmark"))
        items.append(_mark(entry, "content:bookmark", verb, label, "bookmark", place=place))
    if can(viewer, "pin", entry):
        verb, label = (
            ("DELETE", _("Unpin")) if entry.pinned_at else ("POST", _("Pin to the top of the space"))
        )
        items.append(_mark(entry, "content:pin", verb, label, "pin", place=place))
    return items


def _writing_items(viewer: Person, entry: Entry, place: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    kind = find_kind(entry.kind)
    if can(viewer, "edit", entry) and kind is not None and kind.edit_page:
        items.append(
            {"label": _("Edit"), "symbol": "pencil", "url": reverse(kind.edit_page, args=[entry.id])}
        )
    elif can(viewer, "edit", entry):
        address = f"{reverse('content:text', args=[entry.id])}?place={place}"
        items.append(
            {"label": _("Edit"), "symbol": "pencil", "url": address, "attrs": _edits_in_place(entry, address)}
        )
    if can(viewer, "report", entry) and (report := url_or_none("moderation:report", entry.id)):
        items.append({"label": _("Report"), "symbol": "flag", "url": report})
    if can(viewer, "delete", entry):
        item = _mark(entry, "content:deletion", "POST", _("Delete"), "trash-2")
        items.append({**item, "danger": True})
    return items


def _restore_item(entry: Entry) -> dict[str, Any]:
    return _mark(entry, "content:deletion", "DELETE", _("Undo the deletion"), "undo-2")


def _mark(entry: Entry, name: str, verb: str, label: str, symbol: str, *, place: str = "") -> dict[str, Any]:
    """Return a menu item that changes a mark: a small form, quicker where scripts run."""
    query = "&".join(
        part
        for part in (f"_method={verb}" if verb != "POST" else "", f"place={place}" if place else "")
        if part
    )
    address = reverse(name, args=[entry.id]) + (f"?{query}" if query else "")
    attrs = {"hx-post": address, "hx-target": f"#entry-{entry.id}", "hx-swap": "outerHTML"}
    return {"label": label, "symbol": symbol, "url": address, "method": "post", "attrs": attrs}


def _edits_in_place(entry: Entry, address: str) -> dict[str, str]:
    """Put the composer where the text stands."""
    return {"hx-get": address, "hx-target": f"#text-{entry.id}", "hx-swap": "outerHTML"}
