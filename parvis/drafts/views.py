"""Keep a draft as one types, list them, and look after what waits for its hour."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.content import actions as content
from parvis.content.attachments import composer_face
from parvis.content.composers import (
    Composer,
    as_data,
    fields_of_extras,
    save_extras,
    shown_extras,
    summaries_of,
    typed_of,
)
from parvis.content.faces import permalink, space_face
from parvis.content.forms import ScheduledForm, TextForm, read
from parvis.content.later import later_extra, local_time
from parvis.content.models import Entry
from parvis.content.queries import find_unpublished
from parvis.content.views.answers import viewer_of
from parvis.drafts import actions, queries
from parvis.drafts.actions import Typed
from parvis.drafts.models import Draft
from parvis.foundation import throttle
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Conflict, Invalid, NotFound
from parvis.foundation.ids import parse_id
from parvis.foundation.richtext import excerpt

SAVE = throttle.Rate(600, 600)


def show(request: HttpRequest, place: str) -> HttpResponse:
    """Answer with what one has typed in a place; 204 for nothing."""
    draft = queries.find_draft(viewer_of(request), place)
    return JsonResponse(_row(draft)) if draft is not None else HttpResponse(status=204)


def keep(request: HttpRequest, place: str) -> HttpResponse:
    """Keep what one types; 409 with the other text when another window wrote meanwhile."""
    viewer = viewer_of(request)
    throttle.check("draft", viewer.organization_id, viewer.id, rate=SAVE)
    data = request.POST
    typed = Typed(
        body=data.get("body", ""),
        title=data.get("title", ""),
        entry_id=parse_id(data.get("id", "")),
        space_id=parse_id(data.get("space", "")),
        fields=fields_of_extras(data),
        files=TextForm(data).attachments,
    )
    base = data.get("base", "0")
    try:
        draft = actions.keep_draft(
            person=viewer,
            place=place,
            typed=typed,
            base=int(base) if base.isdecimal() and len(base) < 10 else 0,
        )
    except Conflict as conflict:
        return JsonResponse(_row(conflict.current), status=409)
    return JsonResponse({"version": draft.version}) if draft is not None else HttpResponse(status=204)


def discard(request: HttpRequest, place: str) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(person=viewer_of(request), place=place)
    return redirect("drafts:list") if request.POST.get("from") == "list" else HttpResponse(status=204)


def index(request: HttpRequest) -> HttpResponse:
    """List what one is writing, and what waits for its hour."""
    viewer = viewer_of(request)
    drafts = [_line(one) for one in queries.drafts_of(viewer)]
    waiting = [_waiting_line(entry) for entry in queries.waiting_of(viewer)]
    return render(request, "drafts/list.html", {"drafts": drafts, "waiting": waiting})


def scheduled(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a post that waits, to change its text or its hour."""
    entry = _waiting(request, id)
    return _page(request, entry, _composer(entry))


def save_scheduled(request: HttpRequest, id: UUID) -> HttpResponse:
    """Save text and hour of a post that waits."""
    entry = _waiting(request, id)
    try:
        _save(request, entry)
    except Invalid as error:
        composer = _composer(entry)
        composer.value, composer.title = request.POST.get("body", ""), request.POST.get("title", "")
        composer.typed, composer.errors = request.POST, [str(error)]
        return _page(request, entry, composer, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("drafts:list")


def _save(request: HttpRequest, entry: Entry) -> None:
    """Save text and hour together, or neither."""
    viewer, form = viewer_of(request), read(ScheduledForm, request)
    at = form.cleaned_data["publish_at"] or entry.publish_at
    with transaction.atomic():
        changed = content.save_draft(
            author=viewer,
            space=entry.space,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            attachments=form.attachments,
            id=entry.id,
        )
        save_extras(viewer, changed, request.POST)
        if at is not None:
            content.schedule(actor=viewer, entry=changed, at=at)


def publish_now(request: HttpRequest, id: UUID) -> HttpResponse:
    """Publish a post before its hour."""
    entry = _waiting(request, id)
    try:
        published = content.publish_draft(actor=viewer_of(request), entry=entry)
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("drafts:scheduled", entry.id)
    return redirect(permalink(published))


def cancel(request: HttpRequest, id: UUID) -> HttpResponse:
    """Do not publish: what was written becomes a draft again, so that nothing is lost."""
    viewer, entry = viewer_of(request), _waiting(request, id)
    actions.put_back(entry)
    content.discard_draft(actor=viewer, entry=entry)
    messages.success(request, _("Not published. The text is among your drafts."))
    return redirect("drafts:list")


def _waiting(request: HttpRequest, id: UUID) -> Entry:
    entry = find_unpublished(viewer_of(request), id)
    if entry.kind != "post" or entry.author_id != viewer_of(request).id:
        raise NotFound
    return entry


def _composer(entry: Entry) -> Composer:
    return Composer(
        action=reverse("drafts:scheduled", args=[entry.id]),
        key=f"scheduled-{entry.id}",
        value=entry.body,
        title=entry.title,
        label=_("Your post"),
        submit=_("Save"),
        with_title=True,
        space=entry.space_id,
        attachments=[
            composer_face(one) for one in entry.attachments.select_related("file").order_by("position")
        ],
        extras=[*shown_extras(), later_extra(publish_at=entry.publish_at)],
        typed=as_data({**typed_of(entry), "publish_at": [local_time(entry.publish_at)]}),
    )


def _page(request: HttpRequest, entry: Entry, composer: Composer, *, status: int = 200) -> HttpResponse:
    context = {"composer": composer, "entry": entry, "space": space_face(entry.space)}
    return render(request, "drafts/scheduled.html", context, status=status)


def _waiting_line(entry: Entry) -> dict[str, Any]:
    """Return a post that waits as the list shows it."""
    return {
        "entry": entry,
        "space": space_face(entry.space),
        "text": entry.title or excerpt(entry.body_text, 160),
        "url": reverse("drafts:scheduled", args=[entry.id]),
        "carries": _carries(entry.file_count, typed_of(entry)),  # type: ignore[attr-defined]
    }


def _carries(file_count: int, typed: dict[str, list[str]]) -> list[str]:
    """Return in a few words what is beside a text."""
    files = ngettext("%(count)s file", "%(count)s files", file_count) % {"count": file_count}
    return [*summaries_of(typed), *([files] if file_count else [])]


def _line(one: queries.DraftInPlace) -> dict[str, Any]:
    """Return a draft as the list shows it: where it belongs, and the way back to writing it."""
    if one.kind == "post":
        where = _("Post in %(space)s") % {"space": one.space.name} if one.space else _("Post")
        asked = {"draft": one.draft.place, **({"space": str(one.space.id)} if one.space else {})}
        url = f"{reverse('content:publish')}?{urlencode(asked)}"
    elif one.entry is None:
        where, url = _("What it belonged to is gone, or no longer open to you"), ""
    elif one.kind == "edit":
        where, url = (
            _("Change of a text in %(space)s") % {"space": one.entry.space.name},
            reverse("content:text", args=[one.entry.id]),
        )
    else:
        where = _("Comment to %(name)s") % {"name": one.entry.author.full_name}
        url = permalink(one.entry) + ("#reply" if one.entry.is_root else "")
        url = reverse("content:replies", args=[one.entry.id]) if not one.entry.is_root else url
    draft = one.draft
    return {
        "where": where,
        "url": url,
        "text": draft.title or excerpt(draft.body, 200),
        "saved_at": draft.saved_at,
        "discard_url": reverse("drafts:draft", args=[draft.place]),
        "carries": _carries(draft.file_count, draft.fields),  # type: ignore[attr-defined]
    }


def _row(draft: Draft) -> dict[str, Any]:
    files = draft.files.select_related("file").order_by("position")
    rows = [render_to_string("drafts/file.html", {"file": composer_face(file)}) for file in files]
    return {
        "fields": draft.fields,
        "files": "".join(rows),
        "body": draft.body,
        "title": draft.title,
        "id": str(draft.entry_id) if draft.entry_id else None,
        "space": str(draft.space_id) if draft.space_id else None,
        "version": draft.version,
    }
