"""Topics: what is written about, by hashtag."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from parvis.api.responses import DONE, PROBLEMS, Limit, viewer_of
from parvis.api.rows import absolute, entry_rows
from parvis.api.schemas.entries import EntryPage
from parvis.api.schemas.topics import TopicList, TopicOut
from parvis.content.queries import topic_stream
from parvis.content.rendering import topic_address
from parvis.foundation.errors import NotFound
from parvis.foundation.richtext import hashtag_key, hashtag_name
from parvis.people.models import Person
from parvis.topics import actions, queries
from parvis.topics.queries import Topic

router = Router(tags=["topics"])


@router.get("/topics", response={200: TopicList, **PROBLEMS}, summary="What is written about")
def topics(
    request: HttpRequest,
    limit: Limit = 50,
    q: str = Query("", max_length=64),
    lively: bool = Query(False, description="Only what was used in the last seven days."),
) -> Any:
    """The topics of what I may read, the most used first."""
    viewer = viewer_of(request)
    if lively:
        found = queries.lively_topics(viewer, limit=limit)
    else:
        found = queries.topics(viewer, search=q, limit=limit)
    return {"items": [_row(viewer, topic) for topic in queries.with_follows(viewer, found)]}


@router.get("/topics/{name}", response={200: TopicOut, **PROBLEMS}, summary="One topic")
def topic(request: HttpRequest, name: str = Path(max_length=64)) -> Any:
    """A topic as far as I may read: one that nobody used, and one that I may not read about, look alike."""
    viewer = viewer_of(request)
    return _row(viewer, queries.find_topic(viewer, _name(name)))


@router.get(
    "/topics/{name}/entries", response={200: EntryPage, **PROBLEMS}, summary="The threads about a topic"
)
def entries(
    request: HttpRequest, name: str = Path(max_length=64), limit: Limit = 20, cursor: str = ""
) -> Any:
    """The threads that I may read in which something uses the topic, newest activity first."""
    viewer = viewer_of(request)
    page = topic_stream(viewer, hashtag_key(_name(name)), cursor=cursor, limit=limit)
    return {"items": entry_rows(viewer, page.entries), "next": page.next}


@router.put("/topics/{name}/follow", response=DONE, summary="Follow a topic")
def follow(request: HttpRequest, name: str = Path(max_length=64)) -> Any:
    """Find what is written about it in my feed."""
    viewer = viewer_of(request)
    actions.follow_topic(person=viewer, name=queries.find_topic(viewer, _name(name)).name)
    return Status(204, None)


@router.delete("/topics/{name}/follow", response=DONE, summary="No longer follow a topic")
def unfollow(request: HttpRequest, name: str = Path(max_length=64)) -> Any:
    """No longer find it in my feed, unless something else brings it there."""
    actions.unfollow_topic(person=viewer_of(request), name=_name(name))
    return Status(204, None)


def _name(asked: str) -> str:
    name = hashtag_name(asked)
    if name is None:
        raise NotFound
    return name


def _row(viewer: Person, topic: Topic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "key": topic.key,
        "thread_count": topic.thread_count,
        "is_followed": topic.is_followed,
        "url": absolute(topic_address(viewer.organization.slug, topic.key)),
    }
