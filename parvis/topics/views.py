"""The pages of topics, following, and what a composer suggests."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.content import queries as content
from parvis.content.composers import post_composer
from parvis.content.faces import person_face
from parvis.content.queries import Page
from parvis.content.streaming import stream_context, stream_response, wants_stream_only
from parvis.content.views.answers import viewer_of, wants_fragment
from parvis.foundation.errors import NotFound
from parvis.foundation.richtext import hashtag_name
from parvis.people.models import Person
from parvis.spaces.queries import my_spaces
from parvis.topics import actions, queries


def index(request: HttpRequest) -> HttpResponse:
    """List the topics that one reads about: what is lively, what one follows, all."""
    viewer = viewer_of(request)
    search = request.GET.get("q", "").strip()[:64]
    found = queries.with_follows(viewer, queries.topics(viewer, search=search))
    context: dict[str, Any] = {"found": found, "search": search}
    if wants_fragment(request):
        return render(request, "topics/list.html", context)
    context |= {"lively": queries.lively_topics(viewer), "followed": queries.followed_topics(viewer)}
    return render(request, "topics/index.html", context)


def show(request: HttpRequest, name: str) -> HttpResponse:
    """Show what is written about a topic. One that nobody wrote about, and one that others did, look alike."""
    viewer = viewer_of(request)
    topic = queries.find_topic(viewer, _name(name))

    def ask(cursor: str, limit: int) -> Page:
        return content.topic_stream(viewer, topic.key, cursor=cursor, limit=limit, glancer=viewer)

    context = stream_context(request, ask, topics=[f"hashtag:{topic.key}"], heading=f"#{topic.name}")
    if wants_stream_only(request):
        return stream_response(request, context)
    context |= {"topic": topic, "composer": _composer(viewer, topic), "viewer": viewer}
    context["feed_query"] = f"topic={topic.key}"
    return render(request, "topics/show.html", context)


def beside(request: HttpRequest, name: str) -> HttpResponse:
    """Show who writes about a topic and what else they write about; asked for once the page stands."""
    viewer = viewer_of(request)
    topic = queries.find_topic(viewer, _name(name))
    context = {
        "people": [person_face(person) for person in queries.writers_about(viewer, topic.key)],
        "related": queries.related_topics(viewer, topic.key),
        "lively": queries.lively_topics(viewer),
    }
    return render(request, "topics/beside.html", context)


def follow(request: HttpRequest, name: str) -> HttpResponse:
    """Follow a topic."""
    actions.follow_topic(person=viewer_of(request), name=_shown_name(request, name))
    return _followed(request, name)


def unfollow(request: HttpRequest, name: str) -> HttpResponse:
    """No longer follow a topic."""
    actions.unfollow_topic(person=viewer_of(request), name=_name(name))
    return _followed(request, name)


def toggle_follow(request: HttpRequest, name: str) -> HttpResponse:
    """Follow, or no longer: what the button does."""
    topic = queries.find_topic(viewer_of(request), _name(name))
    return unfollow(request, name) if topic.is_followed else follow(request, name)


def _followed(request: HttpRequest, name: str) -> HttpResponse:
    if not wants_fragment(request):
        return redirect("topics:show", name)
    topic = queries.find_topic(viewer_of(request), _name(name))
    return render(request, "topics/follow.html", {"topic": topic})


def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer with topics that begin like what is being typed after a #."""
    viewer = viewer_of(request)
    found = queries.suggested_topics(viewer, request.GET.get("q", "").strip()[:64])
    return JsonResponse(
        [
            {"id": topic.key, "name": f"#{topic.name}", "detail": _detail(topic), "insert": f"#{topic.name}"}
            for topic in found
        ],
        safe=False,
    )


def _detail(topic: queries.Topic) -> str:
    count = topic.thread_count
    return ngettext("%(num)s conversation", "%(num)s conversations", count) % {"num": count}


def _name(asked: str) -> str:
    name = hashtag_name(asked)
    if name is None:
        raise NotFound
    return name


def _shown_name(request: HttpRequest, asked: str) -> str:
    """Return the name as the viewer reads it elsewhere, which the address has lost."""
    return queries.find_topic(viewer_of(request), _name(asked)).name


def _composer(viewer: Person, topic: queries.Topic) -> Any:
    composer = post_composer(viewer, list(my_spaces(viewer)))
    if composer is not None:
        composer.key, composer.value = f"topic-{topic.key}", f"#{topic.name} "
        composer.label = _("Write about #%(name)s") % {"name": topic.name}
    return composer
