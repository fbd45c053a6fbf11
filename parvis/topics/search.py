"""Topics are found by their names; each viewer's are those that they read about."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.foundation.addresses import reverse
from parvis.people.models import Person
from parvis.search.sources import Shown, Source, register
from parvis.topics.queries import Topic, topics


def _find(viewer: Person, text: str, limit: int) -> list[Topic]:
    # A topic is one word.
    name = text.removeprefix("#")
    return topics(viewer, search=name, limit=limit) if name and " " not in name else []


def _show(topic: Any) -> Shown:
    return Shown(topic.key, reverse("topics:show", args=[topic.name]), f"#{topic.name}")


TOPICS = register(
    Source(kind="topic", segment="topics", label=_("Topics"), symbol="hash", show=_show, find=_find)
)
