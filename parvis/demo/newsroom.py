"""The articles of the demo: news of Hivernel and blogs of its spaces, with their covers."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone

from parvis.articles import actions
from parvis.articles.actions import Manuscript
from parvis.content.actions import AttachmentDraft
from parvis.content.models import Entry, Hashtag
from parvis.demo import attachments
from parvis.demo.reading import WORLD
from parvis.demo.walls import id_at
from parvis.foundation.files import store
from parvis.people.models import Person
from parvis.spaces.models import Space

FILE = WORLD / "articles.toml"


def print_news(people: dict[str, Person], spaces: dict[str, Space], *, now: datetime) -> list[Entry]:
    """Write the articles as their authors would, each at its time; one waits for its hour."""
    editor = next(person for person in people.values() if person.is_administrator)
    articles = tomllib.loads(FILE.read_text(encoding="utf-8"))["article"]
    for key in {article["author"] for article in articles if article["space"] == "everyone"}:
        actions.name_editor(actor=editor, person=people[key])
    return [_print(article, people, spaces, now=now) for article in articles]


def _print(
    article: dict[str, Any], people: dict[str, Person], spaces: dict[str, Space], *, now: datetime
) -> Entry:
    author, moment = people[article["author"]], moment_before(article, now)
    cover = store(
        BytesIO(attachments.make(article["cover"], now=now)), name=article["cover"], created_by_id=author.id
    )
    entry = actions.begin_article(
        author=author,
        space=spaces[article["space"]],
        manuscript=Manuscript(
            title=article["title"],
            standfirst=article["standfirst"],
            body=article["body"].strip(),
            tags=article["tags"],
            cover=AttachmentDraft(cover.id, alternative_text=article["alt"]),
            coauthors=[people[key] for key in article.get("with", [])],
        ),
        # As old as it is, so that ids sort as the entries do.
        id=id_at(min(moment, now)),
    )
    _date(entry, article, moment, now=now)
    return entry


def moment_before(article: dict[str, Any], now: datetime) -> datetime:
    """Return when something was published: its clock time, so many working days before now."""
    hour, minute = article["clock"]
    today = timezone.localtime(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return _working_days_before(today, article["days"])


def _date(entry: Entry, article: dict[str, Any], moment: datetime, *, now: datetime) -> None:
    """Let the article be as old as its file says: the past is written down, the future is scheduled."""
    if article["days"] < 0:
        written = dict.fromkeys(("published_at", "activity_at", "created_at"), now)
        Entry.objects.filter(pk=entry.pk).update(state=Entry.State.SCHEDULED, publish_at=moment, **written)
        Hashtag.objects.filter(entry=entry).update(used_at=now)
        return
    Entry.objects.filter(pk=entry.pk).update(
        state=Entry.State.PUBLISHED,
        published_at=moment,
        activity_at=moment,
        created_at=moment,
        pinned_at=moment if article.get("pinned") else None,
    )
    Hashtag.objects.filter(entry=entry).update(used_at=moment)


def _working_days_before(moment: datetime, days: int) -> datetime:
    step = timedelta(days=1 if days < 0 else -1)
    left = abs(days)
    while left:
        moment += step
        left -= moment.weekday() < 5
    return moment
