"""The preview below a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.content.models import Entry
from parvis.content.parts import Part, register
from parvis.foundation.addresses import reverse
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person
from parvis.previews.policy import can
from parvis.previews.queries import shown_previews

TEXT_LENGTH = 180


@dataclass(frozen=True)
class PreviewFace:
    """A preview as its template shows it; an own one leads to an entry of the organization."""

    entry_id: str
    url: str
    title: str
    text: str
    source: str
    image_url: str
    is_own: bool
    remove_url: str


def face(viewer: Person, entry: Entry, details: dict[str, Any]) -> PreviewFace:
    """Return a preview ready to be shown."""
    is_own = details["target"] is not None
    text = excerpt(details["text"] or "", TEXT_LENGTH) if is_own else details["description"] or ""
    author = details["author"] or ""
    return PreviewFace(
        entry_id=str(entry.id),
        url=_permalink(details) if is_own else details["url"],
        title=details["title"] or author,
        text=text,
        source=(f"{author} · {details['space']}" if details["title"] else details["space"])
        if is_own
        else details["site_name"],
        image_url=reverse("previews:image", args=[details["page"]]) + f"?v={details['image']}"
        if details["image"]
        else "",
        is_own=is_own,
        remove_url=reverse("previews:preview", args=[entry.id]) if can(viewer, "remove", entry) else "",
    )


def _permalink(details: dict[str, Any]) -> str:
    target, thread = details["target"], details["thread"]
    address = reverse("content:thread", args=[thread or target])
    return f"{address}#entry-{target}" if thread else address


PREVIEW = register(
    Part(name="preview", template="previews/preview.html", rows=shown_previews, face=face, position=20)
)
