"""The pages of articles: news of a space and of the organization, writing, what is related, who edits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from parvis.articles import actions, queries
from parvis.articles.forms import HOUR, ArticleForm, manuscript_of
from parvis.articles.models import Article
from parvis.articles.policy import may_name_editors, may_write_in
from parvis.content import actions as content
from parvis.content.attachments import composer_face
from parvis.content.faces import permalink, show_all, space_face
from parvis.content.models import Entry
from parvis.content.policy import can
from parvis.content.queries import cards_for, find_unpublished, find_visible, unpublished
from parvis.content.views.answers import shown_root, viewer_of, wants_fragment
from parvis.foundation import throttle
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from parvis.foundation.files import store
from parvis.foundation.ids import parse_id
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.people.queries import directory, find_in_directory
from parvis.spaces.models import Space
from parvis.spaces.queries import everyone_space, find_readable, readable_everyone_space
from parvis.spaces.views import header

MEBIBYTE = 1024 * 1024
FOUND_PEOPLE = 12


def news(request: HttpRequest) -> HttpResponse:
    """Show the organization's news, or the articles of all spaces that one reads."""
    viewer = viewer_of(request)
    everywhere = request.GET.get("of") == "spaces"
    here = readable_everyone_space(viewer)
    if here is None:
        everywhere = True
    context = _list(request, viewer, None if everywhere else here)
    context |= {
        "tabs_shown": _tabs(everywhere) if here is not None else [],
        "is_everywhere": everywhere,
        "may_write": here is not None and may_write_in(viewer, here),
        "write_url": f"{reverse('articles:write')}?space={here.id}" if here else "",
        "feed_query": "",
        "may_name_editors": may_name_editors(viewer),
    }
    is_more = "cursor" in request.GET and wants_fragment(request)
    return render(request, "articles/news_page.html" if is_more else "articles/news.html", context)


def _tabs(everywhere: bool) -> list[dict[str, Any]]:
    address = reverse("articles:news")
    return [
        {"label": _("Of the organization"), "url": address, "current": not everywhere},
        {"label": _("Of all my spaces"), "url": f"{address}?of=spaces", "current": everywhere},
    ]


def of_space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show a space's articles."""
    viewer = viewer_of(request)
    space = find_readable(viewer, space_id)
    context = _list(request, viewer, space)
    if "cursor" in request.GET and wants_fragment(request):
        return render(request, "articles/news_page.html", context)
    context |= {
        **header(request, space, "news"),
        "may_write": may_write_in(viewer, space),
        "write_url": f"{reverse('articles:write')}?space={space.id}",
        "feed_query": f"space={space.id}",
    }
    return render(request, "articles/of_space.html", context)


def _list(request: HttpRequest, viewer: Person, space: Space | None) -> dict[str, Any]:
    cursor = request.GET.get("cursor", "")
    page = queries.articles(viewer, space=space, cursor=cursor)
    pinned = queries.pinned_articles(viewer, space) if space is not None else []
    on_top = {entry.id for entry in pinned}
    entries = [*([] if cursor else pinned), *(entry for entry in page.entries if entry.id not in on_top)]
    waiting = [] if cursor else list(unpublished(viewer, kind="article", space=space))
    more = f"&of={request.GET['of']}" if request.GET.get("of") else ""
    return {
        "shown": show_all(viewer, cards_for(viewer, entries)),
        "waiting": show_all(viewer, cards_for(viewer, waiting)),
        "states": {entry.id: entry for entry in waiting},
        "next_url": f"{request.path}?cursor={page.next}{more}" if page.next else "",
        "names_space": space is None,
        "is_first_page": not cursor,
    }


def related(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show what to read next; asked for once the article stands."""
    viewer = viewer_of(request)
    entries = queries.related_articles(viewer, find_visible(viewer, id))
    return render(request, "articles/related.html", {"shown": show_all(viewer, cards_for(viewer, entries))})


def show(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an article that waits as it will read; one that is published has its permalink."""
    viewer = viewer_of(request)
    published = Entry.objects.legible_to(viewer).filter(pk=id).first()
    if published is not None:
        return redirect(permalink(published))
    entry = _waiting(viewer, id)
    context = {
        "root": shown_root(viewer, entry, place="thread"),
        "entry": entry,
        "space": space_face(entry.space),
        "may_publish": can(viewer, "publish", entry),
        "may_discard": can(viewer, "discard", entry),
    }
    return render(request, "articles/waiting.html", context)


def write(request: HttpRequest) -> HttpResponse:
    """Write a new article on a page of its own, and keep, schedule or publish it."""
    viewer = viewer_of(request)
    asked = request.POST.get("space") or request.GET.get("space", "")
    space = find_readable(viewer, parse_id(asked))
    if not may_write_in(viewer, space):
        raise Forbidden
    if request.method != "POST":
        return _page(request, {"id": str(new_id()), "space": space})
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    return _save(request, space, None)


def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change an article."""
    viewer = viewer_of(request)
    entry = Entry.objects.visible_to(viewer).filter(pk=id, kind="article").select_related("space").first()
    entry = entry or _waiting(viewer, id)
    if not can(viewer, "edit", entry):
        raise Forbidden
    if request.method != "POST":
        return _page(request, _as_kept(entry))
    return _save(request, entry.space, entry)


def _save(request: HttpRequest, space: Space, entry: Entry | None) -> HttpResponse:
    viewer, new_cover = viewer_of(request), None
    form = ArticleForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid({name: [str(text) for text in texts] for name, texts in form.errors.items()})
        new_cover = _uploaded_cover(request, viewer)
        manuscript = manuscript_of(form, viewer, new_cover=new_cover)
        if entry is None:
            saved = actions.begin_article(
                author=viewer, space=space, manuscript=manuscript, id=form.cleaned_data["id"]
            )
        else:
            saved = actions.edit_article(
                editor=viewer,
                entry=entry,
                manuscript=manuscript,
                expected_version=form.cleaned_data["version"] or 0,
            )
        return redirect(_decide(request, viewer, saved, form))
    except (Invalid, Conflict) as error:
        return _again(request, space, entry, error, new_cover)


def _decide(request: HttpRequest, viewer: Person, entry: Entry, form: ArticleForm) -> str:
    """Publish, schedule or keep what was saved, as the pressed button says; return where to go."""
    wish = request.POST.get("do", "keep")
    if entry.is_unpublished and wish == "publish":
        content.publish_draft(actor=viewer, entry=entry)
    elif entry.is_unpublished and wish == "schedule":
        if form.cleaned_data["publish_at"] is None:
            raise Invalid({"publish_at": [_("Say when it is to be published.")]})
        content.schedule(actor=viewer, entry=entry, at=form.cleaned_data["publish_at"])
        messages.success(request, _("Scheduled: it will be published by itself."))
    elif entry.is_unpublished:
        messages.success(request, _("Draft kept."))
    return reverse("articles:show", args=[entry.id])


def publication(request: HttpRequest, id: UUID) -> HttpResponse:
    """Publish what waits, now."""
    entry = _waiting(viewer_of(request), id)
    content.publish_draft(actor=viewer_of(request), entry=entry)
    return redirect(permalink(entry))


def unscheduling(request: HttpRequest, id: UUID) -> HttpResponse:
    """Make a scheduled article a draft again."""
    entry = _waiting(viewer_of(request), id)
    content.unschedule(actor=viewer_of(request), entry=entry)
    return redirect("articles:show", id)


def discarding(request: HttpRequest, id: UUID) -> HttpResponse:
    """Throw a draft away."""
    entry = _waiting(viewer_of(request), id)
    space_id = entry.space_id
    content.discard_draft(actor=viewer_of(request), entry=entry)
    messages.success(request, _("The draft is gone."))
    return redirect("articles:of_space", space_id)


def editors(request: HttpRequest) -> HttpResponse:
    """Let administrators say who writes the organization's news."""
    viewer = viewer_of(request)
    if not may_name_editors(viewer):
        raise Forbidden
    if request.method == "POST":
        person = find_in_directory(viewer, request.POST.get("person"))
        if request.POST.get("do") == "dismiss":
            actions.dismiss_editor(actor=viewer, person=person)
        else:
            actions.name_editor(actor=viewer, person=person)
        return redirect("articles:editors")
    search = request.GET.get("q", "").strip()[:80]
    named = queries.news_editors()
    ids = [editor.person_id for editor in named]
    found = directory(viewer, search=search).exclude(pk__in=ids)[:FOUND_PEOPLE] if search else []
    context = {"editors": named, "found": found, "search": search, "everyone": everyone_space()}
    return render(request, "articles/editors.html", context)


def _again(
    request: HttpRequest, space: Space, entry: Entry | None, error: DomainError, new_cover: UUID | None
) -> HttpResponse:
    """Give back what was typed, with what is wrong about it."""
    errors: dict[str, list[Any]] = {"body": [error.message]}
    if isinstance(error, Invalid):
        errors = {**error.errors}
    kept = _as_kept(entry) if entry is not None else {"id": request.POST.get("id", ""), "space": space}
    names = ("title", "standfirst", "body", "tags", "coauthors", "cover_alternative", "publish_at")
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    cover_id = new_cover or parse_id(request.POST.get("cover_id"))
    if isinstance(error, Conflict):
        # What is there now counts as read: saving again says that this text is the right one.
        typed["version"] = error.current.version if error.current is not None else kept.get("version")
        errors = {
            "body": [_("Somebody changed this article while you were writing: compare, then save again.")]
        }
        typed["theirs"] = error.current.body if error.current is not None else ""
    return _page(request, {**kept, **typed, "cover_id": cover_id}, errors=errors, status=error.status)


def _as_kept(entry: Entry) -> dict[str, Any]:
    kept: Article | None = Article.objects.filter(entry=entry).first()
    article = kept or Article(entry=entry)
    files = list(entry.attachments.select_related("file").order_by("position"))
    cover = next((one for one in files if one.file_id == article.cover_id), None)
    return {
        "entry": entry,
        "space": entry.space,
        "id": str(entry.id),
        "version": entry.version,
        "title": entry.title,
        "body": entry.body,
        "standfirst": article.standfirst,
        "cover_id": article.cover_id,
        "cover_alternative": cover.alternative_text if cover else "",
        "tags": ", ".join(queries.tags_of(entry)),
        "coauthors": ", ".join(person.email or person.full_name for person in queries.coauthors_of(entry)),
        "attachments": [composer_face(one) for one in files if one.file_id != article.cover_id],
        "publish_at": localtime(entry.publish_at).strftime(HOUR) if entry.publish_at else "",
    }


def _page(
    request: HttpRequest,
    values: dict[str, Any],
    *,
    errors: dict[str, list[Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    entry, space = values.get("entry"), values["space"]
    asked = f"?space={space.id}"
    context = {
        "values": values,
        "errors": errors or {},
        "entry": entry,
        "space": space_face(space),
        "is_published": entry is not None and not entry.is_unpublished,
        "action": reverse("articles:edit", args=[entry.id]) if entry else reverse("articles:write"),
        "mention_url": reverse("content:mention_suggestions") + asked,
        "preview_url": reverse("content:preview") + asked,
        "back": reverse("articles:show", args=[entry.id])
        if entry
        else reverse("articles:of_space", args=[space.id]),
    }
    return render(request, "articles/write.html", context, status=status)


def _uploaded_cover(request: HttpRequest, viewer: Person) -> UUID | None:
    received = request.FILES.get("cover")
    if received is None:
        return None
    organization = viewer.organization
    file = store(
        received,
        name=received.name or "",
        created_by_id=viewer.id,
        limit_bytes=min(organization.upload_limit_bytes, settings.PARVIS.upload_limit_mb * MEBIBYTE),
        quota_bytes=organization.storage_limit_bytes,
    )
    return file.id


def _waiting(viewer: Person, id: UUID) -> Entry:
    entry = find_unpublished(viewer, id)
    if entry.kind != "article":
        raise NotFound
    return entry
