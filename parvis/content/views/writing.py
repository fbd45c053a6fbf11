"""Write: publish, reply, edit, delete and undo, preview."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parvis.content import actions, queries
from parvis.content.attachments import composer_face
from parvis.content.comparison import compared
from parvis.content.composers import Composer, edit_composer, post_composer, reply_composer, save_extras
from parvis.content.faces import permalink, person_face, space_face
from parvis.content.forms import EditForm, PostForm, TextForm, read
from parvis.content.models import Attachment, Entry
from parvis.content.policy import can
from parvis.content.rendering import render_text
from parvis.content.views.answers import (
    back_to,
    goes_in_line,
    place_of,
    shown_branch,
    shown_in_line,
    shown_root,
    top_branch,
    viewer_of,
    wants_fragment,
)
from parvis.content.views.reading import card_answer
from parvis.foundation import throttle
from parvis.foundation.addresses import url_or_none
from parvis.foundation.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Throttled
from parvis.foundation.ids import parse_id
from parvis.foundation.models import StoredFile
from parvis.people.models import Person
from parvis.spaces.queries import find_readable, my_spaces

SPACE_COOKIE = "parvis_space"
PLACE = re.compile(r"post(?:-[0-9a-f-]{36,73})?")
TITLE_LENGTH, PROPOSED_CHARACTERS = 200, 20_000
SPACE_REMEMBERED_SECONDS = 90 * 24 * 3600


def new_post(request: HttpRequest) -> HttpResponse:
    """Show the composer on a page of its own: where scripts do not run, and on small screens."""
    viewer = viewer_of(request)
    composer = post_composer(viewer, list(my_spaces(viewer)), chosen=parse_id(request.GET.get("space")))
    if composer is None:
        raise NotFound
    # Which of one's drafts goes on here.
    if PLACE.fullmatch(place := request.GET.get("draft", "")):
        composer.key = place
    # What another page or app proposes to write; its author reads it before anybody else does.
    composer.title = request.GET.get("title", "")[:TITLE_LENGTH]
    composer.value = request.GET.get("body", "")[:PROPOSED_CHARACTERS]
    return _composer_page(request, composer, heading=_("New post"), back=request.GET.get("next", ""))


def publish(request: HttpRequest) -> HttpResponse:
    """Publish a post; what cannot be accepted comes back with its text."""
    viewer = viewer_of(request)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    try:
        _count_attempt(viewer)
        form = read(PostForm, request)
        entry = _publish(request, form)
    except (Invalid, Throttled) as error:
        composer = post_composer(viewer, list(my_spaces(viewer)), chosen=parse_id(request.POST.get("space")))
        return _composer_again(request, composer, error, heading=_("New post"))
    if entry.is_unpublished:
        response = _will_be_published(request, entry)
    elif wants_fragment(request):
        response = card_answer(request, _fresh(viewer, entry), status=201)
    else:
        response = redirect(permalink(entry))
    _remember_space(request, response, entry.space_id)
    return response


def _publish(request: HttpRequest, form: PostForm) -> Entry:
    """Publish, or let wait, with whatever the post carries: all of it, or nothing."""
    viewer, at = viewer_of(request), form.cleaned_data["publish_at"]
    write = actions.save_draft if at else actions.publish
    with transaction.atomic():
        entry = write(
            author=viewer,
            space=find_readable(viewer, form.cleaned_data["space"]),
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            attachments=form.attachments,
            id=form.cleaned_data["id"],
        )
        save_extras(viewer, entry, request.POST)
        actions.call_urgently(author=viewer, entry=entry, reason=_urgent_reason(request))
        return actions.schedule(actor=viewer, entry=entry, at=at) if at and entry.is_unpublished else entry


def _will_be_published(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Say when a post will be published, where messages are shown."""
    drafts_url = url_or_none("drafts:list") or ""
    if not wants_fragment(request):
        return redirect(drafts_url or "web:home")
    response = render(
        request, "content/scheduled.html", {"entry": entry, "drafts_url": drafts_url}, status=202
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response


def _remember_space(request: HttpRequest, response: HttpResponse, space_id: UUID) -> None:
    """The next post is likely to go where the last one went; this browser remembers, the server need not."""
    response.set_cookie(
        SPACE_COOKIE,
        str(space_id),
        max_age=SPACE_REMEMBERED_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def _count_attempt(viewer: Person) -> None:
    throttle.check("post", viewer.organization_id, viewer.id, rate=throttle.POST)


def reply_form(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the composer of an answer, below the comment or on a page of its own."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    if not can(viewer, "reply", entry):
        raise Forbidden
    composer = reply_composer(viewer, entry)
    if wants_fragment(request):
        return render(request, "content/reply_composer.html", {"composer": composer, "entry_id": entry.id})
    return _composer_page(request, composer, heading=_("Reply"), back=permalink(entry), quoted=entry)


def reply(request: HttpRequest, id: UUID) -> HttpResponse:
    """Publish an answer."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    try:
        _count_attempt(viewer)
        form = read(TextForm, request)
        answer = _reply(request, form, entry)
    except (Invalid, Throttled) as error:
        return _composer_again(
            request, reply_composer(viewer, entry), error, heading=_("Reply"), quoted=entry
        )
    if not wants_fragment(request):
        return redirect(permalink(answer))
    return _answer_in_thread(request, viewer, entry, _fresh(viewer, answer))


def _reply(request: HttpRequest, form: TextForm, entry: Entry) -> Entry:
    viewer = viewer_of(request)
    with transaction.atomic():
        answer = actions.reply(
            author=viewer,
            to=entry,
            body=form.cleaned_data["body"],
            attachments=form.attachments,
            id=form.cleaned_data["id"],
        )
        actions.call_urgently(author=viewer, entry=answer, reason=_urgent_reason(request))
    return answer


def _urgent_reason(request: HttpRequest) -> str:
    return request.POST.get("urgent_reason", "").strip()


def _answer_in_thread(request: HttpRequest, viewer: Person, entry: Entry, answer: Entry) -> HttpResponse:
    """Answer with the branch that the new comment belongs to: anew, or at the end of the thread."""
    emptied = None if entry.is_root else entry.id
    if goes_in_line(request):
        context = {"shown": shown_in_line(viewer, answer), "depth": 0, "emptied": emptied}
        response = render(request, "content/comment.html", context, status=201)
        response["HX-Retarget"], response["HX-Reswap"] = "#thread", "beforeend"
        return response
    branch = top_branch(viewer, answer)
    context = {"shown": branch, "depth": 0, "emptied": emptied}
    response = render(request, "content/comment.html", context, status=201)
    if not entry.is_root and branch is not None:
        response["HX-Retarget"], response["HX-Reswap"] = f"#entry-{branch.entry.id}", "outerMorph"
    return response


def edit_form(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the composer of an edit, in place of the text or on a page of its own."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    if not can(viewer, "edit", entry):
        raise Forbidden
    composer = edit_composer(entry, _attachments(entry), place=place_of(request))
    if wants_fragment(request):
        return render(
            request,
            "content/edit_composer.html",
            {"composer": composer, "entry": entry, "shown_in": place_of(request)},
        )
    return _composer_page(request, composer, heading=_("Edit"), back=permalink(entry))


def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Save an edit; when somebody else was faster, show both texts: nothing is lost."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    try:
        form = read(EditForm, request)
        changed = actions.edit_entry(
            editor=viewer,
            entry=entry,
            title=form.cleaned_data["title"] if entry.is_root else "",
            body=form.cleaned_data["body"],
            expected_version=form.cleaned_data["version"],
            attachments=form.attachments,
        )
    except Conflict as conflict:
        return _comparison(request, conflict.current)
    except (Invalid, Throttled) as error:
        composer = edit_composer(entry, _attachments(entry), place=place_of(request))
        return _composer_again(request, composer, error, heading=_("Edit"), edited=entry)
    if wants_fragment(request):
        return card_answer(request, changed)
    return back_to(request, changed)


def _comparison(request: HttpRequest, current: Entry) -> HttpResponse:
    """Show one's own text in the field and the newer one beside it, differences marked."""
    viewer = viewer_of(request)
    current = queries.find_visible(viewer, current.id)
    composer = edit_composer(current, _attachments(current), place=place_of(request))
    mine = _as_typed(request, composer)
    editor = queries.history_of(current).first()
    context = {
        "composer": mine,
        "entry": current,
        "theirs": current.body,
        "theirs_title": current.title,
        "differences_found": compared(current.body, mine.value),
        "editor": person_face(editor.editor) if editor and editor.editor else None,
        "shown_in": place_of(request),
        "url": permalink(current),
    }
    template = "content/comparison.html" if wants_fragment(request) else "content/comparison_page.html"
    response = render(request, template, context, status=409)
    _keep_in_place(response, mine)
    return response


def delete(request: HttpRequest, id: UUID) -> HttpResponse:
    """Delete an entry, leaving a tombstone and a way back."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, id)
    actions.delete_entry(actor=viewer, entry=entry)
    if wants_fragment(request):
        return render(request, "content/deleted.html", {"entry": entry, "shown": _tombstone(viewer, entry)})
    if entry.is_root:
        return redirect(space_face(entry.space).url or "web:home")
    return back_to(request, entry)


def restore(request: HttpRequest, id: UUID) -> HttpResponse:
    """Undo a deletion."""
    viewer = viewer_of(request)
    entry = queries.find_legible(viewer, id)
    restored = actions.restore_entry(actor=viewer, entry=entry)
    if request.GET.get("stay"):
        # Undone from a passing message: whoever asked stays where they are.
        return HttpResponse(status=204)
    if wants_fragment(request):
        return card_answer(request, restored)
    return back_to(request, restored)


def _tombstone(viewer: Person, entry: Entry) -> object:
    if entry.is_root:
        return shown_root(viewer, entry, place="feed")
    found = shown_branch(viewer, entry)
    return found[0] if found else None


def preview(request: HttpRequest) -> HttpResponse:
    """Show a text as it will read: the very rendering that publishing does."""
    viewer = viewer_of(request)
    space_id = request.POST.get("space") or request.GET.get("space", "")
    space = find_readable(viewer, parse_id(space_id))
    text = render_text(
        organization=viewer.organization, space=space, title="", body=request.POST.get("body", "")
    )
    return HttpResponse(text.html)


def _composer_again(
    request: HttpRequest,
    composer: Composer | None,
    error: DomainError,
    *,
    heading: str,
    quoted: Entry | None = None,
    edited: Entry | None = None,
) -> HttpResponse:
    """Give back what was typed, with what is wrong about it."""
    if composer is None:
        raise Forbidden
    typed = _as_typed(request, composer)
    refusals = error.errors.values() if isinstance(error, Invalid) else [[error.message]]
    typed.errors = [str(message) for messages in refusals for message in messages]
    if not wants_fragment(request):
        return _composer_page(request, typed, heading=heading, quoted=quoted, status=error.status)
    response = render(request, "content/composer.html", {"composer": typed}, status=error.status)
    _keep_in_place(response, typed)
    return response


def _keep_in_place(response: HttpResponse, composer: Composer) -> None:
    """Put the answer where the composer stands, not where a published text would go."""
    response["HX-Retarget"], response["HX-Reswap"] = "closest [data-composer]", "outerHTML"


def _as_typed(request: HttpRequest, composer: Composer) -> Composer:
    composer.value, composer.title = request.POST.get("body", ""), request.POST.get("title", "")
    composer.id = request.POST.get("id", "") or composer.id
    composer.typed = request.POST
    composer.attachments = uploads_typed(request, composer.attachments)
    return composer


def uploads_typed(request: HttpRequest, known: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files of a form that comes back, as a composer shows them, with what was typed about each."""
    ids = [uuid for uuid in map(parse_id, request.POST.getlist("attachments")) if uuid is not None]
    files = StoredFile.objects.filter(id__in=ids, created_by_id=viewer_of(request).id).in_bulk()
    kept = {file["id"]: file for file in known}
    typed = []
    for file_id in ids:
        found = kept.get(file_id) or (_uploaded(files[file_id]) if file_id in files else None)
        if found is not None:
            typed.append({**found, **_typed_about(request, file_id)})
    return typed


def _typed_about(request: HttpRequest, file_id: UUID) -> dict[str, object]:
    return {
        "alternative_text": request.POST.get(f"alternative_{file_id}", ""),
        "is_decorative": f"decorative_{file_id}" in request.POST,
        "poster_id": parse_id(request.POST.get(f"poster_{file_id}")),
        "captions_id": parse_id(request.POST.get(f"captions_{file_id}")),
    }


def _uploaded(file: StoredFile) -> dict[str, object]:
    return composer_face(Attachment(file=file, name=file.name))


def _composer_page(
    request: HttpRequest,
    composer: Composer,
    *,
    heading: str,
    back: str = "",
    quoted: Entry | None = None,
    status: int = 200,
) -> HttpResponse:
    # On a page of its own the form is sent whole, and the answer is the place where the text now stands.
    composer.attrs, composer.compact = {}, False
    quote = {"author": person_face(quoted.author), "text": quoted.body_text[:400]} if quoted else None
    context = {"composer": composer, "heading": heading, "back": back, "quoted": quote}
    return render(request, "content/composer_page.html", context, status=status)


def _attachments(entry: Entry) -> list[Attachment]:
    return list(entry.attachments.select_related("file").order_by("position"))


def _fresh(viewer: Person, entry: Entry) -> Entry:
    """Return an entry as its readers see it, author and space loaded."""
    return queries.find_visible(viewer, entry.id)
