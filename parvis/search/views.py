"""The search page, what is suggested while one types, and saved searches."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from parvis.content.faces import permalink
from parvis.content.models import Entry
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Invalid
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person
from parvis.search import actions, queries
from parvis.search.forms import SearchForm, address_of
from parvis.search.index import LONGEST
from parvis.search.naming import FACES
from parvis.search.queries import PAGE, EntryHit, Results, Wish
from parvis.search.segments import chosen_symbol, segments
from parvis.search.snippets import marked, pattern_of, snippet
from parvis.search.sources import Source, sources

MOST_PAGES = 20


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Show what matches; htmx gets the list alone, and its next pages."""
    viewer = _viewer(request)
    form = SearchForm(request.GET)
    wish = form.wish()
    page = _page(request)
    found = queries.search(viewer, wish, offset=page * PAGE, facets=True)
    asked = _asked(request.GET)
    pattern = pattern_of(found.words)
    context = {
        "form": form,
        "text": wish.text,
        "wish": wish,
        "found": found,
        "hits": [_hit(hit, pattern) for hit in found.entries],
        "more_url": _more_url(asked, found, page),
        "page": page,
    }
    if page and _is_fragment(request):
        response = render(request, "search/more.html", context)
    else:
        context |= _around(viewer, wish, asked, found)
        response = render(
            request, "search/results.html" if _is_fragment(request) else "search/page.html", context
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _around(viewer: Person, wish: Wish, asked: dict[str, str], found: Results) -> dict[str, Any]:
    """What stands around the hits: segments, what one can narrow by, saved searches."""
    spaces, authors = queries.names_of(viewer, found, wish)
    saved = list(queries.saved_searches(viewer))
    address = address_of(asked)
    return {
        "asked": asked,
        "segments": segments(asked, wish, found),
        "sections": [
            (source, [_named(source, thing) for thing in found.named[source.segment]])
            for source in sources()
            if found.named.get(source.segment)
        ],
        "spaces": spaces,
        "authors": authors,
        "filter_count": sum(
            map(bool, (wish.space_id, wish.author_id, wish.since, wish.until, wish.has_file))
        ),
        "everything_url": f"{reverse('search:results')}?{address_of({'q': asked['q']})}",
        "corrected": found.corrected,
        "saved": saved,
        "address": address,
        "is_saved": any(search.address == address for search in saved),
    }


def _named(source: Source, thing: Any) -> dict[str, Any]:
    face = FACES.get(source.kind)
    return {
        "shown": source.show(thing),
        "thing": face(thing) if face else thing,
        "template": source.template,
        "symbol": source.symbol,
    }


def _hit(hit: EntryHit, pattern: re.Pattern[str] | None) -> dict[str, Any]:
    entry = hit.entry
    title = entry.title or _title_of_thread(entry) or excerpt(entry.body_text, 70)
    return {
        "url": permalink(entry),
        "title": marked(title, pattern),
        "text": snippet(hit.file_text if hit.attachment else entry.body_text, pattern),
        "file": marked(hit.attachment.name, pattern) if hit.attachment else "",
        "symbol": chosen_symbol(entry.kind),
        "entry": entry,
    }


def _title_of_thread(entry: Entry) -> str:
    """A comment stays in sight when moderation hides what it answers: the title of that does not."""
    root = entry.thread
    return root.title if root is not None and root.state == Entry.State.PUBLISHED else ""


def _more_url(asked: dict[str, str], found: Results, page: int) -> str:
    if found.total <= (page + 1) * PAGE or page + 1 >= MOST_PAGES:
        return ""
    return f"{reverse('search:results')}?{address_of(asked)}&page={page + 1}"


def _asked(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "")[: LONGEST if name == "q" else 40] for name in SearchForm.base_fields}


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 4 else 0


@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer people, spaces, entries and saved searches for a half-typed text: the list below the box."""
    text = request.GET.get("q", "")[:200]
    found = queries.suggest(_viewer(request), text)
    pattern = pattern_of(found.words)
    context = {
        "text": text.strip(),
        "all_url": f"{reverse('search:results')}?{address_of({'q': text.strip()})}",
        "saved": [(search.name, f"{reverse('search:results')}?{search.address}") for search in found.saved],
        "named": [(source, source.show(thing)) for source, thing in found.named],
        "entries": [
            {
                "url": permalink(entry),
                "title": marked(entry.title or excerpt(entry.body_text, 80), pattern),
                "detail": entry.space.name,
                "symbol": chosen_symbol(entry.kind),
            }
            for entry in found.entries
        ],
    }
    return render(request, "search/suggestions.html", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name, and show its results again."""
    asked = _asked(request.POST)
    address = address_of(asked)
    try:
        actions.save_search(person=_viewer(request), name=request.POST.get("name", ""), address=address)
    except Invalid as error:
        context = {"errors": error.errors.get("name", []), "name": request.POST.get("name", "")[:200]}
        template = "search/saving.html" if _is_fragment(request) else "search/saving_page.html"
        return render(request, template, context | {"asked": asked}, status=422)
    results_url = f"{reverse('search:results')}?{address}"
    if _is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": results_url})
    return HttpResponseRedirect(results_url)


@require_POST
def forget(request: HttpRequest, id: UUID) -> HttpResponse:
    """Forget a saved search."""
    actions.remove_saved_search(person=_viewer(request), id=id)
    return HttpResponseRedirect(reverse("search:results"))


def _viewer(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer


def _is_fragment(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request
