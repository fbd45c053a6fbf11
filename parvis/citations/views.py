"""Where an entry is cited; bringing it into another space."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parvis.citations import actions, queries
from parvis.citations.models import Citation
from parvis.citations.policy import can_cross_post
from parvis.content.faces import permalink, person_face, space_face
from parvis.content.models import Entry
from parvis.content.queries import find_visible
from parvis.content.views.answers import viewer_of, wants_fragment
from parvis.foundation import throttle
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Invalid
from parvis.foundation.ids import parse_id
from parvis.foundation.richtext import excerpt
from parvis.foundation.tenancy import new_id
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable, my_spaces

TEXT_LENGTH = 180


def of_entry(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show where an entry is cited; below a thread, where the thread or a comment of it is."""
    viewer = viewer_of(request)
    entry = find_visible(viewer, id)
    found = queries.citing_thread(viewer, entry) if entry.is_root else queries.citing(viewer, [entry.id])
    context = {"lines": [_line(row) for row in found], "entry": entry, "back": permalink(entry)}
    template = "citations/beside.html" if wants_fragment(request) else "citations/page.html"
    return render(request, template, context)


def _line(row: Citation) -> dict[str, Any]:
    entry = row.entry
    return {
        "url": permalink(entry),
        "title": entry.title or excerpt(entry.body_text, 90) or _("An attachment"),
        "text": excerpt(entry.body_text, TEXT_LENGTH) if entry.title else "",
        "author": person_face(entry.author),
        "space": space_face(entry.space),
        "published_at": entry.published_at,
        "is_cross_post": row.is_cross_post,
        "is_of_comment": not row.cited.is_root,
    }


def cross_post(request: HttpRequest, id: UUID) -> HttpResponse:
    """Bring an entry into another space, with a word of one's own."""
    viewer = viewer_of(request)
    original = find_visible(viewer, id)
    spaces = [space for space in my_spaces(viewer) if can_cross_post(viewer, original, space)]
    if request.method != "POST":
        return _page(request, original, spaces)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    try:
        entry = actions.cross_post(
            author=viewer,
            original=original,
            space=find_readable(viewer, parse_id(request.POST.get("space"))),
            body=request.POST.get("body", ""),
            id=parse_id(request.POST.get("id")),
        )
    except Invalid as error:
        return _page(request, original, spaces, error=error)
    return redirect(permalink(entry))


def _page(
    request: HttpRequest, original: Entry, spaces: list[Space], *, error: Invalid | None = None
) -> HttpResponse:
    texts = [str(text) for messages in error.errors.values() for text in messages] if error else []
    chosen = request.POST.get("space", "") or request.GET.get("space", "")
    context = {
        "original": original,
        "author": person_face(original.author),
        "space": space_face(original.space),
        "text": excerpt(original.body_text, 420),
        "back": permalink(original),
        "composer": {
            "action": reverse("citations:cross_post", args=[original.id]),
            "key": f"share-{original.id}",
            "id": request.POST.get("id", "") or str(new_id()),
            "value": request.POST.get("body", ""),
            "label": _("Your word"),
            "placeholder": _("Why does it matter there?"),
            "submit": _("Share"),
            "spaces": [(space.id, space.name) for space in spaces],
            "space": chosen or (spaces[0].id if spaces else ""),
            "errors": texts,
            "mention_url": reverse("content:mention_suggestions"),
            "preview_url": reverse("content:preview"),
        },
    }
    return render(request, "citations/cross_post.html", context, status=422 if error else 200)
